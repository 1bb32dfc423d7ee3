namespace Seedance.Images;

/// <summary>A small picture of a picture file. There is no image library here, so nothing is scaled: what is small enough is taken as it is.</summary>
/// <param name="MediaType">Its media type.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record Thumbnail(string MediaType, byte[] Content)
{
    private const int MaxBytes = 64 * 1024;

    // A few kilobytes can unfold to a picture of gigabytes.
    private const int MaxSide = 2048;

    // Exif data are the first segment of a JPEG, or the second, and each has at most 64 KiB.
    private const int ExifBytes = 132 * 1024;

    // A thumbnail of another shape is of another picture: of the one before it was cropped.
    private const double MaxDifferenceInShape = 0.04;

    /// <summary>Reads the file itself if it is small, else the thumbnail that a camera put into it; null if there is neither.</summary>
    public static Thumbnail? Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return ImageHeader.Read(file) is { CanBeUploaded: true } info ? Whole(file, info) ?? Embedded(file, info) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static Thumbnail? Whole(FileStream file, ImageInfo info) =>
        file.Length <= MaxBytes && info is { Width: <= MaxSide, Height: <= MaxSide } && ImageMetadata.Remove(info.Format, Start(file, MaxBytes)) is { } content
            ? new Thumbnail(info.MediaType, content)
            : null;

    private static Thumbnail? Embedded(FileStream file, ImageInfo info)
    {
        if (info.Format is not ImageFormat.Jpeg || ExifData.Find(Start(file, ExifBytes)) is not { Thumbnail: { Length: <= MaxBytes } thumbnail } exif)
        {
            return null;
        }

        using var stream = new MemoryStream(thumbnail);
        return ImageHeader.Read(stream) is { Format: ImageFormat.Jpeg, Width: <= MaxSide, Height: <= MaxSide } small && IsOfSameShape(info, small)
            && ImageMetadata.Remove(ImageFormat.Jpeg, thumbnail, exif.Orientation) is { } content
                ? new Thumbnail(info.MediaType, content)
                : null;
    }

    private static bool IsOfSameShape(ImageInfo one, ImageInfo other)
    {
        var ratio = (double?)one.Width / one.Height / ((double?)other.Width / other.Height);
        return ratio is > 1 - MaxDifferenceInShape and < 1 + MaxDifferenceInShape;
    }

    private static byte[] Start(FileStream file, int maxBytes)
    {
        var start = new byte[Math.Min(file.Length, maxBytes)];
        file.Position = 0;
        file.ReadExactly(start);
        return start;
    }
}
