namespace Seedance;

/// <summary>No journal, by the user's own choice: nothing can be resumed or recalled.</summary>
internal sealed class NullJournal : IJournal
{
    public string Name => "no journal";

    public ValueTask<IReadOnlyList<int>> BeginAsync(JournalIntent intent, bool claim, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<int>>([]);

    public ValueTask EndAsync(JournalOutcome outcome, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask RecordFinalAsync(SeedanceTask task, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask<IReadOnlyList<JournalMatch?>> FindAsync(IReadOnlyList<JournalKey> keys, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<JournalMatch?>>(new JournalMatch?[keys.Count]);

    public ValueTask<SeedanceTask?> FindTaskAsync(string taskId, CancellationToken cancellation) => ValueTask.FromResult<SeedanceTask?>(null);

    public IEnumerable<SeedanceTask> ReadTasks() => [];

    public IEnumerable<SeedanceAsset> ReadAssets() => [];

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
