using Seedance.Transfers;

namespace Seedance.Assets;

/// <summary>What a review would refuse though the request could be sent: told beforehand by Test-SeedanceAsset.</summary>
internal static class AssetPreflight
{
    private const long Mega = 1024 * 1024;

    private static readonly string[][] s_extensions =
    [
        [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".heic", ".heif"],
        [".mp4", ".mov"],
        [".mp3", ".wav"],
    ];

    // Files of a kind that is well known, and not taken.
    private static readonly string[] s_notTaken =
    [
        ".svg", ".avif", ".jxl", ".ico", ".psd", ".raw", ".cr2", ".nef", ".pdf", ".avi", ".mkv", ".webm", ".wmv", ".flv", ".mpg", ".mpeg", ".m4v", ".3gp",
        ".m4a", ".aac", ".flac", ".ogg", ".opus", ".wma", ".txt", ".csv", ".html", ".htm", ".json", ".xml", ".zip",
    ];

    private static readonly string[][] s_mediaTypes =
    [
        ["image/jpeg", "image/jpg", "image/png", "image/webp", "image/bmp", "image/x-ms-bmp", "image/tiff", "image/gif", "image/heic", "image/heif"],
        ["video/mp4", "video/quicktime"],
        ["audio/mpeg", "audio/mp3", "audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"],
    ];

    private static readonly long[] s_mostBytes = [30 * Mega, 200 * Mega, 15 * Mega];

    /// <summary>What the address itself tells.</summary>
    public static IEnumerable<AssetProblem> OfAddress(Uri address, AssetType type)
    {
        var extension = Path.GetExtension(address.AbsolutePath).ToLowerInvariant();
        var kind = Array.FindIndex(s_extensions, known => known.Contains(extension));
        if (kind >= 0 && kind != (int)type)
        {
            yield return new("AssetType", $"'{extension}' is the ending of {Article((AssetType)kind)}, and the row says {type}");
        }
        else if (s_notTaken.Contains(extension))
        {
            yield return new("Url", $"'{extension}' is not taken as {Article(type)}; {string.Join(", ", s_extensions[(int)type])} are");
        }
    }

    /// <summary>What the address answered.</summary>
    public static IEnumerable<AssetProblem> OfAnswer(UrlResponse answer, AssetType type)
    {
        if (answer.Objection is not null)
        {
            yield return new("Url", answer.Objection);
            yield break;
        }

        if (answer.ContentType is { } found and not ("application/octet-stream" or "binary/octet-stream") && !s_mediaTypes[(int)type].Contains(found))
        {
            yield return new("Url", $"it answers with {found}, which is not taken as {Article(type)}");
        }

        if (answer.Length == 0)
        {
            yield return new("Url", "it answers with nothing");
        }
        else if (answer.Length > s_mostBytes[(int)type])
        {
            yield return new("Url", FormattableString.Invariant($"it has {(double)answer.Length / Mega:0.#} MB; {Article(type)} may have {s_mostBytes[(int)type] / Mega} MB at most"));
        }
    }

    private static string Article(AssetType type) => type == AssetType.Video ? "a Video" : $"an {type}";
}
