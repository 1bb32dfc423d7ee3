namespace Seedance;

/// <summary>How to wait for tasks.</summary>
public sealed record WaitOptions
{
    /// <summary>How long to wait for each task, from when it was given.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>A fixed time between polls; null lets the schedule learn.</summary>
    public TimeSpan? PollInterval { get; init; }

    /// <summary>The language of messages, one of <see cref="SeedanceClient.Languages"/>; null for the account's.</summary>
    public string? Language { get; init; }
}

/// <summary>Something a wait has to tell.</summary>
public abstract record WaitEvent;

/// <summary>A task is final, whatever its end.</summary>
public sealed record TaskEnded(SeedanceTask Task) : WaitEvent;

/// <summary>A task's end was not seen: time ran out, or it cannot be asked for. <paramref name="Task"/> is as last seen.</summary>
public sealed record TaskNotEnded(SeedanceTask Task, SeedanceException Error) : WaitEvent;

/// <summary>How far the wait has come.</summary>
/// <param name="Done">Tasks that are dealt with.</param>
/// <param name="Total">Tasks handed over so far.</param>
/// <param name="TimeLeft">About how long the rest will take; null if nothing tells, or more tasks may come.</param>
public sealed record WaitProgress(int Done, int Total, TimeSpan? TimeLeft) : WaitEvent;

/// <summary>Something to know that is no error.</summary>
public sealed record WaitNotice(string Message) : WaitEvent
{
    /// <summary>The stable id of what it says, such as <c>Seedance.IncompleteResult</c>; null if it has none.</summary>
    public string? ErrorId { get; init; }
}
