using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Seedance.Journal.FileStore;

/// <summary>
/// Writes journal lines, member by member; what is null is left out. The counterpart of <see cref="JournalLineReader"/>:
/// a short run would spend more time on getting a serializer ready than on all its lines.
/// </summary>
internal static class JournalLineWriter
{
    // Letters of every script as they are: a journal is read by people too.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the line with its end.</summary>
    public static void Write(IBufferWriter<byte> buffer, JournalLine line)
    {
        using (var writer = new Utf8JsonWriter(buffer, s_options))
        {
            // The type comes first: what looks for lines of one type reads no further.
            writer.WriteStartObject();
            writer.WriteString("type", line.Type.ToString());
            Number(writer, "version", line.Version);
            Time(writer, "at", line.At);
            Text(writer, "account", line.Account);
            Text(writer, "run", line.Run);
            Text(writer, "runName", line.RunName);
            Text(writer, "computer", line.Computer);
            Number(writer, "process", line.Process);
            Text(writer, "key", line.Key);
            Text(writer, "endpoint", line.Endpoint);
            Text(writer, "legacy", line.Legacy);
            Text(writer, "intent", line.Intent);
            Text(writer, "task", line.Task);
            Text(writer, "kind", line.Kind?.ToString());
            Text(writer, "state", line.State?.ToString());
            Text(writer, "status", line.Status?.ToString());
            Text(writer, "groupId", line.GroupId);
            Text(writer, "groupName", line.GroupName);
            Truth(writer, "realPerson", line.RealPerson);
            Truth(writer, "implied", line.Implied);
            Text(writer, "project", line.Project);
            Text(writer, "assetType", line.AssetType?.ToString());
            Text(writer, "code", line.Code);
            Text(writer, "message", line.Message);
            Time(writer, "created", line.Created);
            Time(writer, "sent", line.Sent);
            Text(writer, "hash", line.Hash);
            Text(writer, "url", line.Url);
            Text(writer, "path", line.Path);
            Time(writer, "expires", line.Expires);
            Amount(writer, "cost", line.Cost);
            Truth(writer, "again", line.Again);
            Truth(writer, "cleared", line.Cleared);
            Number(writer, "total", line.Total);
            Number(writer, "invalid", line.Invalid);
            Number(writer, "earlier", line.Earlier);
            Number(writer, "doubtful", line.Doubtful);
            Number(writer, "elsewhere", line.Elsewhere);
            List(writer, "rows", line.Rows, Row);
            List(writer, "assets", line.Assets, Asset);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
    }

    private static void Row(Utf8JsonWriter writer, JournalLine.LineRow row)
    {
        Text(writer, "key", row.Key);
        Text(writer, "name", row.Name);
        Text(writer, "sourceUrl", row.SourceUrl);
        Truth(writer, "cut", row.Cut);
        Number(writer, "number", row.Number);
        Text(writer, "rowId", row.RowId);
        if (row.Kept is { } kept)
        {
            writer.WriteStartObject("kept");
            foreach (var (column, value) in kept)
            {
                writer.WriteString(column, value);
            }

            writer.WriteEndObject();
        }

        Text(writer, "supersedes", row.Supersedes);
        Number(writer, "supersedesRow", row.SupersedesRow);
    }

    private static void Asset(Utf8JsonWriter writer, JournalLine.LineAsset asset)
    {
        Text(writer, "id", asset.Id);
        Text(writer, "url", asset.Url);
        Text(writer, "status", asset.Status);
        Truth(writer, "usable", asset.Usable);
        Number(writer, "row", asset.Row);
        Text(writer, "by", asset.By.ToString());
        Row(writer, asset);
    }

    private static void List<T>(Utf8JsonWriter writer, string name, IReadOnlyList<T>? items, Action<Utf8JsonWriter, T> write)
    {
        if (items is null)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            writer.WriteStartObject();
            write(writer, item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Text(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void Number(Utf8JsonWriter writer, string name, int? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    private static void Amount(Utf8JsonWriter writer, string name, decimal? value)
    {
        if (value is { } amount)
        {
            writer.WriteNumber(name, amount);
        }
    }

    private static void Truth(Utf8JsonWriter writer, string name, bool? value)
    {
        if (value is { } truth)
        {
            writer.WriteBoolean(name, truth);
        }
    }

    private static void Time(Utf8JsonWriter writer, string name, DateTimeOffset? value)
    {
        if (value is { } time)
        {
            writer.WriteString(name, time);
        }
    }
}
