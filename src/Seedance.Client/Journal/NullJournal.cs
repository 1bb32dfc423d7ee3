namespace Seedance.Journal;

/// <summary>No journal, by the user's own choice: nothing can be resumed or recalled.</summary>
internal sealed class NullJournal : IJournal
{
    public string Name => "no journal";

    public ValueTask<IReadOnlyList<int>> BeginAsync(JournalIntent intent, bool claim, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<int>>([]);

    public ValueTask EndAsync(JournalOutcome outcome, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask RecordFinalAsync(SeedanceTask task, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<IReadOnlyList<JournalMatch?>> FindAsync(IReadOnlyList<JournalKey> keys, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<JournalMatch?>>(new JournalMatch?[keys.Count]);

    public ValueTask<SeedanceTask?> FindTaskAsync(string taskId, CancellationToken cancellationToken) => ValueTask.FromResult<SeedanceTask?>(null);

    public IEnumerable<SeedanceTask> ReadTasks() => [];

    public IEnumerable<SeedanceAsset> ReadAssets() => [];

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
