namespace Seedance;

/// <summary>A request of which no certain outcome is recorded: unknown, or none yet.</summary>
/// <param name="Intent">The request as it left.</param>
/// <param name="SentAt">When it was recorded, by the clock of the machine that sent it.</param>
public sealed record JournalOpenRequest(JournalIntent Intent, DateTimeOffset SentAt)
{
    /// <summary>Gets whether the run that sent it is still going, and may yet record what came of it.</summary>
    public bool IsUnderWay { get; init; }

    /// <summary>Gets the name of the run that sent it; null if it has none.</summary>
    public string? RunName { get; init; }

    /// <summary>Gets why its outcome is not known; null if nothing is recorded.</summary>
    public string? Message { get; init; }
}
