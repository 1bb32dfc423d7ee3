namespace Seedance;

/// <summary>A run: one call that submits rows or orders videos.</summary>
/// <param name="RunId">Its own id, unique for ever.</param>
/// <param name="Name">What its operator calls it; null if they do not.</param>
public sealed record JournalRun(string RunId, string? Name = null)
{
    /// <summary>Gets the computer it runs on; null if that is not recorded.</summary>
    public string? Computer { get; init; } = Environment.MachineName;

    /// <summary>Gets its process; null if that is not recorded.</summary>
    public int? ProcessId { get; init; } = Environment.ProcessId;

    /// <summary>Gets the list that it works off (<see cref="IRunnerJournal"/>); null if its rows are its own.</summary>
    public string? ListName { get; init; }
}

/// <summary>How a run ended, as far as its requests do not tell.</summary>
/// <param name="RunId">The run.</param>
public sealed record JournalRunEnd(string RunId)
{
    /// <summary>Gets how many different rows it had, invalid ones included.</summary>
    public required int Rows { get; init; }

    /// <summary>Gets how many could not be sent as they were.</summary>
    public int Invalid { get; init; }

    /// <summary>Gets how many an earlier run had had accepted.</summary>
    public int AcceptedEarlier { get; init; }

    /// <summary>Gets how many an earlier run had sent without knowing what came of it.</summary>
    public int UnknownEarlier { get; init; }

    /// <summary>Gets how many were left to another run that had them.</summary>
    public int UnderWayElsewhere { get; init; }
}

/// <summary>A request that is about to leave.</summary>
public sealed record JournalIntent
{
    /// <summary>Gets its own id, unique for ever.</summary>
    public required string IntentId { get; init; }

    /// <summary>Gets the run that it belongs to; null where there is none.</summary>
    public string? RunId { get; init; }

    /// <summary>Gets what the task will do.</summary>
    public required TaskKind Kind { get; init; }

    /// <summary>Gets the group; null where there is none.</summary>
    public AvatarGroup? Group { get; init; }

    /// <summary>Gets the project; null for the API's default.</summary>
    public string? ProjectName { get; init; }

    /// <summary>Gets what the material is; null where there is none.</summary>
    public AssetType? AssetType { get; init; }

    /// <summary>Gets the rows, in the order they are sent.</summary>
    public required IReadOnlyList<JournalRow> Rows { get; init; }
}

/// <summary>A row of a request.</summary>
/// <param name="Key">What it is found by.</param>
/// <param name="Source">The row.</param>
/// <param name="Supersedes">The row's last request as the caller saw it (<see cref="JournalMatch.LastIntentId"/>); null if it saw none.</param>
public sealed record JournalRow(JournalKey Key, AssetSource Source, string? Supersedes = null)
{
    /// <summary>Gets whether the caller saw it as of unknown outcome, and means to send it all the same: once the outcome is known, it does not.</summary>
    public bool WasUnknown { get; init; }

    /// <summary>Returns whether what is recorded of it by now is what the caller saw: if not, it is not claimed.</summary>
    public bool IsAsSeen(JournalMatch? match) => match?.LastIntentId == Supersedes && (!WasUnknown || match is { State: JournalState.Unknown });
}

/// <summary>What came of a request.</summary>
public sealed record JournalOutcome
{
    /// <summary>Gets the request.</summary>
    public required string IntentId { get; init; }

    /// <summary>Gets what is known of its effect: Unknown, Unsent, Accepted or Refused.</summary>
    public required JournalState State { get; init; }

    /// <summary>Gets the task, if it was accepted.</summary>
    public string? TaskId { get; init; }

    /// <summary>Gets the group's id, if the answer told it.</summary>
    public string? GroupId { get; init; }

    /// <summary>Gets the API's code for why it failed; null if it did not, or there is none.</summary>
    public string? Code { get; init; }

    /// <summary>Gets why it failed, if it did: never with the key or a query string.</summary>
    public string? Message { get; init; }
}

/// <summary>A picture that was uploaded.</summary>
/// <param name="ContentHash">The SHA-256 of its bytes, in hexadecimal.</param>
/// <param name="Url">Where it can be fetched: an address without a query.</param>
/// <param name="Path">The local file.</param>
/// <param name="ExpiresAt">Until when.</param>
public sealed record JournalUpload(string ContentHash, string Url, string? Path, DateTimeOffset ExpiresAt);

/// <summary>What is known of a row.</summary>
public enum JournalState
{
    /// <summary>Sent, and what came of it is not known: the request was cut off by the end of its process is one such.</summary>
    Unknown,

