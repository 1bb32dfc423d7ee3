using System.Text.Json;

namespace Seedance.Http;

/// <summary>Every way a call can fail, with its words: what happened, to which request, what to do next.</summary>
internal static class ApiErrors
{
    /// <summary>The server answered with a failure, by its HTTP status or inside an HTTP 200.</summary>
    public static SeedanceException Answered(string what, int status, JsonElement root, bool isPost, TimeSpan? retryAfter)
    {
        var error = root.At("error").Error() ?? root.Error();
        var kind = Kind(status);
        var words = error?.Message ?? (status >= 500 ? "the server failed without a word" : "no reason was given");
        var code = error?.Code is { } text && text != status.ToString(System.Globalization.CultureInfo.InvariantCulture) ? $" {text}" : string.Empty;
        var delivery = DeliveryOf(status, isPost);
        return new SeedanceException(kind, delivery, Sentence(what, $"was answered with {status}{code}: {words}", delivery))
        {
            StatusCode = status,
            Code = error?.Code,
            ApiMessage = error?.Message,
            RetryAfter = retryAfter,
            RecommendedAction = delivery == Delivery.Unknown ? UnknownAction : Action(kind),
        };
    }

    /// <summary>The server answered, but not in this API's language.</summary>
    public static SeedanceException Unreadable(string what, string found, bool isPost) =>
        new(SeedanceErrorKind.InvalidAnswer, Lost(isPost), Sentence(what, $"was answered with {found}", Lost(isPost)))
        {
            RecommendedAction = isPost ? UnknownAction : "Check that -BaseUri is the API's address and that no proxy answers in its place.",
        };

    /// <summary>The server sends the caller elsewhere. The key is not taken there.</summary>
    public static SeedanceException Redirected(string what, int status, string? location, bool isPost)
    {
        // 303 means "done, look there"; the others mean "not here".
        var delivery = isPost && status == 303 ? Delivery.Unknown : Delivery.Refused;
        return new SeedanceException(SeedanceErrorKind.InvalidAnswer, delivery,
            Sentence(what, $"was redirected ({status}) to {location ?? "an address it does not name"}, which is not followed with the key", delivery))
        {
            StatusCode = status,
            RecommendedAction = "If that address is the API's, connect to it: Connect-Seedance -BaseUri.",
        };
    }

    /// <summary>No answer came, because the connection could not be made or broke.</summary>
    public static SeedanceException Broken(string what, Exception cause, bool isPost, bool wasSent)
    {
        var delivery = wasSent ? Lost(isPost) : Delivery.NotSent;
        var reason = (cause.InnerException?.Message ?? cause.Message).TrimEnd('.');
        return new SeedanceException(SeedanceErrorKind.ConnectionFailed, delivery,
            Sentence(what, wasSent ? $"was sent, but its answer was lost: {reason}" : $"could not be sent: {reason}", delivery))
        {
            RecommendedAction = delivery == Delivery.Unknown ? UnknownAction : "Check the network, the proxy and -BaseUri, then run again.",
        };
    }

    /// <summary>No answer came in time.</summary>
    public static SeedanceException TimedOut(string what, TimeSpan limit, bool isPost, bool wasSent)
    {
        var delivery = wasSent ? Lost(isPost) : Delivery.NotSent;
        return new SeedanceException(SeedanceErrorKind.TimedOut, delivery,
            Sentence(what, $"had no answer within {limit.TotalSeconds:0.###} s", delivery))
        {
            RecommendedAction = delivery == Delivery.Unknown ? UnknownAction : "Try again, or give it longer: Connect-Seedance -Timeout.",
        };
    }

    /// <summary>The run was called off while the request was under way.</summary>
    public static SeedanceException Abandoned(string what) =>
        new(SeedanceErrorKind.TimedOut, Delivery.Unknown, Sentence(what, "was called off before its answer came", Delivery.Unknown))
        {
            RecommendedAction = UnknownAction,
        };

    private const string UnknownAction =
        "It may have been accepted, and it may be billed: look at the account before sending it again. The same line with -Resume skips it; with -Resume -RetryUnknown it is sent again.";

    private static string Sentence(string what, string happened, Delivery delivery) =>
        delivery == Delivery.Unknown ? $"{what} {happened}. Whether it took effect is not known." : $"{what} {happened}.";

    // A query that got no answer can be asked again; a submission can not.
    private static Delivery Lost(bool isPost) => isPost ? Delivery.Unknown : Delivery.NotSent;

    private static Delivery DeliveryOf(int status, bool isPost) => status switch
    {
        429 or 503 => Delivery.NotSent,
        408 or >= 500 => Lost(isPost),
        _ => Delivery.Refused,
    };

    private static SeedanceErrorKind Kind(int status) => status switch
    {
        401 => SeedanceErrorKind.AuthenticationFailed,
        402 => SeedanceErrorKind.PaymentRequired,
        403 => SeedanceErrorKind.PermissionDenied,
        404 => SeedanceErrorKind.NotFound,
        408 => SeedanceErrorKind.TimedOut,
        429 => SeedanceErrorKind.RateLimited,
        >= 500 => SeedanceErrorKind.ServerError,
        _ => SeedanceErrorKind.InvalidRequest,
    };

    private static string Action(SeedanceErrorKind kind) => kind switch
    {
        SeedanceErrorKind.AuthenticationFailed => "Check the key and connect again: Connect-Seedance -ApiKey, -SecretName, or the SEEDANCE_API_KEY variable.",
        SeedanceErrorKind.PaymentRequired => "Top up the account (Get-SeedanceBalance shows it), then run again with -Resume.",
        SeedanceErrorKind.PermissionDenied => "Ask the account's owner to allow this key the call.",
        SeedanceErrorKind.NotFound => "Check the id, and that it belongs to this account.",
        SeedanceErrorKind.RateLimited => "Run again later with -Resume, or lower -RequestsPerSecond.",
        SeedanceErrorKind.ServerError => "Run again later with -Resume.",
        _ => "Correct what the message names, then submit those rows again.",
    };
}
