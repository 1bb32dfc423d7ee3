namespace Seedance;

/// <summary>How a runner works a list off.</summary>
public sealed record RunnerOptions
{
    /// <summary>Gets the list.</summary>
    public required string ListName { get; init; }

    /// <summary>Gets how many requests are sent at once.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>Gets whether it goes on when the list is done, for what may be queued yet.</summary>
    public bool GoesOn { get; init; }

    /// <summary>Gets after what time it takes nothing more; null for none.</summary>
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>Gets how it waits for tasks.</summary>
    public WaitOptions Wait { get; init; } = new();
}

/// <summary>Something that a runner has to tell.</summary>
public abstract record RunnerEvent;

/// <summary>What became of a request that it sent.</summary>
public sealed record RunnerSubmitted(SubmitEvent Event) : RunnerEvent;

/// <summary>What became of a task that it watches.</summary>
public sealed record RunnerWaited(WaitEvent Event) : RunnerEvent;
