using System.Text.Json.Serialization;

namespace Seedance.SandboxServer;

/// <summary>The ways in which an answer can go wrong. "Processed" means that the request took effect all the same.</summary>
[JsonConverter(typeof(FaultKindConverter))]
public enum FaultKind
{
    /// <summary>The connection is reset; not processed.</summary>
    ResetBefore,

    /// <summary>Processed, then the connection is reset.</summary>
    ResetAfter,

    /// <summary>Not processed, never answered.</summary>
    Hang,

    /// <summary>Processed, never answered.</summary>
    HangAfter,

    /// <summary>Processed and answered as usual after a delay, even if the caller has left by then.</summary>
    Slow,

    /// <summary>An error status in the service's envelope, with or without Retry-After.</summary>
    Status,

    /// <summary>Processed; Content-Length promises the whole answer, half of it comes, then the connection ends.</summary>
    Truncated,

    /// <summary>Processed; half of the answer comes, with a Content-Length that agrees.</summary>
    TruncatedClean,

    /// <summary>Processed; Content-Length promises the whole answer, half of it comes, then silence.</summary>
    Stalled,

    /// <summary>The error page of a proxy, with status 502 unless another is ordered.</summary>
    Html,

    /// <summary>Processed; 200 with random bytes.</summary>
    Garbage,

    /// <summary>Processed; 200 with nothing.</summary>
    Empty,

    /// <summary>Not processed; 200 that holds <c>{"code":429,"message":"rate limited"}</c>.</summary>
    CodeIn200,

    /// <summary>Not processed; 307 to another place.</summary>
    Redirect,
}

/// <summary>Spells the kinds as orders do: <c>reset-before</c>, <c>code-in-200</c>.</summary>
internal sealed class FaultKindConverter() : JsonStringEnumConverter<FaultKind>(FaultKindNames.Policy, allowIntegerValues: false);
