namespace Seedance.Runs;

/// <summary>What is to become of a row that the journal knows.</summary>
internal enum ResumeAction
{
    /// <summary>It is sent.</summary>
    Send,

    /// <summary>Its task is given out again, and it is sent again: other rows of the task may be fine.</summary>
    GiveOutAndSend,

    /// <summary>Its task is given out again.</summary>
    GiveOut,

    /// <summary>Its task is given out again, and a warning says that it failed for a reason that does not pass.</summary>
    GiveOutRefused,

    /// <summary>Its task is given out again, and an error says that it cannot be told whether the row is one of those that failed.</summary>
    GiveOutUnclear,

    /// <summary>A run that is still going has it, or it is queued for one.</summary>
    Leave,

    /// <summary>It waits until the library has been asked.</summary>
    Wait,

    /// <summary>An error says that its outcome is not known.</summary>
    ReportUnknown,

    /// <summary>An error says that it was refused.</summary>
    ReportRefused,
}

/// <summary>How a run treats what other runs have sent.</summary>
/// <param name="Resume">Goes on with them.</param>
/// <param name="RetryFailed">Sends again what was refused or failed for a reason that may pass by itself.</param>
/// <param name="RetryUnknown">Sends again what may or may not have been accepted.</param>
/// <param name="Start">The journal's position when the run began. What was sent after that, another run has sent beside it: nobody asked for that again.</param>
internal readonly record struct ResumeRules(bool Resume, bool RetryFailed, bool RetryUnknown, long Start)
{
    /// <summary>Gets whether <see cref="RetryFailed"/> is about every reason.</summary>
    public bool RetryRefused { get; init; }

    /// <summary>Decides about a row or an order: the one table for both.</summary>
    /// <param name="match">What the journal knows of it; null if it was never sent.</param>
    /// <param name="isVideo">
    /// True for an order. It is alone in its task, so that one that is sent again takes the old one's place; an asset's
    /// task holds other rows too, and is given out beside the new one.
    /// </param>
    public ResumeAction Decide(JournalMatch? match, bool isVideo)
    {
        if (match is null or { State: JournalState.Unsent })
        {
            return ResumeAction.Send;
        }

        var isBeside = match.IsRunLive || match.Position >= Start;
        return match switch
        {
            { State: JournalState.UnderWay or JournalState.Queued } => ResumeAction.Leave,

            // A first run means to send all, but for what a run beside it sends.
            { State: JournalState.Refused } when !Resume => ResumeAction.Send,
            _ when !Resume => isBeside ? ResumeAction.Leave : ResumeAction.Send,
            { State: JournalState.Accepted, IsReviewUnclear: true } when RetryFailed => ResumeAction.GiveOutUnclear,
            { State: JournalState.ReviewFailed } when RetryFailed && !isBeside =>
                !(RetryRefused || match.IsPassing) ? ResumeAction.GiveOutRefused : isVideo ? ResumeAction.Send : ResumeAction.GiveOutAndSend,
            { State: JournalState.Accepted or JournalState.ReviewFailed } => ResumeAction.GiveOut,
            { State: JournalState.Unknown } => RetryUnknown && !isBeside ? ResumeAction.Send : ResumeAction.ReportUnknown,
            _ => RetryFailed && !isBeside && (RetryRefused || match.IsPassing) ? ResumeAction.Send : ResumeAction.ReportRefused,
        };
    }
}
