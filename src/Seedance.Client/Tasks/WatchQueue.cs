namespace Seedance;

/// <summary>The tasks under watch, in the order in which they need a look, and what their looks teach of when that is.</summary>
internal sealed class WatchQueue(TimeProvider time, WaitOptions options)
{
    // A last look shortly before time is up, so that nothing is given up that has ended.
    private static readonly TimeSpan s_lastLook = TimeSpan.FromSeconds(1);

    private readonly PollSchedule _schedule = new(options.PollInterval);
    private readonly PriorityQueue<Watched, (DateTimeOffset Due, int Order)> _queue = new();

    /// <summary>How long until the next look is due; not positive if one is; null if nobody waits for any.</summary>
    public TimeSpan? UntilNext => _queue.TryPeek(out _, out var next) ? next.Due - time.GetUtcNow() : null;

    /// <summary>Takes in a task for its first look.</summary>
    public void AddNew(Watched watched)
    {
        var now = time.GetUtcNow();
        var first = _schedule.Next(watched.Task.Kind, TimeSpan.Zero, watched.Task.EstimatedTime, watched.Order);

        // A task of unknown age, or one that was left alone for long, may have ended long ago.
        Enqueue(watched, watched.Task.CreatedAt is null || now - watched.Began >= first ? now : watched.Began + first);
    }

    /// <summary>Takes in a task that had not ended at a look, or could not be seen, for another one.</summary>
    public void AddAgain(Watched watched)
    {
        var now = time.GetUtcNow();
        Enqueue(watched, now + _schedule.Next(watched.Task.Kind, now - watched.Began, watched.Task.EstimatedTime, watched.Order));
    }

    /// <summary>The task whose look is due; null if none is.</summary>
    public Watched? TakeDue() => UntilNext is { Ticks: <= 0 } ? _queue.Dequeue() : null;

    /// <summary>Takes in what a look at a task has told of all that are like it.</summary>
    public void Learn(Watched watched)
    {
        if (watched.Lesson() is var (from, to) && _schedule.Learn(watched.Task.Kind, from, to, watched.Task.IsFinal))
        {
            PlanAnew();
        }
    }

    /// <summary>About how long a task will still take; null if nothing tells.</summary>
    public TimeSpan? TimeLeft(Watched watched) =>
        (_schedule.Typical(watched.Task.Kind) ?? watched.Task.EstimatedTime) is { } takes && watched.Began + takes - time.GetUtcNow() is { Ticks: > 0 } left ? left : null;

    // After the first end, and whenever as many more have ended: what was planned without knowing better is planned again.
    private void PlanAnew()
    {
        var now = time.GetUtcNow();
        var waiting = _queue.UnorderedItems.Select(item => item.Element).ToList();
        _queue.Clear();
        foreach (var watched in waiting)
        {
            var due = watched.Began + watched.Age + _schedule.Next(watched.Task.Kind, watched.Age, watched.Task.EstimatedTime, watched.Order);
            Enqueue(watched, due > now ? due : now);
        }
    }

    private void Enqueue(Watched watched, DateTimeOffset due)
    {
        // Of a short timeout, the last tenth; of a long one, the last second.
        var reserve = options.Timeout / 10 < s_lastLook ? options.Timeout / 10 : s_lastLook;
        var lastLook = watched.Deadline - reserve;
        var latest = time.GetUtcNow() < lastLook ? lastLook : watched.Deadline;
        _queue.Enqueue(watched, (due < latest ? due : latest, watched.Order));
    }
}
