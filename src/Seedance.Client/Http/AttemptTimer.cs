namespace Seedance.Http;

/// <summary>The time that one attempt has.</summary>
internal sealed class AttemptTimer : IDisposable
{
    // A timer that fires this late says that the process stood still: what came meanwhile lies in the socket, unread.
    private static readonly TimeSpan s_late = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_toRead = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _expired = new();
    private readonly ITimer _timer;
    private readonly object _gate = new();
    private long _began;
    private TimeSpan _span;
    private bool _stoodStill;
    private bool _isDisposed;

    public AttemptTimer(TimeSpan span, TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static timer => ((AttemptTimer)timer!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Restart(span);
    }

    /// <summary>Cancelled when time is up.</summary>
    public CancellationToken Token => _expired.Token;

    /// <summary>Gives the attempt this long from now.</summary>
    public void Restart(TimeSpan span)
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                (_began, _span) = (_time.GetTimestamp(), span);
                _timer.Change(span, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Ends the attempt at once.</summary>
    public void Cancel()
    {
        // Not under the lock: what is cancelled goes on from here, and may dispose of this.
        if (!IsDisposed())
        {
            _expired.Cancel();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _timer.Dispose();
        }
    }

    private void OnDue()
    {
        lock (_gate)
        {
            var late = _time.GetElapsedTime(_began) - _span;
            if (late < TimeSpan.Zero)
            {
                // It was restarted while it fired, or fired early: timers and time stamps count by different clocks.
                _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(-late.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
                return;
            }

            if (late > s_late && !_stoodStill)
            {
                _stoodStill = true;
                Restart(s_toRead);
                return;
            }
        }

        Cancel();
    }

    private bool IsDisposed()
    {
        lock (_gate)
        {
            return _isDisposed;
        }
    }
}
