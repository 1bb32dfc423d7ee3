using System.Text.Json;

namespace Seedance.Sandbox.Endpoints;

/// <summary>The members of a JSON body, read as strictly as the service reads them. A null member counts as absent.</summary>
internal readonly struct RequestFields(JsonElement body)
{
    private readonly JsonElement _body = body;

    public static JsonDocument Parse(SandboxRequest request)
    {
        if (request.ContentType is not { } type || !type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
        {
            throw Refusal.Invalid("Content-Type must be application/json");
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(request.Body);
        }
        catch (JsonException)
        {
            throw Refusal.Invalid("The body is not valid JSON");
        }
        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }

        document.Dispose();
        throw Refusal.Invalid("The body must be a JSON object");
    }

    public bool Has(string name) => Find(name) is not null;

    public bool HasAny(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Has(name))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>A string that is not blank, or null when the member is absent.</summary>
    public string? Text(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        var text = String(value) ?? throw Refusal.Invalid($"{name} must be a string");
        return text.Trim().Length > 0 ? text : throw Refusal.Invalid($"{name} must not be empty");
    }

    public long? Number(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var number) => number,
        _ => throw Refusal.Invalid($"{name} must be an integer"),
    };

    public bool? Flag(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Refusal.Invalid($"{name} must be true or false"),
    };

    public RequestFields? Object(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => new RequestFields(value),
        _ => throw Refusal.Invalid($"{name} must be an object"),
    };

    /// <summary>The objects of an array, or null when the member is absent.</summary>
    public List<RequestFields>? Objects(string name) => Items(name)?.ConvertAll(item =>
        item.ValueKind == JsonValueKind.Object
            ? new RequestFields(item)
            : throw Refusal.Invalid($"{name} must hold objects"));

    /// <summary>The strings of an array, or null when the member is absent.</summary>
    public List<string>? Texts(string name) => Items(name)?.ConvertAll(item =>
        String(item) is { Length: > 0 } text
            ? text
            : throw Refusal.Invalid($"{name} must hold strings"));

    private List<JsonElement>? Items(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } value => [.. value.EnumerateArray()],
        _ => throw Refusal.Invalid($"{name} must be an array"),
    };

    private static string? String(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // An escape of half a surrogate pair is valid JSON, and yet no string.
            return null;
        }
    }

    private JsonElement? Find(string name) =>
        _body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
