using Seedance.Journal;

namespace Seedance.Runs;

/// <summary>The life of a run in the journal: begun with its first request, and over when it is disposed.</summary>
internal sealed class RunLease(IJournal journal, string? name, TimeProvider time, string? listName = null) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly long _start = time.GetTimestamp();
    private IAsyncDisposable? _lease;
    private int _requests;
    private bool _isRefused;

    /// <summary>Gets the run's id.</summary>
    public string RunId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Gets what its operator calls it.</summary>
    public string? Name => name;

    /// <summary>Gets when it began.</summary>
    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    /// <summary>Gets when it ended.</summary>
    public DateTimeOffset EndedAt { get; private set; }

    /// <summary>Gets how long it took.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Gets how many requests have left, attempts at one counted once.</summary>
    public int Requests => Volatile.Read(ref _requests);

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
            _lease ??= await journal.BeginRunAsync(new JournalRun(RunId, name) { ListName = listName }, CancellationToken.None);
        }
        catch (SeedanceException)
        {
            _isRefused = true;
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Throws if others may have gone on from what the run has left: nothing more may be sent.</summary>
    public void ThrowIfOver() => (_lease as IRunLife)?.ThrowIfOver();

    /// <summary>Counts a request that leaves.</summary>
    public void Count() => Interlocked.Increment(ref _requests);

    /// <summary>Records how the run ended, and returns what to tell of it; of a run without rows, nothing.</summary>
    /// <param name="tally">What became of its rows.</param>
    /// <param name="invalid">How many rows could not be sent as they were.</param>
    public async ValueTask<IReadOnlyList<SubmitEvent>> EndAsync(RunTally tally, int invalid)
    {
        (EndedAt, Elapsed) = (time.GetUtcNow(), time.GetElapsedTime(_start));
        var run = tally.ToRun(this, invalid);
        if (run.Rows == 0 || _isRefused)
        {
            return run.Rows == 0 ? [] : [new RunEnded(run)];
        }

        try
        {
            await BeginAsync();
            await journal.EndRunAsync(tally.ToEnd(RunId, invalid), CancellationToken.None);
            return [new RunEnded(run)];
        }
        catch (SeedanceException e)
        {
            // What was sent is recorded with each request; what lacks is the sum.
            return [new SubmitWarning($"How the run ended is not recorded: {e.Message} {e.RecommendedAction}"), new RunEnded(run)];
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
