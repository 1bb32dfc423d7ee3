using System.Text.Json;
using System.Text.RegularExpressions;
using Seedance.Errors;

namespace Seedance.Http;

/// <summary>What a failed response says of itself, and how far that can be the API's own word.</summary>
internal sealed partial record ResponseFailure
{
    private ResponseFailure(int httpStatus, int status, JsonElement root)
    {
        var error = root.At("error");
        var upstream = Upstream(root);
        HttpStatus = httpStatus;
        Status = status;
        Error = upstream ?? error.Error() ?? root.Error();
        IsEnvelope = error.ValueKind == JsonValueKind.Object && error.Error() is { Code: not null } or { Message: not null };
        IsApi = httpStatus < 300 || IsEnvelope || upstream is not null || error.Text() is not null || (root.At("code").Text() is not null && root.At("message", "msg").Text() is not null);
        NamesTask = HasTaskId(root);
        Parameter = Redaction.Quote(error.At("param").Text());
        Known = KnownAs(Error, error.At("type").Text());
    }

    /// <summary>The status it came with.</summary>
    public int HttpStatus { get; }

    /// <summary>The status it came with, or claims inside an HTTP 200.</summary>
    public int Status { get; }

    /// <summary>Its code and words; null if it has none.</summary>
    public TaskError? Error { get; }

    /// <summary>The parameter that it names; null if it names none.</summary>
    public string? Parameter { get; }

    /// <summary>What is known of its code; null if nothing is.</summary>
    public ApiErrorCode? Known { get; }

    /// <summary>True if it comes as the API writes its failures: <c>{"error":{…}}</c>.</summary>
    public bool IsEnvelope { get; }

    /// <summary>True if it comes in a form that the API, or a gateway that speaks for it, writes; false for what something between has said in its place.</summary>
    public bool IsApi { get; }

    /// <summary>True if there is a task's id in it: then something was accepted, whatever else it says.</summary>
    public bool NamesTask { get; }

    /// <summary>What it is instead, where it is not the API's.</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>The server's own name for the request; null if it gives none.</summary>
    public string? RequestId { get; init; }

    /// <summary>How long it asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The failure in a response; null if it tells of none.</summary>
    public static ResponseFailure? Find(int status, JsonElement root) =>
        (StatusInside(root, status) ?? (status is < 200 or >= 300 ? status : null)) is { } failed ? new ResponseFailure(status, failed, root) : null;

    // A number says the least: it is often the status once more.
    private static ApiErrorCode? KnownAs(TaskError? error, string? type) =>
        (error?.Message?.StartsWith("build_request_failed:", StringComparison.Ordinal) == true ? ApiErrorCodes.Find("build_request_failed") : null)
        ?? (int.TryParse(error?.Code, out _) ? null : ApiErrorCodes.Find(error?.Code))
        ?? ApiErrorCodes.Find(type)
        ?? ApiErrorCodes.Find(error?.Code);

    /// <summary>The error in upstream's form, as the asset library may give it; null if there is none.</summary>
    private static TaskError? Upstream(JsonElement root) => root.At("ResponseMetadata").At("Error") is { ValueKind: JsonValueKind.Object } error
        ? new TaskError(Redaction.ServerText(error.At("Code").Text()), Redaction.ServerText(error.At("Message").Text())) : null;

    /// <summary>The status of a failure that an answer tells of itself, whatever its HTTP status: an error, or a code that is not 200.</summary>
    private static int? StatusInside(JsonElement root, int status)
    {
        // A task's own error sits inside `data`; one at the top is the request's.
        var error = root.At("error");
        var code = root.At("code");
        if ((error.ValueKind == JsonValueKind.String && error.Text() is not null) || (error.ValueKind == JsonValueKind.Object && error.EnumerateObject().Any()))
        {
            return status >= 400 ? status : StatusOf(error.At("code"), error.At("type")) ?? StatusOf(code, default) ?? 500;
        }

        if (Upstream(root) is { } upstream)
        {
            return status >= 400 ? status : upstream.Code?.StartsWith("NotFound", StringComparison.Ordinal) == true ? 404 : 500;
        }

        if (code.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null || code.Number() is 0 or (>= 200 and < 300))
        {
            return null;
        }

        return status >= 400 ? status : StatusOf(code, root.At("type")) ?? (IsSuccessWord(code.Text()) ? null : 500);
    }

    private static int? StatusOf(JsonElement code, JsonElement type) => code.Number() is >= 300 and < 600 and var number
        ? (int)number
        : (type.Text() ?? code.Text()) switch
        {
            "invalid_request_error" => 400,
            "authentication_error" => 401,
            "payment_required" => 402,
            "permission_denied" or "permission_error" => 403,
            "not_found" or "not_found_error" => 404,
            "rate_limit_error" => 429,
            "server_error" => 500,
            _ => null,
        };

    private static bool IsSuccessWord(string? code) =>
        code is not null && (code.Equals("success", StringComparison.OrdinalIgnoreCase) || code.Equals("ok", StringComparison.OrdinalIgnoreCase));

    // A task's id in its own member, or named in the words. Any id counts: a doubt costs a look, a second order costs money.
    private static bool HasTaskId(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Any(member => (IsIdName(member) && member.Value.Text() is not null) || HasTaskId(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(HasTaskId),
        JsonValueKind.String => element.Text() is { } text && TaskId().IsMatch(text),
        _ => false,
    };

    private static bool IsIdName(JsonProperty member)
    {
        try
        {
            return member.NameEquals("id"u8) || member.NameEquals("task_id"u8) || member.NameEquals("taskId"u8);
        }
        catch (InvalidOperationException)
        {
            // A name that is no text.
            return false;
        }
    }

    [GeneratedRegex("task_(?=[A-Za-z-]*[0-9])[A-Za-z0-9-]{6,}", RegexOptions.CultureInvariant)]
    private static partial Regex TaskId();
}
