namespace Seedance;

/// <summary>What of the journal is compared with the asset library; null is all.</summary>
public sealed record SyncOptions
{
    /// <summary>Gets the exact name of the group.</summary>
    public string? GroupName { get; init; }

    /// <summary>Gets the id of the group.</summary>
    public string? GroupId { get; init; }

    /// <summary>Gets the name of the run.</summary>
    public string? RunName { get; init; }

    /// <summary>Gets the time since which it was sent.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Gets whether it is told only, and nothing is recorded.</summary>
    public bool IsRehearsal { get; init; }

    internal JournalQuery Query => new() { GroupName = GroupName, GroupId = GroupId, RunName = RunName, Since = Since };
}
