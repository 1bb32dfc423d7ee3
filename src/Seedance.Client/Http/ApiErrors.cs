using System.Globalization;
using System.Net;

namespace Seedance.Http;

/// <summary>Every way a call can fail, with its words: what happened, to which request, what to do next.</summary>
internal static class ApiErrors
{
    /// <summary>The server answered with a failure, by its HTTP status or inside an HTTP 200.</summary>
    public static SeedanceException Answered(Endpoint endpoint, ResponseFailure failure)
    {
        var status = failure.Status.ToString(CultureInfo.InvariantCulture);
        var code = failure.Error?.Code is { } text && text != status ? $" {text}" : string.Empty;
        var wait = failure.RetryAfter is { TotalSeconds: > 0 and var seconds } ? $"; it asks to wait {seconds:0} s" : string.Empty;
        var id = failure.RequestId is { } request && failure.Error?.Message?.Contains(request, StringComparison.Ordinal) != true ? $" (request id: {request})" : string.Empty;
        var delivery = DeliveryOf(endpoint, failure);
        var kind = KindOf(failure);
        return new SeedanceException(kind, delivery, Sentence(endpoint, $"was answered with {status}{code}: {Words(failure).TrimEnd('.')}{wait}{id}", delivery))
        {
            StatusCode = failure.Status,
            Code = failure.Error?.Code,
            ApiMessage = failure.Error?.Message,
            Parameter = failure.Parameter,
            RequestId = failure.RequestId,
            RetryAfter = failure.RetryAfter,
            IsForeign = !failure.IsApi,
            RecommendedAction = failure.Status is 404 or 405 && endpoint.NotFoundMeans is { } means
                ? $"{Action(endpoint, failure, kind, delivery)} {means}" : Action(endpoint, failure, kind, delivery),
        };
    }

    /// <summary>The server answered, but not in this API's language.</summary>
    public static SeedanceException Unreadable(Endpoint endpoint, string found, string? requestId = null) =>
        new(SeedanceErrorKind.InvalidAnswer, Lost(endpoint.Effect), Sentence(endpoint, $"was answered with {found}{(requestId is null ? string.Empty : $" (request id: {requestId})")}", Lost(endpoint.Effect)))
        {
            RequestId = requestId,
            RecommendedAction = endpoint.Effect == Effect.Once ? UnknownAction(endpoint) : "Check that -BaseUri is the API's address and that no proxy answers in its place.",
        };

    /// <summary>The server sends the caller elsewhere. The key is not taken there.</summary>
    public static SeedanceException Redirected(Endpoint endpoint, int status, string? location)
    {
        // 303 means "done, look there"; the others mean "not here".
        var delivery = endpoint.Effect == Effect.Once && status == 303 ? Delivery.Unknown : Delivery.Refused;
        return new SeedanceException(SeedanceErrorKind.InvalidAnswer, delivery,
            Sentence(endpoint, $"was redirected ({status}) to {location ?? "an address it does not name"}, which is not followed with the key", delivery))
        {
            StatusCode = status,
            IsForeign = true,
            RecommendedAction = "If that address is the API's, connect to it: Connect-Seedance -BaseUri.",
        };
    }

    /// <summary>No answer came, because the connection could not be made or broke.</summary>
    public static SeedanceException Broken(Endpoint endpoint, Exception cause, bool wasSent)
    {
        var delivery = wasSent ? Lost(endpoint.Effect) : Delivery.NotSent;
        var isRefusedByProxy = !wasSent && cause is HttpRequestException { StatusCode: HttpStatusCode.ProxyAuthenticationRequired };
        var reason = (cause.InnerException?.Message ?? cause.Message).TrimEnd('.');
        return new SeedanceException(SeedanceErrorKind.ConnectionFailed, delivery,
            Sentence(endpoint, wasSent ? $"was sent, but its answer was lost: {reason}" : $"could not be sent: {reason}", delivery))
        {
            StatusCode = isRefusedByProxy ? (int)HttpStatusCode.ProxyAuthenticationRequired : null,
            RecommendedAction = isRefusedByProxy ? "Give the proxy the user and password that it asks for, in HTTPS_PROXY, then run again."
                : delivery == Delivery.Unknown ? UnknownAction(endpoint) : "Check the network, the proxy and -BaseUri, then run again.",
        };
    }

