using System.Text.Json.Serialization;

namespace Seedance.Sandbox.Faults;

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

    /// <summary>Processed after a delay and answered as usual, even if the caller has left by then; as ordered, processed before it.</summary>
    Slow,

    /// <summary>An error status (500) in the service's envelope.</summary>
    Status,

    /// <summary>Processed; Content-Length promises the whole answer, half of it comes, then the connection ends.</summary>
    Truncated,

    /// <summary>Processed; half of the answer comes, with a Content-Length that agrees.</summary>
    TruncatedClean,

    /// <summary>Processed; Content-Length promises the whole answer, half of it comes, then silence.</summary>
    Stalled,

    /// <summary>The HTML page of a proxy or guard, with the words that belong to the status (502).</summary>
    Html,

    /// <summary>Processed; 200 with random bytes.</summary>
    Garbage,

    /// <summary>Nothing: with 200 processed; with another status as ordered.</summary>
    Empty,

    /// <summary>200 that holds <c>{"code":429,"message":"rate limited"}</c>, or another code.</summary>
    CodeIn200,

    /// <summary>Not processed; 307 to another place.</summary>
    Redirect,

    /// <summary>An error status (503) in a proxy's plain words.</summary>
    Text,

    /// <summary>An error status (503) in JSON without the service's envelope: <c>{"code":503,"message":"…"}</c>.</summary>
    Unwrapped,
}

/// <summary>Spells the kinds as orders do: <c>reset-before</c>, <c>code-in-200</c>.</summary>
internal sealed class FaultKindConverter() : JsonStringEnumConverter<FaultKind>(FaultKindNames.Policy, allowIntegerValues: false);
