namespace Seedance.Reports;

/// <summary>What is known once all rows are written.</summary>
/// <param name="Counts">The rows by state.</param>
/// <param name="ThumbnailsLeftOut">How many pictures did not fit into the page.</param>
internal sealed record ReportTotals(IReadOnlyDictionary<ReportRowState, long> Counts, long ThumbnailsLeftOut)
{
    /// <summary>Every state in the order of its urgency, with the word that people read and its rows.</summary>
    public IEnumerable<(ReportRowState State, string Word, long Count)> States =>
        Enum.GetValues<ReportRowState>().Select(state => (state, Word(state), Counts.GetValueOrDefault(state)));

    private static string Word(ReportRowState state) => state switch
    {
        ReportRowState.NotAccepted => "Not accepted",
        ReportRowState.Unknown => "Outcome unknown",
        ReportRowState.UnderWayElsewhere => "Under way elsewhere",
        ReportRowState.Accepted => "In progress",
        ReportRowState.AcceptedEarlier => "Accepted earlier",
        _ => state.ToString(),
    };
}
