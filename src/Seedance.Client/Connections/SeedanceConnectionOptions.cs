namespace Seedance;

/// <summary>How to reach the API, and how hard to press it.</summary>
public sealed record SeedanceConnectionOptions
{
    /// <summary>The API's public address.</summary>
    public static readonly Uri DefaultBaseUri = new("https://api.apimart.ai");

    /// <summary>The API key; it goes into the Authorization header and nowhere else.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The API's address, or a gateway's: https, or http to this machine itself.</summary>
    public Uri BaseUri { get; init; } = DefaultBaseUri;

    /// <summary>Requests a second over the whole connection, 1–10000.</summary>
    public int RequestsPerSecond { get; init; } = 30;

    /// <summary>Requests at once over the whole connection, 1–256.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>How long one attempt may take until its answer has been read.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long after its first attempt a request may begin another.</summary>
    public TimeSpan RetryBudget { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Gets the account's name in the journal; null for <c>SEEDANCE_ACCOUNT</c>, or else the unnamed one.</summary>
    public string? AccountName { get; init; }

    /// <summary>The journal's file; null for <c>SEEDANCE_JOURNAL</c>, or else the file in the user's data folder.</summary>
    public string? JournalPath { get; init; }

    /// <summary>A journal of the caller's own; null for the file.</summary>
    public IJournal? Journal { get; init; }

    /// <summary>Keeps no journal: nothing can be resumed or recalled.</summary>
    public bool NoJournal { get; init; }

    /// <summary>Answers in place of the network, as the sandbox does; null for the network.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Numbers from 0 to 1 that spread retries in time; null for random ones.</summary>
    internal Func<double>? Jitter { get; init; }

    /// <summary>Everything but the key.</summary>
    public override string ToString() => BaseUri.ToString();
}