    /// <summary>No answer came in time.</summary>
    public static SeedanceException TimedOut(Endpoint endpoint, TimeSpan limit, bool wasSent)
    {
        var delivery = wasSent ? Lost(endpoint.Effect) : Delivery.NotSent;
        return new SeedanceException(SeedanceErrorKind.TimedOut, delivery,
            Sentence(endpoint, $"had no answer within {limit.TotalSeconds:0.###} s", delivery))
        {
            RecommendedAction = delivery == Delivery.Unknown ? UnknownAction(endpoint) : "Try again, or give it longer: Connect-Seedance -Timeout.",
        };
    }

    /// <summary>The run was called off while the request was under way.</summary>
    public static SeedanceException Abandoned(Endpoint endpoint) =>
        new(SeedanceErrorKind.TimedOut, Delivery.Unknown, Sentence(endpoint, "was called off before its answer came", Delivery.Unknown))
        {
            RecommendedAction = UnknownAction(endpoint),
        };

    private static string UnknownAction(Endpoint endpoint) => endpoint.UnknownAdvice
        ?? "It may have been accepted, and it may be billed: look at the account before sending it again. The same line with -Resume skips it; with -Resume -RetryUnknown it is sent again.";

    private static string Sentence(Endpoint endpoint, string happened, Delivery delivery) =>
        delivery == Delivery.Unknown ? $"{endpoint} {happened}. Whether it took effect is not known." : $"{endpoint} {happened}.";

    // What does no harm twice can be sent again when its answer is lost; what takes effect can not.
    private static Delivery Lost(Effect effect) => effect == Effect.Once ? Delivery.Unknown : Delivery.NotSent;

    private static Delivery DeliveryOf(Endpoint endpoint, ResponseFailure failure)
    {
        var known = failure.IsApi ? failure.Known?.Delivery : null;
        if (endpoint.Effect != Effect.Once)
        {
            return known != Delivery.Refused && failure.Status is 408 or 425 or 429 or >= 500 ? Delivery.NotSent : Delivery.Refused;
        }

        // Only the API can know that nothing was done. What stands between may say the same after it has passed the request on.
        return failure switch
        {
            { NamesTask: true } => Delivery.Unknown,
            _ when known is { } told => told,
            { HttpStatus: 404 or 405 } when endpoint.MayBeAbsent => Delivery.Refused,
            { IsEnvelope: true, HttpStatus: 429 or 503 } => Delivery.NotSent,
            { IsApi: true, Status: 400 or 401 or 402 or 403 or 404 or 405 or 409 or 413 or 415 or 422 } => Delivery.Refused,
            _ => Delivery.Unknown,
        };
    }

    private static SeedanceErrorKind KindOf(ResponseFailure failure) => failure switch
    {
        { IsApi: true, Known.Kind: { } known } => known,
        { Status: 404 } => SeedanceErrorKind.NotFound,
        { Status: 408 } => SeedanceErrorKind.TimedOut,
        { Status: 429 } => SeedanceErrorKind.RateLimited,
        { Status: >= 500 } => SeedanceErrorKind.ServerError,
        { IsApi: false } => SeedanceErrorKind.InvalidAnswer,
        { Status: 401 } => SeedanceErrorKind.AuthenticationFailed,
        { Status: 402 } => SeedanceErrorKind.PaymentRequired,
        { Status: 403 } => SeedanceErrorKind.PermissionDenied,
        _ => SeedanceErrorKind.InvalidRequest,
    };

    private static string Words(ResponseFailure failure) =>
        failure.Error?.Message
        ?? (!failure.IsApi ? $"{failure.Description}, which is no answer of the API" : failure.Status >= 500 ? "the server failed without a word" : "no reason was given");

    private static string Action(Endpoint endpoint, ResponseFailure failure, SeedanceErrorKind kind, Delivery delivery) => failure switch
    {
        _ when delivery == Delivery.Unknown => UnknownAction(endpoint),
        { IsApi: true, Known: { } known } => $"{known.Explanation} {known.Advice}",
        { IsApi: true, Error.Explanation: { } explanation } => explanation,
        { IsApi: false, Status: < 500 } => "Something between here and the API answered in its place, such as a proxy or a guard: run again later with -Resume; if it lasts, check -BaseUri and the proxy.",
        _ => Action(kind),
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
