using Seedance.Errors;

namespace Seedance;

/// <summary>A generated video (<c>result.videos[]</c>, page "tasks/status").</summary>
public sealed record SeedanceVideo
{
    /// <summary>Where it can be downloaded, until <see cref="ExpiresAt"/>.</summary>
    public required string Url { get; init; }

    /// <summary>When the link stops working; null if the answer does not say.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>A still of the video; null if there is none.</summary>
    public string? ThumbnailUrl { get; init; }

    /// <summary>The last frame, if it was asked for.</summary>
    public string? LastFrameUrl { get; init; }

    /// <summary>The address without its query, which may be a signature.</summary>
    public override string ToString() => Redaction.Url(Url) ?? string.Empty;
}
