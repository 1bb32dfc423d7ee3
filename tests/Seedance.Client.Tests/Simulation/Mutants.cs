namespace Seedance.Client.Tests.Simulation;

/// <summary>What a careless client does: sends again what was answered with 500.</summary>
internal sealed class HastyHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (SeedanceException e) when (e.StatusCode == 500)
            {
            }
        }
    }
}

/// <summary>A journal that lets two processes take the same rows: it claims for the caller whatever the caller saw.</summary>
internal sealed class ClaimlessJournal(IJournal journal) : IJournal
{
    public string Name => journal.Name;

    public ValueTask<IAsyncDisposable> BeginRunAsync(JournalRun run, CancellationToken cancellationToken) => journal.BeginRunAsync(run, cancellationToken);

    public async ValueTask<IReadOnlyList<int>> BeginAsync(JournalIntent intent, CancellationToken cancellationToken)
    {
        while (true)
        {
            var seen = await journal.FindAsync([.. intent.Rows.Select(row => row.Key)], cancellationToken);
            var claimed = intent with { Rows = [.. intent.Rows.Select((row, i) => row with { Supersedes = seen[i]?.LastIntentId })] };
            if ((await journal.BeginAsync(claimed, cancellationToken)).Count == 0)
            {
                return [];
            }
        }
    }

    public ValueTask EndAsync(JournalOutcome outcome, CancellationToken cancellationToken) => journal.EndAsync(outcome, cancellationToken);

    public ValueTask RecordFinalAsync(SeedanceTask task, CancellationToken cancellationToken) => journal.RecordFinalAsync(task, cancellationToken);

    public ValueTask<IReadOnlyList<JournalMatch?>> FindAsync(IReadOnlyList<JournalKey> keys, CancellationToken cancellationToken) =>
        journal.FindAsync(keys, cancellationToken);

    public ValueTask<IReadOnlyList<SeedanceTask?>> FindTasksAsync(IReadOnlyList<string> taskIds, CancellationToken cancellationToken) =>
        journal.FindTasksAsync(taskIds, cancellationToken);

    public IAsyncEnumerable<SeedanceTask> ReadTasksAsync(JournalQuery query, CancellationToken cancellationToken) => journal.ReadTasksAsync(query, cancellationToken);

    public IAsyncEnumerable<SeedanceAsset> ReadAssetsAsync(JournalQuery query, CancellationToken cancellationToken) => journal.ReadAssetsAsync(query, cancellationToken);

    public ValueTask DisposeAsync() => journal.DisposeAsync();
}
