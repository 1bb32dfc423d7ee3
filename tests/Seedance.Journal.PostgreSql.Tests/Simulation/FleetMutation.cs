namespace Seedance.Journal.PostgreSql.Tests.Simulation;

/// <summary>A mistake put into the store or its client on purpose, to see that the simulation notices.</summary>
internal enum FleetMutation
{
    None,

    /// <summary>A claim that was not answered is repeated under another id.</summary>
    NewIdOnRetry,

    /// <summary>A run that has lapsed comes back to life.</summary>
    RenewLapsedLease,

    /// <summary>A request leaves without a look at the lease.</summary>
    ResendAfterLease,

    /// <summary>What a live run has under way counts as of unknown outcome.</summary>
    RetryUnknownTakesUnderWay,

    /// <summary>A standby that lacks what was acknowledged last goes on as if nothing had happened.</summary>
    AsyncFailover,

    /// <summary>A claim locks its rows in the order in which it names them.</summary>
    UnorderedClaim,

    /// <summary>An outcome counts only while its run is live.</summary>
    EndOnlyIfLeased,

    /// <summary>The first request of a group goes alone in its own process only.</summary>
    PerProcessGroupGate,
}
