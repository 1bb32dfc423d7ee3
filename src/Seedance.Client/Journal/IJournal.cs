namespace Seedance;

/// <summary>
/// The record of what was sent and what came back: the API lists nothing, so this is where ids are kept, and what keeps
/// a second run from paying twice. The file is the embedded default; a shared store for many machines on one account
/// fits behind the same calls, since claiming rows is one of them. Every call throws <see cref="SeedanceException"/> of
/// kind <see cref="SeedanceErrorKind.JournalUnavailable"/> if the record cannot be read or written.
/// </summary>
public interface IJournal : IAsyncDisposable
{
    /// <summary>What the journal is called in messages: a path, or a word.</summary>
    string Name { get; }

    /// <summary>
    /// Records that a request is about to leave, and returns once that is durable. With <paramref name="claim"/>, rows
    /// that another runner has taken since the caller looked are returned instead, and nothing is recorded.
    /// </summary>
    ValueTask<IReadOnlyList<int>> BeginAsync(JournalIntent intent, bool claim, CancellationToken cancellationToken);

    /// <summary>Records what came of a request; durable on return.</summary>
    ValueTask EndAsync(JournalOutcome outcome, CancellationToken cancellationToken);

    /// <summary>Records how a task ended.</summary>
    ValueTask RecordFinalAsync(SeedanceTask task, CancellationToken cancellationToken);

    /// <summary>What is recorded of each row, newest word first to count; null for a row that was never sent.</summary>
    ValueTask<IReadOnlyList<JournalMatch?>> FindAsync(IReadOnlyList<JournalKey> keys, CancellationToken cancellationToken);

    /// <summary>A task with its rows and, if it was seen, its end; null for one that is not in the journal.</summary>
    ValueTask<SeedanceTask?> FindTaskAsync(string taskId, CancellationToken cancellationToken);

    /// <summary>Remembers an upload, so that the same picture need not be sent again while it can be fetched.</summary>
    ValueTask RecordUploadAsync(JournalUpload upload, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>The last upload of a picture; null if it is not known. It may have expired.</summary>
    ValueTask<JournalUpload?> FindUploadAsync(string contentHash, CancellationToken cancellationToken) => ValueTask.FromResult<JournalUpload?>(null);

    /// <summary>All tasks of this account, oldest first; memory does not grow with their number.</summary>
    IEnumerable<SeedanceTask> ReadTasks();

    /// <summary>All reviewed assets of this account, oldest first.</summary>
    IEnumerable<SeedanceAsset> ReadAssets();

    /// <summary>Ids and names of late, for completion: at once, and nothing rather than an error.</summary>
    JournalNames ReadNames() => JournalNames.None;
}

/// <summary>A request that is about to leave.</summary>
public sealed record JournalIntent
{
    /// <summary>Its own id, unique for ever.</summary>
    public required string IntentId { get; init; }

    /// <summary>What the task will do.</summary>
    public required TaskKind Kind { get; init; }

    /// <summary>The group; null where there is none.</summary>
    public AvatarGroup? Group { get; init; }

    /// <summary>The project; null for the API's default.</summary>
    public string? ProjectName { get; init; }

    /// <summary>What the material is; null where there is none.</summary>
    public AssetType? AssetType { get; init; }

    /// <summary>The rows, in the order they are sent.</summary>
    public required IReadOnlyList<JournalRow> Rows { get; init; }
}

/// <summary>A row of a request.</summary>
/// <param name="Key">What it is found by.</param>
/// <param name="Name">The caller's name for it.</param>
/// <param name="SourceUrl">Its address without the query.</param>
/// <param name="Supersedes">The intent that the caller saw recorded for this row and means to follow; null if it saw none.</param>
public sealed record JournalRow(JournalKey Key, string? Name, string? SourceUrl, string? Supersedes = null);

/// <summary>What came of a request.</summary>
public sealed record JournalOutcome
{
    /// <summary>The request.</summary>
    public required string IntentId { get; init; }

    /// <summary>What is known of its effect.</summary>
    public required JournalState State { get; init; }

    /// <summary>The task, if it was accepted.</summary>
    public string? TaskId { get; init; }

    /// <summary>The group's id, if the answer told it.</summary>
    public string? GroupId { get; init; }

    /// <summary>Why it failed, if it did: never with the key or a query string.</summary>
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
    /// <summary>Sent, and what came of it is not known; a request that was cut off by the end of its process is one.</summary>
    Unknown,

    /// <summary>Surely not in effect.</summary>
    Unsent,

    /// <summary>Accepted: there is a task.</summary>
    Accepted,

    /// <summary>Accepted, and its review failed.</summary>
    ReviewFailed,

    /// <summary>Refused for good.</summary>
    Refused,
}

/// <summary>What the journal knows of a row.</summary>
/// <param name="State">What became of it.</param>
/// <param name="IntentId">The request it went out with.</param>
/// <param name="Group">The group it went to.</param>
/// <param name="TaskId">The task, if it was accepted.</param>
/// <param name="Message">Why not, if it was not.</param>
public sealed record JournalMatch(JournalState State, string IntentId, AvatarGroup? Group, string? TaskId, string? Message);
