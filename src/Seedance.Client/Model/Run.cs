namespace Seedance;

/// <summary>
/// A run: one call that submitted rows or ordered videos, and what became of each of its rows. Accepted, AcceptedEarlier,
/// Invalid, NotAccepted, Unknown and UnderWayElsewhere add up to the rows. What a wait or a settlement finds out later is counted too.
/// </summary>
public sealed record Run
{
    /// <summary>Gets its own id, unique for ever.</summary>
    public required string RunId { get; init; }

    /// <summary>Gets what its operator calls it; null if they do not.</summary>
    public string? RunName { get; init; }

    /// <summary>Gets when it began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Gets when it ended; of a run that was cut off, when it was last heard of; null while it is under way.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Gets how long it took, or has been under way; null if that is not known.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Gets whether it is still going.</summary>
    public bool IsUnderWay { get; init; }

    /// <summary>Gets whether it came to its end, stopped or not; false where its process was cut off, and while it is under way.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Gets the computer that it ran on; null if that is not known.</summary>
    public string? Computer { get; init; }

    /// <summary>Gets its process; null if that is not known.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Gets the group that its rows went to; null if there was none, or more than one.</summary>
    public string? GroupName { get; init; }

    /// <summary>Gets how many different rows it had. Of a run that was cut off, only those that it sent are known.</summary>
    public int Rows { get; init; }

    /// <summary>Gets how many were accepted in this run.</summary>
    public int Accepted { get; init; }

    /// <summary>Gets how many an earlier run had had accepted, so that they were not sent again.</summary>
    public int AcceptedEarlier { get; init; }

    /// <summary>Gets how many of the accepted ones passed their review, or are videos that were made.</summary>
    public int Usable { get; init; }

    /// <summary>Gets how many of the accepted ones failed.</summary>
    public int Failed { get; init; }

    /// <summary>Gets how many could not be sent as they were.</summary>
    public int Invalid { get; init; }

    /// <summary>Gets how many were refused, failed on the way, or were not reached before the run ended.</summary>
    public int NotAccepted { get; init; }

    /// <summary>Gets how many may or may not have been accepted.</summary>
    public int Unknown { get; init; }

    /// <summary>Gets how many were left to another run that had them.</summary>
    public int UnderWayElsewhere { get; init; }

    /// <summary>Gets how many requests with effect it made; attempts at one count once.</summary>
    public int Requests { get; init; }

    /// <summary>Gets what its tasks cost, in US dollars, as far as they have told; null if none has.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Returns the name, or the id of a run without one.</summary>
    public override string ToString() => RunName ?? RunId;
}
