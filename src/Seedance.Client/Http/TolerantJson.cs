using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Seedance.Errors;

namespace Seedance.Http;

/// <summary>Reads what the API and the gateways before it really send: any member may be missing, null, or of another kind than documented.</summary>
internal static class TolerantJson
{
    /// <summary>The member, or an undefined element when there is none.</summary>
    public static JsonElement At(this JsonElement element, string name)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;
        }
        catch (InvalidOperationException)
        {
            // Another member's name is not text at all; this one may still be there.
            return element.EnumerateObject().FirstOrDefault(member => HasName(member, name)).Value;
        }
    }

    /// <summary>The first of the members that is there.</summary>
    public static JsonElement At(this JsonElement element, string name, string otherName)
    {
        var value = element.At(name);
        return value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? element.At(otherName) : value;
    }

    /// <summary>The text of a string or number, without control characters; null for anything else, and for an empty string.</summary>
    public static string? Text(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => TryGetString(element) is { Length: > 0 } text ? Redaction.Printable(text) : null,
        JsonValueKind.Number => element.GetRawText(),
        _ => null,
    };

    /// <summary>A number, or the number that a string such as <c>"45%"</c> holds.</summary>
    public static double? Number(this JsonElement element)
    {
        var text = element.Text();
        return text is not null
            && double.TryParse(text.AsSpan().Trim().TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) ? number : null;
    }

    /// <summary>The items of an array; a lone value counts as an array of one.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray(),
        JsonValueKind.Undefined or JsonValueKind.Null => [],
        _ => [element],
    };

    /// <summary>A time given in Unix seconds, or in milliseconds, as some gateways do.</summary>
    public static DateTimeOffset? UnixTime(this JsonElement element)
    {
        const double FirstMillisecondValue = 100_000_000_000;
        return element.Number() switch
        {
            null or <= 0 => null,
            < FirstMillisecondValue and var seconds => DateTimeOffset.FromUnixTimeSeconds((long)seconds),
            <= 1000 * FirstMillisecondValue and var milliseconds => DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds),
            _ => null,
        };
    }

    /// <summary>A span given in seconds.</summary>
    public static TimeSpan? Seconds(this JsonElement element) =>
        element.Number() is >= 0 and < 1e9 and var seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>The JSON as it came, on one line; bytes that are no text are shown as such.</summary>
    public static string? Raw(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Undefined ? null : Redaction.Printable(Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(element)));

    /// <summary>The task's id under either of its names; null if there is none.</summary>
    public static string? TaskId(this JsonElement data) => data.At("id", "task_id").Text();

    /// <summary>An error given as an object or as plain text.</summary>
    public static TaskError? Error(this JsonElement error) => error.ValueKind switch
    {
        JsonValueKind.Object => new TaskError(Redaction.ServerText(error.At("code", "type").Text()), Redaction.ServerText(error.At("message", "msg").Text())),
        JsonValueKind.String => Redaction.ServerText(error.Text()) is { } text ? new TaskError(null, text) : null,
        _ => null,
    };

    private static bool HasName(JsonProperty member, string name)
    {
        try
        {
            return member.NameEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    // A string may hold escapes of half a surrogate pair, which no .NET string can be made of.
    private static string? TryGetString(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
