namespace Seedance.Tasks;

/// <summary>Wakes a wait when a poll is due, and notices when the process has stood still: suspended, or its machine asleep.</summary>
internal sealed class PollTimer(MonotonicClock clock, Action wake) : IDisposable
{
    // Timers are late by milliseconds; by seconds only where nothing ran.
    private static readonly TimeSpan s_late = TimeSpan.FromSeconds(5);

    private readonly ITimer _timer = clock.CreateTimer(wake);
    private TimeSpan? _due;

    /// <summary>When the process last went on after it had stood still. What fell due before is polled once more before it is given up.</summary>
    public TimeSpan ResumedAt { get; private set; }

    /// <summary>Wakes after <paramref name="wait"/>.</summary>
    public void Set(TimeSpan wait)
    {
        // Rounded up: timers count whole milliseconds and drop the rest, and would fire before it is time.
        var rounded = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(wait.TotalMilliseconds, 0)));
        _due = clock.Now + rounded;
        _timer.Change(rounded, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Notes that the wait is awake, whatever woke it.</summary>
    public void Clear()
    {
        NoteLateness(_due);
        _due = null;
    }

    /// <summary>Notes whether what was to happen at <paramref name="due"/> happens much later.</summary>
    public void NoteLateness(TimeSpan? due)
    {
        var now = clock.Now;
        if (now - due > s_late)
        {
            ResumedAt = now;
        }
    }

    public void Dispose() => _timer.Dispose();
}
