namespace Seedance.Client.Tests;

/// <summary>A journal that does what another does, but for what a test changes.</summary>
internal abstract class DelegatingJournal(IJournal inner) : IJournal
{
    public string Name => inner.Name;

    public virtual ValueTask<IAsyncDisposable> BeginRunAsync(JournalRun run, CancellationToken cancellationToken) => inner.BeginRunAsync(run, cancellationToken);

    public virtual ValueTask EndRunAsync(JournalRunEnd runEnd, CancellationToken cancellationToken) => inner.EndRunAsync(runEnd, cancellationToken);

    public virtual ValueTask<IReadOnlyList<int>> BeginAsync(JournalIntent intent, CancellationToken cancellationToken) => inner.BeginAsync(intent, cancellationToken);

    public virtual ValueTask EndAsync(JournalOutcome outcome, CancellationToken cancellationToken) => inner.EndAsync(outcome, cancellationToken);

    public virtual ValueTask<bool> SettleAsync(string intentId, SeedanceTask task, CancellationToken cancellationToken) => inner.SettleAsync(intentId, task, cancellationToken);

    public virtual ValueTask RecordFinalAsync(SeedanceTask task, CancellationToken cancellationToken) => inner.RecordFinalAsync(task, cancellationToken);

    public virtual ValueTask RecordChangesAsync(IReadOnlyList<JournalAssetChange> changes, CancellationToken cancellationToken) => inner.RecordChangesAsync(changes, cancellationToken);

    public virtual ValueTask<long> GetPositionAsync(CancellationToken cancellationToken) => inner.GetPositionAsync(cancellationToken);

    public virtual ValueTask<IReadOnlyList<JournalMatch?>> FindAsync(IReadOnlyList<JournalKey> keys, CancellationToken cancellationToken) => inner.FindAsync(keys, cancellationToken);

    public virtual ValueTask<IReadOnlyList<SeedanceTask?>> FindTasksAsync(IReadOnlyList<string> taskIds, CancellationToken cancellationToken) => inner.FindTasksAsync(taskIds, cancellationToken);

    public virtual IAsyncEnumerable<JournalOpenRequest> ReadOpenAsync(CancellationToken cancellationToken) => inner.ReadOpenAsync(cancellationToken);

    public virtual IAsyncEnumerable<JournalIntent> ReadWithoutTaskAsync(string runId, CancellationToken cancellationToken) => inner.ReadWithoutTaskAsync(runId, cancellationToken);

    public virtual IAsyncEnumerable<SeedanceTask> ReadTasksAsync(JournalQuery query, CancellationToken cancellationToken) => inner.ReadTasksAsync(query, cancellationToken);

    public virtual IAsyncEnumerable<SeedanceAsset> ReadAssetsAsync(JournalQuery query, CancellationToken cancellationToken) => inner.ReadAssetsAsync(query, cancellationToken);

    public virtual IAsyncEnumerable<Run> ReadRunsAsync(JournalQuery query, CancellationToken cancellationToken) => inner.ReadRunsAsync(query, cancellationToken);

    public virtual ValueTask DisposeAsync() => inner.DisposeAsync();
}
