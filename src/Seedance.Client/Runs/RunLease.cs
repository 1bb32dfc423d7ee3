namespace Seedance.Runs;

/// <summary>The life of a run in the journal: begun with its first request, and over when it is disposed.</summary>
internal sealed class RunLease(IJournal journal, string? name) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private IAsyncDisposable? _lease;

    /// <summary>Gets the run's id.</summary>
    public string RunId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Begins the run if it has not begun.</summary>
    public async ValueTask BeginAsync()
    {
        if (_lease is not null)
        {
            return;
        }

        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            _lease ??= await journal.BeginRunAsync(new JournalRun(RunId, name), CancellationToken.None);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_lease is not null)
        {
            await _lease.DisposeAsync();
        }

        _gate.Dispose();
    }
}
