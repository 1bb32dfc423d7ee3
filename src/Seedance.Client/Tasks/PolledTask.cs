namespace Seedance.Tasks;

/// <summary>A task that is waited for: a few dozen bytes beside the task itself. Moments are counted from the wait's beginning.</summary>
/// <param name="task">The task as it was given.</param>
/// <param name="began">When it was submitted, as far as that is known; otherwise now.</param>
/// <param name="deadline">Until when it is waited for.</param>
/// <param name="order">Its place among those of its wait, from 0.</param>
internal sealed class PolledTask(SeedanceTask task, TimeSpan began, TimeSpan deadline, int order)
{
    // A task that was left alone for longer says nothing of when it ended.
    private static readonly TimeSpan s_longestFirstPoll = TimeSpan.FromMinutes(10);

    private int _polls;
    private TimeSpan? _lastSeen;
    private TimeSpan? _previouslySeen;
    private bool _isNews;

    /// <summary>The task as last seen.</summary>
    public SeedanceTask Task { get; private set; } = task;

    public TimeSpan Began { get; private set; } = began;

    public TimeSpan Deadline { get; } = deadline;

    public int Order { get; } = order;

    /// <summary>When the last poll began, whatever came of it; null before the first.</summary>
    public TimeSpan? PolledAt { get; set; }

    /// <summary>Until when the last poll was to be answered.</summary>
    public TimeSpan PollLimit { get; set; }

    /// <summary>True once a poll was answered with the task.</summary>
    public bool WasSeen => _polls > 0;

    /// <summary>Since when the API has not known the task; null while it does.</summary>
    public TimeSpan? NotFoundSince { get; set; }

    /// <summary>Why the task was not found.</summary>
    public SeedanceException? NotFound { get; set; }

    /// <summary>Since when the task has been final without its whole result; null if it is not.</summary>
    public TimeSpan? IncompleteSince { get; set; }

    /// <summary>When to poll next where that is not the schedule's to say; null if it is.</summary>
    public TimeSpan? RetryAt { get; set; }

    /// <summary>True once the task's end is recorded, so that it can be given out.</summary>
    public bool IsSettled { get; set; }

    /// <summary>How old the task was when last seen; zero before.</summary>
    public TimeSpan Age => _lastSeen is { } last ? last - Began : TimeSpan.Zero;

    /// <summary>True unless something lacks in the task's result that is still worth polling for.</summary>
    public bool HasWaitedForResult(TimeSpan now) => IncompleteSince is not { } since || now >= since + ResultCheck.Patience(Task);

    /// <summary>Takes in what the journal knows of a task that was given by its id alone.</summary>
    public void Recall(SeedanceTask known, TimeSpan began) => (Task, Began) = (known, began);

    /// <summary>Takes in what a poll showed.</summary>
    public void See(SeedanceTask seen, TimeSpan at)
    {
        _polls++;
        _isNews = !Task.IsFinal;
        (_previouslySeen, _lastSeen) = (_lastSeen, at);
        (NotFoundSince, NotFound) = (null, null);
        Task = seen with { CreatedAt = seen.CreatedAt ?? Task.CreatedAt };
        IncompleteSince = ResultCheck.IsComplete(seen) ? null : IncompleteSince ?? at;
    }

    /// <summary>
    /// Between which ages the task ended, if it has, or lived on: what happened lies between the last two polls; with one
    /// poll only, an end lies somewhere before it. Null if the polls say nothing, as those after the end.
    /// </summary>
    public (TimeSpan From, TimeSpan To)? Lesson()
    {
        if (!_isNews || _lastSeen is null || (_polls == 1 && Age > s_longestFirstPoll))
        {
            return null;
        }

        var from = _previouslySeen is { } previous ? previous - Began : Task.IsFinal ? Age * 0.6 : TimeSpan.Zero;
        return (from, Age);
    }
}
