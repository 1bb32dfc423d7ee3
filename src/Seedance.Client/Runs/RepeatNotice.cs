namespace Seedance.Runs;

/// <summary>Tells, once and before it leaves, that a run without Resume sends what earlier runs may have paid for.</summary>
/// <param name="publish">Where the warning goes.</param>
internal sealed class RepeatNotice(Action<SubmitEvent> publish)
{
    private int _isTold;

    /// <summary>Takes in a row or an order that is sent.</summary>
    public void Add(object row, JournalMatch? match)
    {
        if (match is { State: JournalState.Accepted or JournalState.Unknown } && Interlocked.Exchange(ref _isTold, 1) == 0)
        {
            publish(PriorOutcomes.SentAgain(row, match));
        }
    }
}
