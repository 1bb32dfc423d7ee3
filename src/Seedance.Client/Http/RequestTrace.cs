namespace Seedance;

/// <summary>One attempt at a request, as those who watch are told: nothing of it is secret.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, without the query.</param>
/// <param name="StatusCode">The status it was answered with; null if no answer could be read.</param>
/// <param name="Duration">How long it took, waiting for its turn not counted.</param>
/// <param name="Attempt">Which attempt it was, from 1.</param>
/// <param name="Failure">What went wrong; null if nothing did.</param>
public sealed record RequestTrace(string Method, string Path, int? StatusCode, TimeSpan Duration, int Attempt, SeedanceException? Failure)
{
    /// <summary>The id of the failure; null if there was none.</summary>
    public string? ErrorId => Failure?.ErrorId;

    /// <summary>Gets what time it was by the server's clock; null if its answer was none, or does not say.</summary>
    public DateTimeOffset? ServerTime { get; init; }

    /// <summary>True if nobody was reached: what can last as long as retries do, with nothing to be seen of it.</summary>
    public bool IsUnreached => Failure is { Delivery: Delivery.NotSent, Kind: SeedanceErrorKind.ConnectionFailed or SeedanceErrorKind.TimedOut };

    /// <summary>One line for a log.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Method} {Path} -> {StatusCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no answer"}{(ErrorId is null ? "" : $" {ErrorId}")} in {Duration.TotalMilliseconds:0} ms, attempt {Attempt}");

    /// <summary>Where a request carries the one who wants to hear of it.</summary>
    internal static readonly HttpRequestOptionsKey<Action<RequestTrace>> Listener = new("Seedance.Listener");

    /// <summary>Where a request carries the number of its attempt.</summary>
    internal static readonly HttpRequestOptionsKey<int> Number = new("Seedance.Attempt");
}
