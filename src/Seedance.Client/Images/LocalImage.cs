using System.Globalization;
using System.Security.Cryptography;

namespace Seedance.Images;

/// <summary>A picture on this machine, as it was found.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Info">What its head tells.</param>
/// <param name="ContentHash">The SHA-256 of its bytes, by which it is known again wherever it lies.</param>
internal sealed record LocalImage(string Path, long Length, ImageInfo Info, string ContentHash)
{
    /// <summary>The most bytes that the upload takes (page "uploads/images").</summary>
    public const long MaxUploadBytes = 20 * 1024 * 1024;

    private const int MinSide = 300;
    private const int MaxSide = 6000;
    private const double MinRatio = 0.4;
    private const double MaxRatio = 2.5;

    /// <summary>Looks at a file. Without a picture, the objections say why it cannot be uploaded.</summary>
    public static (LocalImage? Picture, IReadOnlyList<string> Objections) Look(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                return (null, [$"'{path}' is a folder, not a picture"]);
            }

            if (!File.Exists(path))
            {
                return (null, [$"there is no file '{path}'"]);
            }

            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1);
            if (file.Length == 0)
            {
                return (null, [$"'{path}' is empty"]);
            }

            if (ImageHeader.Read(file) is not { } info)
            {
                return (null, [$"'{path}' is no picture: by its content it is neither JPEG, PNG, WebP nor GIF"]);
            }

            var objections = new List<string>(2);
            if (!info.CanBeUploaded)
            {
                objections.Add($"'{path}' is a {info.FormatName} by its content; JPEG, PNG, WebP and GIF can be uploaded");
            }

            if (file.Length > MaxUploadBytes)
            {
                objections.Add($"'{path}' has {Megabytes(file.Length)} MB; at most 20 MB can be uploaded");
            }

            if (objections.Count > 0)
            {
                return (null, objections);
            }

            file.Position = 0;
            return (new LocalImage(path, file.Length, info, Convert.ToHexString(SHA256.HashData(file))), []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, [$"'{path}' cannot be read: {e.Message}"]);
        }
    }

    /// <summary>What the review would object to: the limits of the asset library.</summary>
    public IEnumerable<string> ReviewObjections()
    {
        if (Info is not { Width: { } width, Height: { } height })
        {
            yield return $"the size of '{Path}' in pixels cannot be read; it may be damaged";
            yield break;
        }

        if (Math.Min(width, height) < MinSide || Math.Max(width, height) > MaxSide)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"'{Path}' has {width} x {height} pixels; each side must have {MinSide} to {MaxSide}");
        }

        if ((double)width / height is < MinRatio or > MaxRatio)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"'{Path}' is {(double)width / height:0.###} times as wide as high; {MinRatio} to {MaxRatio} are allowed");
        }
    }

    // Rounded up: a byte too many shows.
    private static string Megabytes(long length) =>
        (Math.Ceiling(length * 100.0 / (1024 * 1024)) / 100).ToString("0.##", CultureInfo.InvariantCulture);
}
