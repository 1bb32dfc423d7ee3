namespace Seedance.Tasks;

/// <summary>The tasks under watch, in the order in which they need a look, and what their looks teach of when that is.</summary>
internal sealed class PollQueue(TimeProvider time, WaitOptions options)
{
    // A last look shortly before time is up, so that nothing is given up that has ended.
    private static readonly TimeSpan s_lastLook = TimeSpan.FromSeconds(1);

    private readonly PollSchedule _schedule = new(options.PollInterval);
    private readonly PriorityQueue<PolledTask, (DateTimeOffset Due, int Order)> _queue = new();

    /// <summary>How long until the next look is due; not positive if one is; null if nobody waits for any.</summary>
    public TimeSpan? UntilNext => _queue.TryPeek(out _, out var next) ? next.Due - time.GetUtcNow() : null;

    /// <summary>Takes in a task for its first look.</summary>
    public void AddNew(PolledTask polled)
    {
        var now = time.GetUtcNow();
        var first = _schedule.Next(polled.Task.Kind, TimeSpan.Zero, polled.Task.EstimatedTime, polled.Order);

        // A task of unknown age, or one that was left alone for long, may have ended long ago.
        Enqueue(polled, polled.Task.CreatedAt is null || now - polled.Began >= first ? now : polled.Began + first);
    }

    /// <summary>Takes in a task that had not ended at a look, or could not be seen, for another one.</summary>
    public void AddAgain(PolledTask polled)
    {
        var now = time.GetUtcNow();
        Enqueue(polled, now + _schedule.Next(polled.Task.Kind, now - polled.Began, polled.Task.EstimatedTime, polled.Order));
    }

    /// <summary>The task whose look is due; null if none is.</summary>
    public PolledTask? TakeDue() => UntilNext is { Ticks: <= 0 } ? _queue.Dequeue() : null;

    /// <summary>Takes in what a look at a task has told of all that are like it.</summary>
    public void Learn(PolledTask polled)
    {
        if (polled.Lesson() is var (from, to) && _schedule.Learn(polled.Task.Kind, from, to, polled.Task.IsFinal))
        {
            PlanAnew();
        }
    }

    /// <summary>About how long a task will still take; null if nothing tells.</summary>
    public TimeSpan? TimeLeft(PolledTask polled) =>
        (_schedule.Typical(polled.Task.Kind) ?? polled.Task.EstimatedTime) is { } takes && polled.Began + takes - time.GetUtcNow() is { Ticks: > 0 } left ? left : null;

    // After the first end, and whenever as many more have ended: what was planned without knowing better is planned again.
    private void PlanAnew()
    {
        var now = time.GetUtcNow();
        var waiting = _queue.UnorderedItems.Select(item => item.Element).ToList();
        _queue.Clear();
        foreach (var polled in waiting)
        {
            var due = polled.Began + polled.Age + _schedule.Next(polled.Task.Kind, polled.Age, polled.Task.EstimatedTime, polled.Order);
            Enqueue(polled, due > now ? due : now);
        }
    }

    private void Enqueue(PolledTask polled, DateTimeOffset due)
    {
        // Of a short timeout, the last tenth; of a long one, the last second.
        var reserve = options.Timeout / 10 < s_lastLook ? options.Timeout / 10 : s_lastLook;
        var lastLook = polled.Deadline - reserve;
        var latest = time.GetUtcNow() < lastLook ? lastLook : polled.Deadline;
        _queue.Enqueue(polled, (due < latest ? due : latest, polled.Order));
    }
}
