using System.Threading.RateLimiting;

namespace Seedance.Http;

/// <summary>
/// Gives the requests of a connection turns of a rate that several machines share: those that take effect first, and those
/// that only read what is left. The connection keeps to its own rate and pause besides, so one with a low rate slows itself only.
/// </summary>
/// <param name="rate">The shared rate.</param>
/// <param name="own">The connection's own rate, and the one pause that all of its requests keep to.</param>
/// <param name="perSecond">The connection's requests per second.</param>
/// <param name="time">The clock.</param>
internal sealed class SharedTurns(ISharedRate rate, PausableRateLimiter own, int perSecond, TimeProvider time) : IDisposable
{
    // Longer than a busy machine needs to take up a turn whose time has come.
    private static readonly TimeSpan s_mostLate = TimeSpan.FromMilliseconds(100);

    // A request that only reads needs no database: it is not to wait for one as long as those do that are recorded.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly object _gate = new();
    private readonly Queue<TaskCompletionSource<RateLimitLease>> _submissions = [];
    private readonly Queue<TaskCompletionSource<RateLimitLease>> _reads = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly long _origin = time.GetTimestamp();
    private bool _isGiving;

    // What is leased and not given: only the one who gives turns out touches it.
    private TimeSpan _nextTurn;
    private TimeSpan _spacing;
    private int _turns;

    private TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>Waits for a turn.</summary>
    /// <param name="isRead">True for a request that only reads.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<RateLimitLease> AcquireAsync(bool isRead, CancellationToken cancellationToken)
    {
        var waiting = new TaskCompletionSource<RateLimitLease>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isFirst;
        lock (_gate)
        {
            (isRead ? _reads : _submissions).Enqueue(waiting);
            isFirst = !_isGiving;
            _isGiving = true;
        }

        if (isFirst)
        {
            _ = GiveAsync();
        }

        using (cancellationToken.UnsafeRegister(static (waiting, stop) => ((TaskCompletionSource<RateLimitLease>)waiting!).TrySetCanceled(stop), waiting))
        {
            return await waiting.Task;
        }
    }

    /// <summary>Pauses the other machines. One that cannot be told finds out by a 429 of its own.</summary>
    public async Task PauseAsync(TimeSpan span)
    {
        try
        {
            await rate.PauseAsync(span, _stop.Token);
        }
        catch (Exception e) when (e is SeedanceException or OperationCanceledException)
        {
        }
    }

    public void Dispose() => _stop.Cancel();

    // Goes on for as long as somebody waits. Who gets a turn is decided when its time has come, not when it is leased.
    private async Task GiveAsync()
    {
        try
        {
            while (IsAnybodyWaiting())
            {
                var turn = await own.AcquireAsync(1, _stop.Token);
                if (await TakeLeasedAsync())
                {
                    Give(turn);
                }
            }
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    /// <summary>Waits for the next leased turn; false if a pause has begun.</summary>
    private async Task<bool> TakeLeasedAsync()
    {
        while (!own.IsPaused)
        {
            for (; _turns > 0 && Now - _nextTurn > s_mostLate; _turns--)
            {
                _nextTurn += _spacing;
            }

            if (_turns == 0)
            {
                await LeaseAsync();
            }
            else if (_nextTurn - Now is { Ticks: > 0 } wait)
            {
                await DelayAsync(wait);
            }
            else
            {
                _turns--;
                _nextTurn += _spacing;
                return true;
            }
        }

        // What was leased before the pause is void.
        _turns = 0;
        return false;
    }

    private async Task LeaseAsync()
    {
        var lease = await AskAsync(Math.Clamp(CountWaiting(), 1, Math.Max(perSecond / 2, 1)));
        if (lease.Pause > TimeSpan.Zero)
        {
            own.Pause(lease.Pause);
        }
        else if (lease.Count == 0)
        {
            await DelayAsync(lease.Wait);
        }

        // Counted from the answer: a turn may be used late by as long as that took, and never early.
        (_nextTurn, _spacing, _turns) = (Now + lease.Wait, lease.Spacing, lease.Count);
    }

    private async Task<TurnLease> AskAsync(int count)
    {
        using var patience = new CancellationTokenSource(s_patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, patience.Token);
        try
        {
            return await rate.LeaseTurnsAsync(perSecond, count, stop.Token);
        }
        catch (Exception e) when (e is SeedanceException || (e is OperationCanceledException && !_stop.IsCancellationRequested))
        {
            // Where nothing can be recorded nobody submits, on any machine: what goes on is reads and repeats. How many machines share
            // the rate is not known, so each goes on at a quarter of its own, for about two seconds, and asks again.
            var spacing = TimeSpan.FromSeconds(4.0 / perSecond);
            return new TurnLease(spacing, Math.Max(perSecond / 2, 1), spacing, TimeSpan.Zero);
        }
    }

    private bool IsAnybodyWaiting()
    {
        lock (_gate)
        {
            return _isGiving = CountWaiting() > 0;
        }
    }

    private int CountWaiting()
    {
        lock (_gate)
        {
            return _submissions.Count(IsWaiting) + _reads.Count(IsWaiting);
        }

        static bool IsWaiting(TaskCompletionSource<RateLimitLease> one) => !one.Task.IsCompleted;
    }

    private void Give(RateLimitLease turn)
    {
        lock (_gate)
        {
            // Who has given up is passed over. If all have, the turn lapses.
            while ((_submissions.TryDequeue(out var next) || _reads.TryDequeue(out next)) && !next.TrySetResult(turn))
            {
            }
        }
    }

    // Nobody awaits the one who gives turns out: those who wait are told why there are no more.
    private void Fail(Exception failure)
    {
        lock (_gate)
        {
            foreach (var waiting in _submissions.Concat(_reads))
            {
                waiting.TrySetException(failure);
            }

            _submissions.Clear();
            _reads.Clear();
            _isGiving = false;
        }
    }

    // Timers count whole milliseconds and drop the rest.
    private Task DelayAsync(TimeSpan span) => Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(span.TotalMilliseconds)), time, _stop.Token);
}
