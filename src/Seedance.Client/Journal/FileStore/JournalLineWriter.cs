using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Seedance.Journal.FileStore;

/// <summary>Writes journal lines: members in the order of <see cref="JournalLine"/>, of which the type comes first; what is null is left out.</summary>
internal static class JournalLineWriter
{
    // Letters of every script as they are: a journal is read by people too.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the line with its end.</summary>
    public static void Write(IBufferWriter<byte> buffer, JournalLine line)
    {
        using (var writer = new Utf8JsonWriter(buffer, s_options))
        {
            JsonSerializer.Serialize(writer, line, JournalLineFormat.Default.JournalLine);
        }

        buffer.Write("\n"u8);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(JournalLine))]
internal sealed partial class JournalLineFormat : JsonSerializerContext;
