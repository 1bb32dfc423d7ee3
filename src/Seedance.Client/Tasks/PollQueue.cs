namespace Seedance.Tasks;

/// <summary>The tasks that are waited for, in the order in which they are to be polled, and what polls teach of when that is.</summary>
internal sealed class PollQueue(MonotonicClock clock, WaitOptions options)
{
    // A last poll shortly before time is up, so that nothing is given up that has ended.
    private static readonly TimeSpan s_lastPoll = TimeSpan.FromSeconds(1);

    // What the schedule knows nothing of, such as a task that is hidden, is asked for at growing intervals.
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longestRetry = TimeSpan.FromSeconds(10);

    private readonly PollSchedule _schedule = new(options.PollInterval);
    private readonly PriorityQueue<PolledTask, (TimeSpan Due, int Order)> _queue = new();

    /// <summary>How long until the next poll is due; not positive if one is; null if nothing is waited for.</summary>
    public TimeSpan? UntilNext => _queue.TryPeek(out _, out var next) ? next.Due - clock.Now : null;

    /// <summary>Takes in a task for its first poll.</summary>
    /// <param name="polled">The task.</param>
    /// <param name="isAgeKnown">False for a task that may have ended long ago.</param>
    public void AddNew(PolledTask polled, bool isAgeKnown)
    {
        var now = clock.Now;
        var first = _schedule.Next(polled.Task.Kind, TimeSpan.Zero, polled.Task.EstimatedTime, polled.Order);
        Enqueue(polled, !isAgeKnown || now - polled.Began >= first ? now : polled.Began + first);
    }

    /// <summary>Takes in a task that had not ended when polled, or could not be seen, for another poll.</summary>
    public void AddAgain(PolledTask polled)
    {
        var now = clock.Now;
        polled.RetryAt = null;
        Enqueue(polled, now + _schedule.Next(polled.Task.Kind, now - polled.Began, polled.Task.EstimatedTime, polled.Order));
    }

    /// <summary>Takes in a task that has been waited for in vain since <paramref name="since"/>, until <paramref name="until"/> at most.</summary>
    public void AddRetry(PolledTask polled, TimeSpan since, TimeSpan until)
    {
        var now = clock.Now;
        var wait = options.PollInterval ?? TimeSpan.FromTicks(Math.Clamp((now - since).Ticks / 2, s_firstRetry.Ticks, s_longestRetry.Ticks));
        polled.RetryAt = now + wait < until ? now + wait : until > now ? until : now;
        Enqueue(polled, polled.RetryAt.Value);
    }

    /// <summary>The task that is due; null if none is.</summary>
    public PolledTask? TakeDue() => UntilNext is { Ticks: <= 0 } ? _queue.Dequeue() : null;

    /// <summary>Takes in what a poll of a task says of all that are like it.</summary>
    public void Learn(PolledTask polled)
    {
        if (polled.Lesson() is var (from, to) && _schedule.Learn(polled.Task.Kind, from, to, polled.Task.IsFinal))
        {
            PlanAnew();
        }
    }

    /// <summary>About how long a task will still take; null if nothing tells.</summary>
    public TimeSpan? TimeLeft(PolledTask polled) =>
        (_schedule.Typical(polled.Task.Kind) ?? polled.Task.EstimatedTime) is { } takes && polled.Began + takes - clock.Now is { Ticks: > 0 } left ? left : null;

    // After the first end, and whenever as many more have ended: what was planned without knowing better is planned again.
    private void PlanAnew()
    {
        var now = clock.Now;
        var waiting = _queue.UnorderedItems.Select(item => item.Element).ToList();
        _queue.Clear();
        foreach (var polled in waiting)
        {
            var due = polled.RetryAt ?? polled.Began + polled.Age + _schedule.Next(polled.Task.Kind, polled.Age, polled.Task.EstimatedTime, polled.Order);
            Enqueue(polled, due > now ? due : now);
        }
    }

    private void Enqueue(PolledTask polled, TimeSpan due)
    {
        // Of a short timeout, the last tenth; of a long one, the last second.
        var reserve = options.Timeout / 10 < s_lastPoll ? options.Timeout / 10 : s_lastPoll;
        var lastPoll = polled.Deadline - reserve;
        var latest = clock.Now < lastPoll ? lastPoll : polled.Deadline;
        _queue.Enqueue(polled, (due < latest ? due : latest, polled.Order));
    }
}
