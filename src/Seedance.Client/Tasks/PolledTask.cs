namespace Seedance.Tasks;

/// <summary>A task under watch: a few dozen bytes beside the task itself.</summary>
/// <param name="task">The task as it was handed over.</param>
/// <param name="began">When it began, as far as that is known.</param>
/// <param name="deadline">Until when it is watched.</param>
/// <param name="order">Its place among those of its wait, from 0.</param>
internal sealed class PolledTask(SeedanceTask task, DateTimeOffset began, DateTimeOffset deadline, int order)
{
    // A task that was left alone for longer says nothing of when it ended.
    private static readonly TimeSpan s_longestFirstLook = TimeSpan.FromMinutes(10);

    private int _looks;
    private DateTimeOffset? _lastLook;
    private DateTimeOffset? _previousLook;

    /// <summary>The task as last seen.</summary>
    public SeedanceTask Task { get; set; } = task;

    public DateTimeOffset Began { get; } = began;

    public DateTimeOffset Deadline { get; } = deadline;

    public int Order { get; } = order;

    /// <summary>True once a look was begun, whatever came of it.</summary>
    public bool WasTried { get; set; }

    /// <summary>True once a look was answered.</summary>
    public bool WasSeen => _looks > 0;

    /// <summary>How old the task was at the last look; zero before the first.</summary>
    public TimeSpan Age => _lastLook is { } last ? last - Began : TimeSpan.Zero;

    /// <summary>Takes in what a look showed.</summary>
    public void See(SeedanceTask seen, DateTimeOffset at)
    {
        _looks++;
        (_previousLook, _lastLook) = (_lastLook, at);
        Task = seen with { CreatedAt = seen.CreatedAt ?? Task.CreatedAt };
    }

    /// <summary>
    /// Between which ages the task ended, if it has, or lived on: what happened lies between the last two looks; with one
    /// look only, an end lies somewhere before it. Null if the looks tell nothing.
    /// </summary>
    public (TimeSpan From, TimeSpan To)? Lesson()
    {
        if (_lastLook is null || (_looks == 1 && Age > s_longestFirstLook))
        {
            return null;
        }

        var from = _previousLook is { } previous ? previous - Began : Task.IsFinal ? Age * 0.6 : TimeSpan.Zero;
        return (from, Age);
    }
}
