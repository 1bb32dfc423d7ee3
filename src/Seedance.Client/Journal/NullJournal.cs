namespace Seedance.Journal;

/// <summary>No journal, by the user's own choice: nothing can be resumed or recalled.</summary>
internal sealed class NullJournal : IJournal, IAsyncDisposable
{
    public string Name => "no journal";

    public ValueTask<IAsyncDisposable> BeginRunAsync(JournalRun run, CancellationToken cancellationToken) => ValueTask.FromResult<IAsyncDisposable>(this);

    public ValueTask EndRunAsync(JournalRunEnd runEnd, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<IReadOnlyList<int>> BeginAsync(JournalIntent intent, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<int>>([]);

    public ValueTask EndAsync(JournalOutcome outcome, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<bool> SettleAsync(string intentId, SeedanceTask task, CancellationToken cancellationToken) => ValueTask.FromResult(false);

    public ValueTask RecordFinalAsync(SeedanceTask task, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask RecordChangesAsync(IReadOnlyList<JournalAssetChange> changes, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<long> GetPositionAsync(CancellationToken cancellationToken) => ValueTask.FromResult(0L);

    public ValueTask<IReadOnlyList<JournalMatch?>> FindAsync(IReadOnlyList<JournalKey> keys, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<JournalMatch?>>(new JournalMatch?[keys.Count]);

    public ValueTask<IReadOnlyList<SeedanceTask?>> FindTasksAsync(IReadOnlyList<string> taskIds, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<SeedanceTask?>>(new SeedanceTask?[taskIds.Count]);

    public IAsyncEnumerable<JournalOpenRequest> ReadOpenAsync(CancellationToken cancellationToken = default) => Nothing<JournalOpenRequest>();

    public IAsyncEnumerable<JournalIntent> ReadWithoutTaskAsync(string runId, CancellationToken cancellationToken = default) => Nothing<JournalIntent>();

    public IAsyncEnumerable<SeedanceTask> ReadTasksAsync(JournalQuery query, CancellationToken cancellationToken = default) => Nothing<SeedanceTask>();

    public IAsyncEnumerable<SeedanceAsset> ReadAssetsAsync(JournalQuery query, CancellationToken cancellationToken = default) => Nothing<SeedanceAsset>();

    public IAsyncEnumerable<Run> ReadRunsAsync(JournalQuery query, CancellationToken cancellationToken = default) => Nothing<Run>();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async IAsyncEnumerable<T> Nothing<T>()
    {
        await Task.CompletedTask;
        yield break;
    }
}
