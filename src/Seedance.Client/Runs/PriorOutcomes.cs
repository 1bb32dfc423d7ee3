namespace Seedance.Runs;

/// <summary>The words for rows and orders that earlier runs have settled, or have not.</summary>
internal static class PriorOutcomes
{
    public static SeedanceException Unknown(object row, JournalMatch match, string? finding = null) =>
        new(SeedanceErrorKind.InvalidAnswer, Delivery.Unknown,
            $"{row} was sent before, and whether it was accepted is not known; it was not sent again. Then: {match.Message ?? "the run was cut off."}{(finding is null ? string.Empty : $" {finding}")}")
        {
            RecommendedAction = "Look at the account: what was accepted is billed. If it was not accepted, run again with -Resume -RetryUnknown.",
        };

    public static SeedanceException Refused(object row, JournalMatch match) =>
        new(SeedanceErrorKind.InvalidRequest, Delivery.Refused, $"{row} was refused before and was not sent again. Then: {match.Message}")
        {
            Code = match.Code,
            RecommendedAction = match.IsPassing
                ? "Nothing is wrong with it: to send it again, run again with -Resume -RetryFailed."
                : "Correct what the message names; to send it as it is, run again with -RetryFailed -Force.",
        };

    public static SeedanceException Unclear(object row, JournalMatch match) => match.TaskId is { } task && SeedanceTask.IsLibraryId(task)
        ? new(SeedanceErrorKind.InvalidAnswer, Delivery.Unknown,
            $"{row} was sent before in one request with others; the answer was lost, and of the request's rows the asset library shows others, not this one. Whether it is there is not known; it was not sent again.")
        {
            RecommendedAction = "Sync-SeedanceJournal looks for it again. If the group surely lacks it, submit it under another Name or RowId.",
        }
        : new(SeedanceErrorKind.InvalidAnswer, Delivery.Refused,
            $"Some rows of task {match.TaskId} failed review, and its results do not tell for certain whether {row} is one of them; it was not sent again.")
        {
            RecommendedAction = "Look at the task's assets, and submit the rows that failed under another Name or RowId; unique names, or -BatchSize 1, let results be told apart.",
        };

    public static RowsUnderWay UnderWay(int count) =>
        new(count, $"{count} row(s) are queued, under way, or were just sent, in another run that is still going; they are left to it. The same line with -Resume, once it is over, gives out what became of them.");

    public static SubmitWarning SentAgain(object row, JournalMatch match) => new(
        $"{row} was {(match.State == JournalState.Unknown ? "sent before, and may have been accepted" : $"accepted before{(match.TaskId is { } task ? $", as {task}" : string.Empty)}")}; it is sent again, as is whatever else was: without -Resume a run sends all. "
        + "If that is not meant, stop it: the same line with -Resume sends what is left, and gives out what was accepted.");

    /// <summary>The warning about rows of which the journal has nothing left but that they were accepted.</summary>
    public static SubmitWarning Cleared(int count) => new(
        $"{count} row(s) were accepted before, and what came of them was cleared from the journal (Clear-SeedanceJournal): they are not sent again, and their tasks are not given out. "
        + "Get-SeedanceAsset -Online lists what the group has; Import-SeedanceJournal brings back what was exported.");
}
