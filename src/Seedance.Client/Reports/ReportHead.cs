namespace Seedance;

/// <summary>What a report says about the run as a whole. What is null is left out.</summary>
public sealed record ReportHead
{
    /// <summary>The heading of the page.</summary>
    public required string Title { get; init; }

    /// <summary>The account, by its name.</summary>
    public string? AccountName { get; init; }

    /// <summary>The run's name.</summary>
    public string? RunName { get; init; }

    /// <summary>The run's id.</summary>
    public string? RunId { get; init; }

    /// <summary>The group's name.</summary>
    public string? GroupName { get; init; }

    /// <summary>The group's id.</summary>
    public string? GroupId { get; init; }

    /// <summary>When the run began. Shown in the offset that it has.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null if it has not.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How long it ran.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How many requests it sent.</summary>
    public long? Requests { get; init; }

    /// <summary>What it cost, in US dollars.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The rows by state; null to count those that are written. Give it where the run has rows that the report does not list.</summary>
    public IReadOnlyDictionary<ReportRowState, long>? Counts { get; init; }

    /// <summary>Whether a row was refused, or failed review, for a reason that does not pass by itself.</summary>
    public bool HasLastingFailure { get; init; }

    /// <summary>The command that goes on from here.</summary>
    public string? NextCommand { get; init; }

    /// <summary>When the report was made.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>False to show signs for the rows' types instead of their pictures. The page is then not allowed to load any.</summary>
    public bool IncludeThumbnails { get; init; } = true;
}
