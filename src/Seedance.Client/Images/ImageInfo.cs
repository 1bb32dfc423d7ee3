namespace Seedance.Images;

/// <summary>The kinds of pictures that the review takes.</summary>
internal enum ImageFormat
{
    Jpeg,
    Png,
    WebP,
    Gif,
    Bmp,
    Tiff,
    Heic,
}

/// <summary>What the head of a picture tells.</summary>
/// <param name="Format">The format, by the content.</param>
/// <param name="Width">Pixels across; null if the head does not tell.</param>
/// <param name="Height">Pixels down; null if the head does not tell.</param>
internal sealed record ImageInfo(ImageFormat Format, int? Width, int? Height)
{
    /// <summary>The format's media type.</summary>
    public string MediaType => $"image/{Format.ToString().ToLowerInvariant()}";

    /// <summary>The format as people write it.</summary>
    public string FormatName => Format is ImageFormat.WebP ? "WebP" : Format.ToString().ToUpperInvariant();

    /// <summary>True if the upload takes this format (page "uploads/images").</summary>
    public bool CanBeUploaded => Format is ImageFormat.Jpeg or ImageFormat.Png or ImageFormat.WebP or ImageFormat.Gif;
}
