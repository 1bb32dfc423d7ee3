using Seedance.Images;
using Seedance.Reports;

namespace Seedance;

/// <summary>What a row looks like: an address that the page loads when the row comes into view, or bytes that travel in the page.</summary>
public sealed record ReportThumbnail
{
    private ReportThumbnail()
    {
    }

    /// <summary>The address; null if the thumbnail travels in the page.</summary>
    public string? Address { get; private init; }

    /// <summary>The media type of <see cref="Content"/>; null if there is an address.</summary>
    public string? MediaType { get; private init; }

    /// <summary>The bytes; empty if there is an address.</summary>
    public ReadOnlyMemory<byte> Content { get; private init; }

    /// <summary>Returns the thumbnail at an address; null for one that is not http or https, since no page can load it.</summary>
    public static ReportThumbnail? FromAddress(string? address) =>
        WebAddress.IsOne(address) ? new ReportThumbnail { Address = address } : null;

    /// <summary>
    /// Reads a small thumbnail of a file: the file itself if it has at most 64 KiB, else the thumbnail that cameras put into
    /// a JPEG. What else the file says, like where it was taken, is left out. Null if there is none, whatever the reason:
    /// a report does without.
    /// </summary>
    public static ReportThumbnail? FromFile(string path) =>
        Thumbnail.Read(path) is { } thumbnail ? new ReportThumbnail { MediaType = thumbnail.MediaType, Content = thumbnail.Content } : null;
}
