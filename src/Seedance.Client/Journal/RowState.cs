namespace Seedance;

/// <summary>One request that a row went out with, and what is recorded of it.</summary>
/// <param name="IntentId">The request.</param>
/// <param name="State">Its outcome; <see cref="JournalState.Unknown"/> if none is recorded, or an unknown one.</param>
public readonly record struct RowRecord(string IntentId, JournalState State)
{
    /// <summary>Gets whether no outcome is recorded.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Gets whether the run that sent it is still going.</summary>
    public bool IsRunLive { get; init; }

    /// <summary>Gets how the review of the row ended.</summary>
    public RowReview Review { get; init; }
}

/// <summary>How the review of a row ended, as far as that is certain.</summary>
public enum RowReview
{
    /// <summary>It has not been seen to end, or the row passed.</summary>
    None,

    /// <summary>The row failed, or its task ended without a result for it.</summary>
    Failed,

    /// <summary>Some rows of the task failed, and this may be one of them.</summary>
    Unclear,
}

/// <summary>
/// Derives the state of a row from its records: the one rule, for every store. What surely took no effect hides nothing
/// that did; a live run's request is under way; of what took effect, the last word counts.
/// </summary>
public static class RowState
{
    /// <summary>Returns the record that tells the row's state, and the state.</summary>
    /// <param name="newestFirst">The row's records; at least one.</param>
    public static (JournalState State, RowRecord Record) Derive(IEnumerable<RowRecord> newestFirst)
    {
        (JournalState State, RowRecord Record)? fallback = null;
        foreach (var record in newestFirst)
        {
            switch (record)
            {
                case { IsOpen: true, IsRunLive: true }:
                    return (JournalState.UnderWay, record);
                case { State: JournalState.Accepted, Review: RowReview.Failed }:
                    return (JournalState.ReviewFailed, record);
                case { State: JournalState.Refused } when fallback is not { State: JournalState.Refused }:
                case { State: JournalState.Unsent } when fallback is null:
                    fallback = (record.State, record);
                    break;
                case { State: JournalState.Refused or JournalState.Unsent }:
                    break;
                default:
                    return (record.State, record);
            }
        }

        return fallback ?? throw new ArgumentException("A row without a record has no state.", nameof(newestFirst));
    }
}
