namespace Seedance.Client.Tests;

/// <summary>
/// A clock that stands still until it is told to go on. Timers fire on the thread that advances it, in the order in
/// which they are due, and among equals in the order in which they were set; each sees its own due time as now.
/// </summary>
public sealed class ManualTimeProvider(DateTimeOffset? start = null) : TimeProvider
{
    private readonly object _gate = new();
    private readonly PriorityQueue<Appointment, (DateTimeOffset Due, long Number)> _appointments = new();
    private DateTimeOffset _now = start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TimeSpan _wallClock;
    private long _count;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>When the next timer is due; null when none is set.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_gate)
            {
                return TryPeek(out var next) ? next.Due : null;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now + _wallClock;
        }
    }

    /// <summary>Now, by the clock that nobody sets: what timers and time stamps go by.</summary>
    public DateTimeOffset Moment
    {
        get
        {
            lock (_gate)
            {
                return _now;
            }
        }
    }

    public override long GetTimestamp() => Moment.UtcTicks;

    /// <summary>Sets the clock on the wall, as a user or a time service does; timers and time stamps go on as they were.</summary>
    public void SetWallClock(DateTimeOffset time)
    {
        lock (_gate)
        {
            _wallClock = time - _now;
        }
    }

    /// <summary>Lets time pass while everything stands still, as when the machine or the process is suspended: what fell due meanwhile fires afterwards, late.</summary>
    public void Suspend(TimeSpan span)
    {
        lock (_gate)
        {
            _now += span;
        }
    }

    /// <summary>Goes on by a span, firing every timer that falls due on the way.</summary>
    public void Advance(TimeSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero);
        AdvanceTo(Moment + span);
    }

    /// <summary>Goes on to a moment, firing every timer that falls due on the way, those set on the way included.</summary>
    public void AdvanceTo(DateTimeOffset moment)
    {
        while (TakeDue(moment) is { } timer)
        {
            timer.Fire();
        }

        lock (_gate)
        {
            _now = moment > _now ? moment : _now;
        }
    }

    /// <summary>Goes on to the next due timer and fires it.</summary>
    /// <returns>False when no timer is set.</returns>
    public bool AdvanceToNext()
    {
        var timer = TakeDue(DateTimeOffset.MaxValue);
        timer?.Fire();
        return timer is not null;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? TakeDue(DateTimeOffset moment)
    {
        lock (_gate)
        {
            if (!TryPeek(out var next) || next.Due > moment)
            {
                return null;
            }

            _appointments.Dequeue();
            _now = next.Due > _now ? next.Due : _now;
            next.Timer.Rearm(next);
            return next.Timer;
        }
    }

    // A changed or disposed timer leaves its old appointment behind, to be dropped when it comes up.
    private bool TryPeek([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Appointment? next)
    {
        while (_appointments.TryPeek(out next, out _) && !next.Timer.Expects(next))
        {
            _appointments.Dequeue();
        }

        return next is not null;
    }

    private Appointment Enter(ManualTimer timer, DateTimeOffset due)
    {
        var appointment = new Appointment(timer, due);
        _appointments.Enqueue(appointment, (due, _count++));
        return appointment;
    }

    private sealed class Appointment(ManualTimer timer, DateTimeOffset due)
    {
        public ManualTimer Timer => timer;

        public DateTimeOffset Due => due;
    }

    private sealed class ManualTimer(ManualTimeProvider clock, Action callback) : ITimer
    {
        private Appointment? _next;
        private TimeSpan _period;

        public void Fire() => callback();

        public bool Expects(Appointment appointment) => _next == appointment;

        public void Rearm(Appointment fired) =>
            _next = _period > TimeSpan.Zero ? clock.Enter(this, fired.Due + _period) : null;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                _period = period;
                _next = dueTime == Timeout.InfiniteTimeSpan ? null : clock.Enter(this, clock._now + dueTime);
            }
            return true;
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                _next = null;
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
