namespace Seedance;

/// <summary>One row of a report. All but the state may be unknown, and is left out then.</summary>
public sealed record ReportRow
{
    /// <summary>What became of it.</summary>
    public required ReportRowState State { get; init; }

    /// <summary>What it is about.</summary>
    public ReportRowType Type { get; init; }

    /// <summary>Its number in the input, from 1.</summary>
    public long? Row { get; init; }

    /// <summary>Its own id in the input.</summary>
    public string? RowId { get; init; }

    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>The columns of the input that were kept, in the order in which they are to be shown.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string?>> KeptColumns { get; init; } = [];

    /// <summary>The <c>asset://</c> address.</summary>
    public string? AssetUrl { get; init; }

    /// <summary>How the asset was matched to the row.</summary>
    public MatchedBy? MatchedBy { get; init; }

    /// <summary>The task that reviewed or made it.</summary>
    public string? TaskId { get; init; }

    /// <summary>How many requests it went out with.</summary>
    public int? Tries { get; init; }

    /// <summary>How long it took from being sent to its result.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>What went wrong.</summary>
    public string? Error { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Advice { get; init; }

    /// <summary>Whether it was refused, or failed, for a reason that does not pass by itself.</summary>
    public bool IsLasting { get; init; }

    /// <summary>What it looks like; without it, the page draws a sign for its type.</summary>
    public ReportThumbnail? Thumbnail { get; init; }

    /// <summary>Where the video can be downloaded. Only http and https addresses are shown.</summary>
    public string? VideoUrl { get; init; }

    /// <summary>When <see cref="VideoUrl"/> stops working.</summary>
    public DateTimeOffset? VideoExpiresAt { get; init; }

    /// <summary>What it cost, in US dollars.</summary>
    public decimal? Cost { get; init; }
}
