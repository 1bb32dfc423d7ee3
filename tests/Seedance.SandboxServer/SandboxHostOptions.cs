using Seedance.Sandbox;

namespace Seedance.SandboxServer;

/// <summary>How a <see cref="SandboxHost"/> listens, and what it serves.</summary>
public sealed record SandboxHostOptions
{
    /// <summary>What the service does, and what goes wrong. Links to files point at the server unless <see cref="SandboxOptions.PublicBase"/> says otherwise.</summary>
    public SandboxOptions Sandbox { get; init; } = new();

    /// <summary>The port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>How long a round trip takes at least: half before the service acts, half after.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>The clock of service, latency and faults; null takes the system's.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>How many requests <see cref="SandboxHost.Requests"/> remembers.</summary>
    public int KeepRequests { get; init; } = 1000;
}

/// <summary>What a server counted since it started or was reset.</summary>
/// <param name="PostsReceived">POSTs that arrived, struck by faults or not.</param>
/// <param name="PostsAccepted">POSTs that took effect.</param>
/// <param name="GetsReceived">GETs that arrived.</param>
/// <param name="RowsAccepted">Assets submitted for review.</param>
/// <param name="DistinctRows">Distinct assets among them by (project, group, type, url).</param>
/// <param name="Duplicates">Assets accepted though they had been accepted before.</param>
/// <param name="TasksNoticed">Tasks that a query has shown as final.</param>
/// <param name="MeanNoticeDelay">How long after their ends those were first shown as final, on average.</param>
/// <param name="Unanswered">Requests whose connection was broken off, by either side, before they were answered.</param>
/// <param name="MaxConcurrentRequests">The most requests under way at once.</param>
/// <param name="OpenConnections">Connections open now.</param>
/// <param name="Faults">How often each kind of fault struck.</param>
public sealed record SandboxStats(
    long PostsReceived,
    long PostsAccepted,
    long GetsReceived,
    long RowsAccepted,
    long DistinctRows,
    long Duplicates,
    long TasksNoticed,
    TimeSpan MeanNoticeDelay,
    int Unanswered,
    int MaxConcurrentRequests,
    int OpenConnections,
    IReadOnlyDictionary<string, int> Faults);
