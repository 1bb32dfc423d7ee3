using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Seedance.Http;

/// <summary>
/// Fields of a request that this version does not know, sent as they are: text, numbers, true and false, nulls, and lists and
/// dictionaries of them.
/// </summary>
internal static class AdditionalFields
{
    private const int MaxDepth = 16;

    /// <summary>Returns why the fields cannot be sent; null if they can, or there are none.</summary>
    public static string? Objection(IReadOnlyDictionary<string, object?>? fields) =>
        fields?.Select(field => field.Key.Trim().Length == 0 ? "a field has no name" : Objection(field.Value, 0) is { } objection ? $"'{Redaction(field.Key)}' {objection}" : null)
            .FirstOrDefault(objection => objection is not null);

    /// <summary>Writes a request's own fields, then the additional ones in the order of their names, so that the same fields are the same text.</summary>
    public static byte[] Write<T>(T value, JsonTypeInfo<T> format, IReadOnlyDictionary<string, object?>? fields, JsonWriterOptions options = default)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            if (fields is null or { Count: 0 })
            {
                JsonSerializer.Serialize(writer, value, format);
            }
            else
            {
                writer.WriteStartObject();
                foreach (var own in JsonSerializer.SerializeToElement(value, format).EnumerateObject())
                {
                    own.WriteTo(writer);
                }

                WriteMembers(writer, fields);
                writer.WriteEndObject();
            }
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string? Objection(object? value, int depth) => value switch
    {
        _ when depth > MaxDepth => $"is nested deeper than {MaxDepth}",
        null or string or bool or DateTime or DateTimeOffset or Guid or Uri or Enum => null,
        double number => double.IsFinite(number) ? null : "is no number",
        float number => float.IsFinite(number) ? null : "is no number",
        byte or sbyte or short or ushort or int or uint or long or ulong or decimal => null,
        IReadOnlyDictionary<string, object?> members => members.Values.Select(member => Objection(member, depth + 1)).FirstOrDefault(objection => objection is not null),
        IEnumerable items and not IDictionary => items.Cast<object?>().Select(item => Objection(item, depth + 1)).FirstOrDefault(objection => objection is not null),
        _ => $"holds a {value.GetType().Name}, which JSON has no form for",
    };

    private static void WriteMembers(Utf8JsonWriter writer, IReadOnlyDictionary<string, object?> members)
    {
        foreach (var (name, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(name);
            Write(writer, value);
        }
    }

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case DateTime or DateTimeOffset:
                writer.WriteStringValue(((IFormattable)value).ToString("o", CultureInfo.InvariantCulture));
                break;
            case Guid or Uri or Enum:
                writer.WriteStringValue(value.ToString());
                break;
            case IReadOnlyDictionary<string, object?> members:
                writer.WriteStartObject();
                WriteMembers(writer, members);
                writer.WriteEndObject();
                break;
            case IEnumerable items:
                writer.WriteStartArray();
                foreach (var item in items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteRawValue(Convert.ToString(value, CultureInfo.InvariantCulture)!);
                break;
        }
    }

    private static string Redaction(string name) => Errors.Redaction.Quote(name) ?? string.Empty;
}
