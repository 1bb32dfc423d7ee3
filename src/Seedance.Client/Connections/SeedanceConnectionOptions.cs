using System.Globalization;
using Seedance.Errors;

namespace Seedance;

/// <summary>How to reach the API, and how hard to press it.</summary>
public sealed record SeedanceConnectionOptions
{
    /// <summary>The API's public address.</summary>
    public static readonly Uri DefaultBaseUri = new("https://api.apimart.ai");

    private static readonly TimeSpan s_longestTimeout = TimeSpan.FromDays(1);

    /// <summary>The API key; it goes into the Authorization header and nowhere else.</summary>
    public string? ApiKey { get; init; }

    /// <summary>
    /// The API's address, or a gateway's: https, or http to this machine itself. A version at its end (<c>/v1</c>) is left
    /// out: every path has its own.
    /// </summary>
    public Uri BaseUri { get; init; } = DefaultBaseUri;

    /// <summary>Requests a second over the whole connection, 1–10000.</summary>
    public int RequestsPerSecond { get; init; } = 30;

    /// <summary>Requests at once over the whole connection, 1–256.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>How long one attempt may take until its answer has been read: more than zero.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long after its first attempt a request may begin another; zero repeats nothing.</summary>
    public TimeSpan RetryBudget { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Gets the language of the messages of tasks, one of <see cref="SeedanceClient.Languages"/>, where a call names none; null for the account's.</summary>
    public string? Language { get; init; }

    /// <summary>Gets the account's name in the journal; null for <c>SEEDANCE_ACCOUNT</c>, or else the unnamed one.</summary>
    public string? AccountName { get; init; }

    /// <summary>
    /// The journal's file, by default the one that <c>SEEDANCE_JOURNAL</c> names (an absolute path, or one below <c>~</c>),
    /// or else the one in the user's data folder. A relative path is resolved once, when the connection is made.
    /// </summary>
    public string? JournalPath { get; init; }

    /// <summary>A journal of the caller's own; null for the file.</summary>
    public IJournal? Journal { get; init; }

    /// <summary>A journal other than the file, opened when it is first needed; null for the file.</summary>
    public JournalStore? JournalStore { get; init; }

    /// <summary>Keeps no journal: nothing can be resumed or recalled.</summary>
    public bool NoJournal { get; init; }

    /// <summary>Answers in place of the network, as the sandbox does; null for the network.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Numbers from 0 to 1 that spread retries in time; null for random ones.</summary>
    internal Func<double>? Jitter { get; init; }

    /// <summary>Everything but the key.</summary>
    public override string ToString() => BaseUri.ToString();

    /// <summary>Throws for the first value that no connection can be made with.</summary>
    internal void Validate()
    {
        RequireSafeAddress();
        RequireKey();
        RequireRange(nameof(RequestsPerSecond), RequestsPerSecond, 1, 10_000);
        RequireRange(nameof(Concurrency), Concurrency, 1, 256);

        if (Language is not null && !SeedanceClient.Languages.Contains(Language))
        {
            throw Invalid($"The API has no messages in the language '{Language}'.", $"Give {nameof(Language)} one of {string.Join(", ", SeedanceClient.Languages)}.");
        }

        // Timers count no further than some weeks.
        if (Timeout <= TimeSpan.Zero || Timeout > s_longestTimeout)
        {
            throw Invalid($"A timeout of {Timeout} leaves no time for an answer, or no end to the wait for one.",
                $"Give {nameof(Timeout)} more than zero and at most a day.");
        }

        if (RetryBudget < TimeSpan.Zero)
        {
            throw Invalid($"A retry budget of {RetryBudget} is less than none.", $"Give {nameof(RetryBudget)} zero or more.");
        }
    }

    private static void RequireRange(string name, int value, int least, int most)
    {
        if (value < least || value > most)
        {
            throw Invalid(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; it must be from {least} to {most}."),
                string.Create(CultureInfo.InvariantCulture, $"Give {name} a number from {least} to {most}."));
        }
    }

    private void RequireSafeAddress()
    {
        if (!BaseUri.IsAbsoluteUri || (BaseUri.Scheme != Uri.UriSchemeHttps && !(BaseUri.Scheme == Uri.UriSchemeHttp && BaseUri.IsLoopback)))
        {
            throw Invalid($"The address '{Redaction.Url(BaseUri.OriginalString)}' is not one that a key may be sent to: https is, and http to this machine itself.",
                "Give -BaseUri an https address.");
        }

        if (BaseUri.UserInfo.Length > 0 || BaseUri.Query.Length > 0 || BaseUri.Fragment.Length > 0)
        {
            throw Invalid($"The address '{Redaction.Url(BaseUri.OriginalString)}' carries user info, a query or a fragment.", "Give -BaseUri scheme, host and path only.");
        }
    }

    private void RequireKey()
    {
        if (ApiKey is null && Handler is null)
        {
            throw Invalid(
                "There is no API key. Give one in any of three ways: Connect-Seedance -ApiKey, Connect-Seedance -SecretName (SecretManagement), or the environment variable SEEDANCE_API_KEY.",
                "To rehearse without a key and without cost: Connect-Seedance -Sandbox.");
        }

        if (ApiKey is { } key && (key.Length == 0 || key.Any(c => c is <= ' ' or > '~')))
        {
            throw Invalid("The API key is empty or holds characters that no key has, such as a space or a line break.", "Copy the key again, without quotes or line breaks.");
        }
    }

    private static SeedanceException Invalid(string message, string action) =>
        new(SeedanceErrorKind.InvalidInput, Delivery.NotSent, message) { RecommendedAction = action };
}
