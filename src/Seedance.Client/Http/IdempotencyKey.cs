namespace Seedance.Http;

/// <summary>
/// What is known of the header under which a request may be repeated: a server that honours it answers a repeat with what
/// it has answered before, and does nothing twice. Not every server does.
/// </summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    /// <summary>The most characters that a key may have.</summary>
    public const int MaxLength = 191;

    private const string Replayed = "idempotency-replayed";
    private const string Codes = "idempotency_";
    private const string Indeterminate = "idempotency_result_indeterminate";

    public static bool IsValid(string key) => key.Length is > 0 and <= MaxLength && key.All(c => c is > ' ' and <= '~');

    /// <summary>Returns whether a response is the answer to an earlier request with the same key.</summary>
    public static bool IsReplay(HttpResponseMessage response) =>
        response.Headers.TryGetValues(Replayed, out var values) && values.Any(value => value.Trim().Equals("true", StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns whether a failure is one that only a server gives which knows what a key is.</summary>
    public static bool ShowsSupport(SeedanceException failure) =>
        !failure.IsForeign && failure.Code?.StartsWith(Codes, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Returns whether the server itself has given up on what became of the request: repeating it tells nothing.</summary>
    public static bool IsIndeterminate(SeedanceException failure) => Indeterminate.Equals(failure.Code, StringComparison.OrdinalIgnoreCase);
}
