namespace Seedance;

/// <summary>What became of a row, as a report shows it. Every row has exactly one, so the counts add up to the rows.</summary>
/// <remarks>The order is the one in which a report lists rows: what needs somebody comes first.</remarks>
public enum ReportRowState
{
    /// <summary>The review refused it, or the video could not be made.</summary>
    Failed,

    /// <summary>It breaks a rule, so it was not sent.</summary>
    Invalid,

    /// <summary>It was refused, or not sent because the run ended first.</summary>
    NotAccepted,

    /// <summary>It was sent, and whether it was accepted is not known.</summary>
    Unknown,

    /// <summary>Another run is sending it.</summary>
    UnderWayElsewhere,

    /// <summary>Accepted; the result is not there yet.</summary>
    Accepted,

    /// <summary>Accepted by an earlier run, with a result that is not known. Where it is known, the row is usable or failed.</summary>
    AcceptedEarlier,

    /// <summary>It passed review, or the video was made.</summary>
    Usable,
}
