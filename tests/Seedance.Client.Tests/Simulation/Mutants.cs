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

/// <summary>A journal that lets two processes take the same rows.</summary>
internal sealed class ClaimlessJournal(IJournal journal) : IJournal
{
    public string Name => journal.Name;

    public ValueTask<IReadOnlyList<int>> BeginAsync(JournalIntent intent, bool claim, CancellationToken cancellationToken) =>
        journal.BeginAsync(intent, claim: false, cancellationToken);

    public ValueTask EndAsync(JournalOutcome outcome, CancellationToken cancellationToken) => journal.EndAsync(outcome, cancellationToken);

    public ValueTask RecordFinalAsync(SeedanceTask task, CancellationToken cancellationToken) => journal.RecordFinalAsync(task, cancellationToken);

    public ValueTask<IReadOnlyList<JournalMatch?>> FindAsync(IReadOnlyList<JournalKey> keys, CancellationToken cancellationToken) =>
        journal.FindAsync(keys, cancellationToken);

    public ValueTask<SeedanceTask?> FindTaskAsync(string taskId, CancellationToken cancellationToken) => journal.FindTaskAsync(taskId, cancellationToken);

    public IEnumerable<SeedanceTask> ReadTasks() => journal.ReadTasks();

    public IEnumerable<SeedanceAsset> ReadAssets() => journal.ReadAssets();

    public ValueTask DisposeAsync() => journal.DisposeAsync();
}
