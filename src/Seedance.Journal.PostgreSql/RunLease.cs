namespace Seedance.Journal.PostgreSql;

/// <summary>
/// A run's sign of life in the database, given again and again while the run goes on. Once it has lapsed it is never
/// renewed: others may have gone on from what the run has left.
/// </summary>
internal sealed class RunLease : IAsyncDisposable, IRunLife
{
    private readonly Database _database;
    private readonly string _runId;
    private readonly TimeSpan _length;
    private readonly TimeProvider _time;
    private readonly Action _onReleased;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _renewing;
    private long _renewedAt;
    private volatile bool _isLost;

    /// <summary>Begins to renew a lease that was asked for at <paramref name="askedAt"/>.</summary>
    public RunLease(Database database, string runId, PostgreSqlJournalOptions options, long askedAt, Action onReleased)
    {
        (_database, _runId, _length, _time, _renewedAt, _onReleased) = (database, runId, options.Lease, options.TimeProvider, askedAt, onReleased);
        _renewing = RenewAsync();
    }

    /// <summary>Gets whether it may have lapsed, by the clock of this process, which is suspended with it.</summary>
    public bool HasLapsed => _isLost || _time.GetElapsedTime(Interlocked.Read(ref _renewedAt)) >= _length;

    public void ThrowIfOver()
    {
        if (HasLapsed)
        {
            throw DatabaseErrors.LeaseLapsed(_database.Name);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Cancel();
        await _renewing;
        _stop.Dispose();
        _onReleased();
        try
        {
            await _database.CallAsync("release_run_v1", _runId);
        }
        catch (SeedanceException)
        {
            // It lapses by itself.
        }
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(_length / 3, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await RenewOnceAsync();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task RenewOnceAsync()
    {
        var askedAt = _time.GetTimestamp();
        try
        {
            var isRenewed = (await _database.CallAsync("renew_run_v1", [_runId, _length], row => row.GetBoolean(0), TimeSpan.Zero, _stop.Token))[0];
            _isLost |= !isRenewed;
            Interlocked.Exchange(ref _renewedAt, isRenewed ? askedAt : Interlocked.Read(ref _renewedAt));
        }
        catch (SeedanceException)
        {
            // The next time, or not: then it lapses, and the run ends with that.
        }
    }
}
