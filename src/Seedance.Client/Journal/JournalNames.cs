namespace Seedance;

/// <summary>
/// The ids and names that an account used of late, each once, the latest first: for completing what somebody types.
/// </summary>
public sealed record JournalNames
{
    /// <summary>Nothing is known.</summary>
    public static readonly JournalNames None = new();

    /// <summary>The tasks' ids.</summary>
    public IReadOnlyList<JournalName> TaskIds { get; init; } = [];

    /// <summary>The groups' ids.</summary>
    public IReadOnlyList<JournalName> GroupIds { get; init; } = [];

    /// <summary>The groups' names.</summary>
    public IReadOnlyList<JournalName> GroupNames { get; init; } = [];

    /// <summary>The projects.</summary>
    public IReadOnlyList<JournalName> ProjectNames { get; init; } = [];

    /// <summary>The names of runs.</summary>
    public IReadOnlyList<JournalName> RunNames { get; init; } = [];

    /// <summary>The assets, as they are by now.</summary>
    public IReadOnlyList<SeedanceAsset> Assets { get; init; } = [];
}

/// <summary>An id or a name from the journal.</summary>
/// <param name="Value">The id or name itself.</param>
/// <param name="Kind">The kind of task it was last seen with.</param>
/// <param name="Hint">What else is known of it, in a few words.</param>
public sealed record JournalName(string Value, TaskKind Kind, string Hint);
