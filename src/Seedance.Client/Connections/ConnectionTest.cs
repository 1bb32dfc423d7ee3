namespace Seedance;

/// <summary>What a test of a connection has found.</summary>
public sealed record ConnectionTest
{
    /// <summary>Gets whether nothing stands in the way of a run.</summary>
    public bool IsReady => Problems.Count == 0;

    /// <summary>Gets the address.</summary>
    public required Uri BaseUri { get; init; }

    /// <summary>Gets the account in the journal.</summary>
    public required string AccountName { get; init; }

    /// <summary>Gets whether the API takes the key; null if it was not reached.</summary>
    public bool? IsKeyValid { get; init; }

    /// <summary>Gets whether the API was reached at the address.</summary>
    public bool IsReachable { get; init; }

    /// <summary>Gets whether the address has an asset library, which settles unknown outcomes; null if it was not reached.</summary>
    public bool? HasLibrary { get; init; }

    /// <summary>Gets how far this machine's clock is ahead of the server's; null if the server does not tell its time.</summary>
    public TimeSpan? ClockSkew { get; init; }

    /// <summary>Gets how long an answer took; null if there was none.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>Gets the proxy on the way, without its password; null if there is none.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Gets where requests are recorded; null if nowhere.</summary>
    public string? Journal { get; init; }

    /// <summary>Gets what stands in the way, each with what to do about it.</summary>
    public IReadOnlyList<string> Problems { get; init => field = DisplayList<string>.From(value); } = [];
}