    /// <summary>Surely not in effect.</summary>
    Unsent,

    /// <summary>Accepted: there is a task.</summary>
    Accepted,

    /// <summary>Accepted, and its review failed, or ended without a result for it.</summary>
    ReviewFailed,

    /// <summary>Refused for good.</summary>
    Refused,

    /// <summary>Being sent by a run that is still going.</summary>
    UnderWay,

    /// <summary>Queued: no runner has taken it yet.</summary>
    Queued,
}

/// <summary>What the journal knows of a row.</summary>
/// <param name="State">What became of it.</param>
/// <param name="IntentId">The request that the state comes from.</param>
/// <param name="LastIntentId">The last request that the row went out with, in effect or not: what a new one supersedes.</param>
public sealed record JournalMatch(JournalState State, string IntentId, string LastIntentId)
{
    /// <summary>Gets the group it went to.</summary>
    public AvatarGroup? Group { get; init; }

    /// <summary>Gets the task, if it was accepted.</summary>
    public string? TaskId { get; init; }

    /// <summary>Gets why not, if it was not.</summary>
    public string? Message { get; init; }

    /// <summary>Gets the API's code for why it was refused or its review failed; null if there is none.</summary>
    public string? Code { get; init; }

    /// <summary>Gets whether what it was refused or failed for may pass by itself (<see cref="TaskError.IsPassing"/>).</summary>
    public bool IsPassing { get; init; }

    /// <summary>Gets the run that sent it; null if that is not recorded.</summary>
    public string? RunId { get; init; }

    /// <summary>Gets where the request stands in the journal: later ones stand higher.</summary>
    public long Position { get; init; }

    /// <summary>Gets whether that run is still going.</summary>
    public bool IsRunLive { get; init; }

    /// <summary>Gets whether some of its task's rows failed and nothing certain tells which: this one may be among them.</summary>
    public bool IsReviewUnclear { get; init; }

    /// <summary>Gets how many requests are recorded that the row went out with, whatever came of them.</summary>
    public int Requests { get; init; }

    /// <summary>Gets whether the journal was cleared of what came of the request: its task is not given out any more.</summary>
    public bool IsCleared { get; init; }
}

/// <summary>Which tasks or assets of the account are wanted; null is any.</summary>
public sealed record JournalQuery
{
    /// <summary>The whole account.</summary>
    public static readonly JournalQuery All = new();

    /// <summary>Gets the group's name.</summary>
    public string? GroupName { get; init; }

    /// <summary>Gets the group's id.</summary>
    public string? GroupId { get; init; }

    /// <summary>Gets the project.</summary>
    public string? ProjectName { get; init; }

    /// <summary>Gets the states of tasks.</summary>
    public IReadOnlyList<SeedanceTaskStatus>? Status { get; init; }

    /// <summary>Gets the kinds of tasks.</summary>
    public IReadOnlyList<TaskKind>? Kind { get; init; }

    /// <summary>Gets the earliest time of acceptance.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Gets the time of acceptance that all lie before.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Gets the id of the run; of tasks and runs alone.</summary>
    public string? RunId { get; init; }

    /// <summary>Gets the name of the run; wildcards are for the caller to match.</summary>
    public string? RunName { get; init; }

    /// <summary>Gets whether the outcomes of a row that a later one has superseded are wanted too.</summary>
    public bool IncludeSuperseded { get; init; }

    /// <summary>Returns whether a task is one that is wanted.</summary>
    public bool Matches(SeedanceTask task) =>
        (Status is null || Status.Contains(task.Status))
        && (Kind is null || Kind.Contains(task.Kind))
        && (RunId is null || task.RunId == RunId)
        && (RunName is null || task.RunName == RunName)
        && Matches(task.Group, task.ProjectName, task.CreatedAt);

    /// <summary>Returns whether a run is one that is wanted, by its name, group and beginning.</summary>
    public bool Matches(Run run) =>
        (RunId is null || run.RunId == RunId)
        && (RunName is null || run.RunName == RunName)
        && (GroupName is null || run.GroupName == GroupName)
        && (Since is null || run.StartedAt >= Since)
        && (Before is null || run.StartedAt < Before);

    /// <summary>Returns whether what belongs to a group and project, of some time, is wanted.</summary>
    public bool Matches(AvatarGroup? group, string? projectName, DateTimeOffset? time) =>
        (Since is null || time >= Since)
        && (Before is null || time < Before)
        && (ProjectName is null || projectName == ProjectName)
        && (GroupId is null || group?.GroupId == GroupId)
        && (GroupName is null || group?.Name == GroupName);
}
