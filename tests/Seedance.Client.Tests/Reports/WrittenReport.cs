using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Seedance.Client.Tests.Reports;

/// <summary>A report as it was written.</summary>
internal sealed partial class WrittenReport(string text)
{
    public string Text { get; } = text;

    /// <summary>The rows, block by block.</summary>
    public IReadOnlyList<JsonElement[]> Blocks { get; } =
        [.. Block().Matches(text).Select(match => JsonSerializer.Deserialize<JsonElement[]>(match.Groups[1].Value)!)];

    public JsonElement[] Rows => [.. Blocks.SelectMany(rows => rows)];

    public JsonElement Totals => JsonSerializer.Deserialize<JsonElement>(Between("<script type=\"application/json\" id=\"totals\">", "</script>"));

    public static async Task<WrittenReport> WriteAsync(ReportHead head, params IEnumerable<ReportRow> rows)
    {
        using var stream = new MemoryStream();
        await ReportWriter.WriteAsync(stream, head, rows, TestContext.Current.CancellationToken);
        return new WrittenReport(new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(stream.ToArray()));
    }

    public static Task<WrittenReport> WriteAsync(params IEnumerable<ReportRow> rows) => WriteAsync(new ReportHead { Title = "A report" }, rows);

    public string Between(string start, string end)
    {
        var at = Text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return Text[at..Text.IndexOf(end, at, StringComparison.Ordinal)];
    }

    [GeneratedRegex("<script type=\"application/json\" class=\"rows\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Block();
}
