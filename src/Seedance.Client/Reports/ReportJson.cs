using System.Text.Json;

namespace Seedance.Reports;

/// <summary>
/// The form in which the page's script reads what it shows. The encoder is the strictest there is: no text can end the
/// element that the JSON stands in.
/// </summary>
internal static class ReportJson
{
    public static void Write(Utf8JsonWriter json, ReportRow row, ReportThumbnail? thumbnail)
    {
        json.WriteStartObject();
        json.WriteString("state", row.State.ToString());
        json.WriteString("type", row.Type.ToString());
        WriteNumber(json, "row", row.Row);
        WriteText(json, "id", row.RowId);
        WriteText(json, "name", row.Name);
        WriteColumns(json, row.KeptColumns);
        WriteText(json, "asset", row.AssetUrl);
        WriteText(json, "matchedBy", row.MatchedBy is { } matchedBy and not MatchedBy.None ? matchedBy.ToString() : null);
        WriteText(json, "task", row.TaskId);
        WriteNumber(json, "tries", row.Tries);
        WriteNumber(json, "seconds", row.Duration is { } duration ? Math.Round((decimal)duration.TotalSeconds, 3) : null);
        WriteText(json, "error", row.Error);
        WriteText(json, "advice", row.Advice);
        WriteThumbnail(json, thumbnail);
        WriteText(json, "video", WebAddress.IsOne(row.VideoUrl) ? row.VideoUrl : null);
        WriteText(json, "expires", row.VideoExpiresAt?.ToString("O"));
        WriteNumber(json, "cost", row.Cost);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, ReportTotals totals)
    {
        json.WriteStartObject();
        json.WriteStartArray("states");
        foreach (var (state, word, count) in totals.States)
        {
            json.WriteStartObject();
            json.WriteString("state", state.ToString());
            json.WriteString("word", word);
            json.WriteNumber("count", count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("thumbnailsLeftOut", totals.ThumbnailsLeftOut);
        json.WriteEndObject();
    }

    // Pairs: an object's members would lose their order where names are numbers.
    private static void WriteColumns(Utf8JsonWriter json, IReadOnlyCollection<KeyValuePair<string, string?>> columns)
    {
        if (columns.Count == 0)
        {
            return;
        }

        json.WriteStartArray("columns");
        foreach (var (name, value) in columns)
        {
            json.WriteStartArray();
            json.WriteStringValue(ReportText.Printable(name));
            json.WriteStringValue(ReportText.Printable(value ?? string.Empty));
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteThumbnail(Utf8JsonWriter json, ReportThumbnail? thumbnail)
    {
        switch (thumbnail)
        {
            case null:
                break;
            case { Address: { } address }:
                json.WriteString("thumbnail", address);
                break;
            default:
                json.WriteString("thumbnailType", thumbnail.MediaType);
                json.WriteBase64String("thumbnailBytes", thumbnail.Content.Span);
                break;
        }
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, ReportText.Printable(value));
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }
}
