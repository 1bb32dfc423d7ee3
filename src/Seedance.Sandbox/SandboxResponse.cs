using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Seedance.Sandbox;

/// <summary>One HTTP answer, free of any transport.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ContentType">The Content-Type header.</param>
/// <param name="Body">The body, unless <see cref="Content"/> holds it.</param>
/// <param name="Headers">Further headers, or null.</param>
public sealed record SandboxResponse(
    int Status,
    string ContentType,
    ReadOnlyMemory<byte> Body,
    IReadOnlyDictionary<string, string>? Headers = null)
{
    internal const string Json = "application/json; charset=utf-8";

    // The service writes its Chinese messages as they are, not as \u escapes.
    private static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The body as a stream, for files too large to hold; null when <see cref="Body"/> is all.</summary>
    public Stream? Content { get; init; }

    /// <summary>The value of Content-Length. For HEAD it tells of a body that does not come.</summary>
    public long Length { get; init; } = Body.Length;

    /// <summary>The task that the request began; null when it began none.</summary>
    public string? TaskId { get; init; }

    /// <summary>A failure in the service's own envelope.</summary>
    /// <param name="status">An HTTP status of 400 or above.</param>
    /// <param name="message">The message in it.</param>
    /// <param name="code">The code in it; null takes the status.</param>
    /// <param name="type">The type in it; null takes the one that belongs to the status.</param>
    public static SandboxResponse Error(int status, string message, string? code = null, string? type = null) =>
        Error(status, message, code, type, default);

    internal static SandboxResponse Error(Refusal refusal) =>
        Error(refusal.Status, refusal.Message, refusal.Code, refusal.Type, default, refusal.Parameter);

    /// <summary>A failure that may name a parameter, and may carry what a success would have carried.</summary>
    internal static SandboxResponse Error(
        int status, string message, string? code, string? type, JsonElement data, string? parameter = null) => Write(status, json =>
    {
        json.WriteStartObject("error");
        WriteCode(json, code, status);
        json.WriteString("message", message);
        json.WriteString("type", type ?? ErrorType(status));
        if (parameter is not null)
        {
            json.WriteString("param", parameter);
        }
        json.WriteEndObject();
        WriteData(json, data);
    });

    /// <summary>The same answer with one header more, or another value of it.</summary>
    internal SandboxResponse With(string name, string value) => this with
    {
        Headers = new Dictionary<string, string>(Headers ?? new Dictionary<string, string>(), StringComparer.OrdinalIgnoreCase) { [name] = value },
    };

    /// <summary>Writes the error's code: the given word, or else a number.</summary>
    internal static void WriteCode(Utf8JsonWriter json, string? code, int otherwise)
    {
        if (code is null)
        {
            json.WriteNumber("code", otherwise);
        }
        else
        {
            json.WriteString("code", code);
        }
    }

    internal static void WriteData(Utf8JsonWriter json, JsonElement data)
    {
        if (data.ValueKind != JsonValueKind.Undefined)
        {
            json.WritePropertyName("data");
            data.WriteTo(json);
        }
    }

    /// <summary>A success without envelope, as uploads and balances give it.</summary>
    internal static SandboxResponse Bare(Action<Utf8JsonWriter> members) => Write(200, members);

    /// <summary>A success: <c>{"code":200,"data":{…}}</c>.</summary>
    internal static SandboxResponse Data(Action<Utf8JsonWriter> members) => Write(200, json =>
    {
        json.WriteNumber("code", 200);
        json.WriteStartObject("data");
        members(json);
        json.WriteEndObject();
    });

    /// <summary>A success whose data is an array of one, as video generation gives it.</summary>
    internal static SandboxResponse DataOfOne(Action<Utf8JsonWriter> members) => Write(200, json =>
    {
        json.WriteNumber("code", 200);
        json.WriteStartArray("data");
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        json.WriteEndArray();
    });

    internal static SandboxResponse Write(int status, Action<Utf8JsonWriter> members)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body, s_plain))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return new SandboxResponse(status, Json, body.WrittenMemory);
    }

    private static string ErrorType(int status) => status switch
    {
        401 => "authentication_error",
        402 => "payment_required",
        403 => "permission_error",
        404 => "not_found_error",
        408 => "timeout_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };
}
