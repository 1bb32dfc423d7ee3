using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Seedance.Reports;

/// <summary>The page around the rows: the files of the folder Page, with their <c>{{slots}}</c> filled.</summary>
internal sealed partial class ReportPage(ReportHead head)
{
    private static readonly HtmlEncoder s_html = HtmlEncoder.Create(UnicodeRanges.All);
    private static readonly string s_style = Read("page.css");

    // One script, of files that share their names: what stands above is used below.
    private static readonly string s_script = string.Join('\n', new[] { "words.js", "csv.js", "clipboard.js", "tile.js", "feed.js", "page.js" }.Select(Read));

    private static readonly string[] s_template = Read("page.html").Split("{{rows}}\n");

    /// <summary>All that comes before the rows.</summary>
    public string Top() => Fill(s_template[0], slot => slot switch
    {
        "policy" => Policy(),
        "style" => s_style,
        "title" => Encode(head.Title),
        "facts" => string.Concat(Facts().Select(fact => $"<div><dt>{fact.Name}</dt><dd>{Fact(fact.Value!)}{Detail(fact.Detail)}</dd></div>")),
        "next-hidden" => string.IsNullOrEmpty(head.NextCommand) ? " hidden" : string.Empty,
        "next" => Encode(head.NextCommand ?? string.Empty),
        _ => throw new InvalidOperationException($"The page has no value for {slot}."),
    });

    /// <summary>All that comes after the rows.</summary>
    public string Bottom(ReportTotals totals) => Fill(s_template[1], slot => slot switch
    {
        "counts" => string.Concat(totals.States.Where(item => item.Count > 0).Select(item =>
            $"<tr><th scope=\"row\">{item.Word}</th><td>{item.Count.ToString("N0", CultureInfo.InvariantCulture)}</td></tr>")),
        "created" => head.CreatedAt is null ? string.Empty : $"Written {Text(head.CreatedAt)}.",
        "totals" => Json(totals),
        "script" => s_script,
        _ => throw new InvalidOperationException($"The page has no value for {slot}."),
    });

    private IEnumerable<(string Name, string? Value, string? Detail)> Facts()
    {
        IEnumerable<(string Name, string? Value, string? Detail)> facts =
        [
            ("Account", head.AccountName, null),
            ("Run", head.RunName ?? head.RunId, head.RunName is null ? null : head.RunId),
            ("Group", head.GroupName ?? head.GroupId, head.GroupName is null ? null : head.GroupId),
            head.EndedAt is null ? ("Started", Text(head.StartedAt), null) : ("Ran", Times(), null),
            ("Duration", Text(head.Duration), null),
            ("Requests", head.Requests?.ToString("N0", CultureInfo.InvariantCulture), null),
            ("Cost", head.Cost is { } cost ? "$" + cost.ToString("#,0.00##", CultureInfo.InvariantCulture) : null, null),
        ];
        return facts.Where(fact => !string.IsNullOrEmpty(fact.Value));
    }

    // A day that both share is said once.
    private string? Times() => head switch
    {
        { StartedAt: null } => Text(head.EndedAt),
        { StartedAt: { } start, EndedAt: { } end } when start.Date == end.Date && start.Offset == end.Offset =>
            string.Create(CultureInfo.InvariantCulture, $"{start:d MMMM yyyy, HH:mm:ss} to {end:HH:mm:ss zzz}"),
        _ => $"{Text(head.StartedAt)} to {Text(head.EndedAt)}",
    };

    // Nothing runs and nothing styles but what is in the page, and nothing is loaded but pictures.
    private string Policy() =>
        $"default-src 'none'; script-src '{Hash(s_script)}'; style-src '{Hash(s_style)}'; "
        + $"img-src data:{(head.IncludeThumbnails ? " https: http:" : string.Empty)}; base-uri 'none'; form-action 'none'";

    private static string Fact(string value) => $"<bdi>{Encode(value)}</bdi>";

    private static string Detail(string? value) => string.IsNullOrEmpty(value) ? string.Empty : $" <small>{Fact(value)}</small>";

    private static string? Text(DateTimeOffset? time) => time?.ToString("d MMMM yyyy, HH:mm:ss zzz", CultureInfo.InvariantCulture);

    private static string? Text(TimeSpan? span) => span switch
    {
        null => null,
        { TotalHours: >= 1 } duration => string.Create(CultureInfo.InvariantCulture, $"{(long)duration.TotalHours:N0} h {duration.Minutes} min"),
        { TotalMinutes: >= 1 } duration => string.Create(CultureInfo.InvariantCulture, $"{duration.Minutes} min {duration.Seconds} s"),
        { } duration => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.#} s"),
    };

    private static string Encode(string text) => s_html.Encode(ReportText.Printable(text));

    private static string Json(ReportTotals totals)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            ReportJson.Write(json, totals);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Hash(string content) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}";

    private static string Fill(string template, Func<string, string> value) => Slot().Replace(template, match => value(match.Groups[1].Value));

    // A browser hashes what it has read, and it reads every line end as a line feed.
    private static string Read(string file)
    {
        using var reader = new StreamReader(typeof(ReportPage).Assembly.GetManifestResourceStream($"Seedance.Reports.{file}")!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"\{\{([a-z-]+)\}\}")]
    private static partial Regex Slot();
}
