namespace Seedance;

/// <summary>
/// The record of what was sent and what came back: where ids are kept, and what keeps a second run from paying twice.
/// The file is the embedded default; a store for many machines fits behind the same calls, which are batched and
/// asynchronous for its sake. A store derives the state of a row with <see cref="RowState"/>, and is held to its promises
/// by the project's journal contract tests. Every call throws <see cref="SeedanceException"/> of kind
/// <see cref="SeedanceErrorKind.JournalUnavailable"/>, with advice in the store's own words, if the record cannot be read or written.
/// </summary>
public interface IJournal : IAsyncDisposable
{
    /// <summary>Gets what the journal is called in messages: a path, an address, or a word.</summary>
    string Name { get; }

    /// <summary>Gets how many rows or tasks are best asked for at once.</summary>
    int PreferredLookupSize => 256;

    /// <summary>
    /// Records that a run has begun. Until the result is disposed, or its process is gone, what the run has sent and
    /// not recorded is under way, and not of unknown outcome.
    /// </summary>
    ValueTask<IAsyncDisposable> BeginRunAsync(JournalRun run, CancellationToken cancellationToken);

    /// <summary>Records that a run has come to its end; durable on return. It is over when its lease is disposed.</summary>
    ValueTask EndRunAsync(JournalRunEnd runEnd, CancellationToken cancellationToken);

    /// <summary>
    /// Claims the rows of a request and records that it is about to leave; durable on return. Where something else is
    /// recorded of a row than the caller saw (<see cref="JournalRow.IsAsSeen"/>), the places of all such rows are returned,
    /// and nothing is recorded.
    /// </summary>
    /// <exception cref="SeedanceException">
    /// Also of kind <see cref="SeedanceErrorKind.AccountUnclear"/>: another key or address wrote this account's history.
    /// </exception>
    ValueTask<IReadOnlyList<int>> BeginAsync(JournalIntent intent, CancellationToken cancellationToken);

    /// <summary>Records what came of a request; durable on return.</summary>
    ValueTask EndAsync(JournalOutcome outcome, CancellationToken cancellationToken);

    /// <summary>
    /// Records that a request of unknown outcome was accepted, and what is known of its task, which has an id of our own
    /// (<see cref="SeedanceTask.IsFromLibrary"/>). Returns false, and records nothing, if its outcome is known by now.
    /// </summary>
    ValueTask<bool> SettleAsync(string intentId, SeedanceTask task, CancellationToken cancellationToken);

    /// <summary>Records how a task ended. A later end of the same task supersedes an earlier one.</summary>
    ValueTask RecordFinalAsync(SeedanceTask task, CancellationToken cancellationToken);

    /// <summary>
    /// Records what became of assets, or of whole groups, after their reviews: assets that the journal gives out are as the
    /// last change has them, whatever is recorded of their tasks before or after it. Durable on return.
    /// </summary>
    ValueTask RecordChangesAsync(IReadOnlyList<JournalAssetChange> changes, CancellationToken cancellationToken);

    /// <summary>Returns a mark behind which every request lies that is recorded from now on (<see cref="JournalMatch.Position"/>).</summary>
    ValueTask<long> GetPositionAsync(CancellationToken cancellationToken);

    /// <summary>Returns what is recorded of each row; null for one that was never sent.</summary>
    ValueTask<IReadOnlyList<JournalMatch?>> FindAsync(IReadOnlyList<JournalKey> keys, CancellationToken cancellationToken);

    /// <summary>Returns tasks with their rows and, if it was seen, their end; null for one that is not in the journal.</summary>
    ValueTask<IReadOnlyList<SeedanceTask?>> FindTasksAsync(IReadOnlyList<string> taskIds, CancellationToken cancellationToken);

    /// <summary>Returns a task with its rows and, if it was seen, its end; null for one that is not in the journal.</summary>
    async ValueTask<SeedanceTask?> FindTaskAsync(string taskId, CancellationToken cancellationToken) =>
        (await FindTasksAsync([taskId], cancellationToken))[0];

    /// <summary>Remembers an upload, so that the same picture need not be sent again while it can be fetched.</summary>
    ValueTask RecordUploadAsync(JournalUpload upload, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Returns the last upload of a picture; null if it is not known. It may have expired.</summary>
    ValueTask<JournalUpload?> FindUploadAsync(string contentHash, CancellationToken cancellationToken) => ValueTask.FromResult<JournalUpload?>(null);

    /// <summary>Reads the account's requests of which no certain outcome is recorded, oldest first; those of runs that are still going, too.</summary>
    IAsyncEnumerable<JournalOpenRequest> ReadOpenAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads the requests of a run that have no task, oldest first: refused ones, those without effect, and those of which
    /// no certain outcome is recorded.
    /// </summary>
    IAsyncEnumerable<JournalIntent> ReadWithoutTaskAsync(string runId, CancellationToken cancellationToken = default);

    /// <summary>Reads the account's tasks, oldest first; memory does not grow with their number.</summary>
    IAsyncEnumerable<SeedanceTask> ReadTasksAsync(JournalQuery query, CancellationToken cancellationToken = default);

    /// <summary>Reads the account's reviewed assets, oldest first.</summary>
    IAsyncEnumerable<SeedanceAsset> ReadAssetsAsync(JournalQuery query, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads the account's runs, oldest first, with what became of their rows so far; <see cref="JournalQuery.Since"/> and
    /// <see cref="JournalQuery.Before"/> are about their beginning. Memory grows with the number of requests.
    /// </summary>
    IAsyncEnumerable<Run> ReadRunsAsync(JournalQuery query, CancellationToken cancellationToken = default);

    /// <summary>Returns ids and names of late, for completion: at once, and nothing rather than an error.</summary>
    JournalNames ReadNames() => JournalNames.None;
}
