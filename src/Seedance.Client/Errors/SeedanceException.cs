using Seedance.Errors;

namespace Seedance;

/// <summary>What went wrong, in the terms of the page "errors"; the stable part of an error's id.</summary>
public enum SeedanceErrorKind
{
    /// <summary>HTTP 400, 413, 422: the request is wrong and will stay wrong.</summary>
    InvalidRequest,

    /// <summary>HTTP 401: the key is missing, wrong or withdrawn.</summary>
    AuthenticationFailed,

    /// <summary>HTTP 402: the balance does not cover the request.</summary>
    PaymentRequired,

    /// <summary>HTTP 403: the key may not do this.</summary>
    PermissionDenied,

    /// <summary>HTTP 404: no such task, group or address.</summary>
    NotFound,

    /// <summary>HTTP 429: too many requests.</summary>
    RateLimited,

    /// <summary>HTTP 5xx: the server failed.</summary>
    ServerError,

    /// <summary>No connection, or it broke.</summary>
    ConnectionFailed,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>An answer that cannot be read: not JSON, cut off, or without what it must hold.</summary>
    InvalidAnswer,

    /// <summary>A row or parameter that cannot be sent as it is; found before sending.</summary>
    InvalidInput,

    /// <summary>The journal cannot be read or written, so nothing is sent.</summary>
    JournalUnavailable,

    /// <summary>Another key or address wrote the account's history: whether it is the same account is for its user to say. Nothing was sent.</summary>
    AccountUnclear,

    /// <summary>The address to receive a callback on cannot be listened on: in use, not this machine's, or not allowed.</summary>
    AddressUnavailable,

    /// <summary>An identity session's link ran out before the person had finished.</summary>
    SessionExpired,

    /// <summary>The person did not pass the liveness check.</summary>
    NotVerified,

    /// <summary>An identity session's token has been asked about already; it is good for one query.</summary>
    TokenSpent,

    /// <summary>A local file cannot be read or written.</summary>
    FileUnavailable,

    /// <summary>A file is there already and may not be overwritten.</summary>
    AlreadyExists,

    /// <summary>A run of orders has reached the most that it may cost; the rest was not ordered.</summary>
    BudgetReached,

    /// <summary>The connection was closed, before the call or while it was under way.</summary>
    ConnectionClosed,
}

/// <summary>What is known of the effect of a request that failed. This decides what may be sent again.</summary>
public enum Delivery
{
    /// <summary>
    /// It may be sent again: it surely took no effect (no connection was made, or the API itself said 429 or 503), or a
    /// second time does no harm.
    /// </summary>
    NotSent,

    /// <summary>The server refused it for good.</summary>
    Refused,

    /// <summary>It was sent and not answered, or not readably: it may have taken effect.</summary>
    Unknown,
}

/// <summary>A call to the API that failed. No text of it holds the key, a password or a query string, or control characters.</summary>
public sealed class SeedanceException : Exception
{
    /// <summary>A failure of <paramref name="kind"/>.</summary>
    public SeedanceException(SeedanceErrorKind kind, Delivery delivery, string message, Exception? innerException = null)
        : base(Redaction.Text(message), innerException)
    {
        Kind = kind;
        Delivery = delivery;
    }

    /// <summary>What went wrong.</summary>
    public SeedanceErrorKind Kind { get; }

    /// <summary>What is known of the request's effect.</summary>
    public Delivery Delivery { get; }

    /// <summary>The HTTP status, or the status that an answer claims inside an HTTP 200; null if there was no answer.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The API's own error code (<c>error.code</c>); null if it gave none.</summary>
    public string? Code { get; init => field = Redaction.Text(value); }

    /// <summary>The API's own words (<c>error.message</c>); null if it gave none.</summary>
    public string? ApiMessage { get; init => field = Redaction.Text(value); }

    /// <summary>The parameter of the request that the API names (<c>error.param</c>); null if it names none.</summary>
    public string? Parameter { get; init => field = Redaction.Text(value); }

    /// <summary>The server's own name for the request (<c>X-Oneapi-Request-Id</c>), which its support asks for; null if it gave none.</summary>
    public string? RequestId { get; init => field = Redaction.Text(value); }

    /// <summary>How long the server asks to wait (<c>Retry-After</c>); null if it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What to do next.</summary>
    public string RecommendedAction { get; init => field = Redaction.Text(value); } = string.Empty;

    /// <summary>The stable id of this error: <c>Seedance.OutcomeUnknown</c>, or <c>Seedance.</c> and the kind.</summary>
    public string ErrorId => Delivery == Delivery.Unknown ? "Seedance.OutcomeUnknown" : $"Seedance.{Kind}";

    /// <summary>True if no later request of this key can succeed either: 401, 402 or 403 of the API, 407 of the proxy, no journal, or a closed connection.</summary>
    public bool StopsTheRun => Kind is SeedanceErrorKind.AuthenticationFailed or SeedanceErrorKind.PaymentRequired
        or SeedanceErrorKind.PermissionDenied or SeedanceErrorKind.JournalUnavailable or SeedanceErrorKind.AccountUnclear
        or SeedanceErrorKind.ConnectionClosed
        || StatusCode == 407;

    /// <summary>True if the same request may well succeed later, unchanged: a fault of the moment, or of something between here and the API.</summary>
    public bool IsTransient => !StopsTheRun && (Delivery != Delivery.Refused || IsForeign || ApiErrorCodes.Find(Code, ApiMessage) is { IsPassing: true })
        && Kind is SeedanceErrorKind.RateLimited or SeedanceErrorKind.ServerError or SeedanceErrorKind.ConnectionFailed
            or SeedanceErrorKind.TimedOut or SeedanceErrorKind.InvalidAnswer or SeedanceErrorKind.NotFound or SeedanceErrorKind.InvalidRequest;

    /// <summary>True if something between here and the API answered in its place.</summary>
    internal bool IsForeign { get; init; }

    /// <summary>True if the request was refused because of one of its rows: the others go out again, in another request.</summary>
    internal bool IsSplit { get; init; }
}
