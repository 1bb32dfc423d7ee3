namespace Seedance;

/// <summary>A runner that is there: a process that works a list off.</summary>
public sealed record Runner
{
    /// <summary>Gets its name: the computer and the process.</summary>
    public string Name => $"{Computer ?? "?"}/{ProcessId}";

    /// <summary>Gets the id of its run.</summary>
    public required string RunId { get; init; }

    /// <summary>Gets the list that it works off.</summary>
    public required string ListName { get; init; }

    /// <summary>Gets the computer.</summary>
    public string? Computer { get; init; }

    /// <summary>Gets the process.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Gets when it began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Gets how many requests it has taken so far.</summary>
    public int Requests { get; init; }

    /// <summary>Gets whether it was asked to stop, and finishes what it has in hand.</summary>
    public bool IsStopping { get; init; }

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;
}
