using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Seedance.Tasks;

/// <summary>Matches names that came back changed: in other case, trimmed, escaped, normalised or cut.</summary>
internal static partial class SimilarNames
{
    // A shorter beginning says too little.
    public const int ShortestCut = 4;

    /// <summary>Matches each result that resembles one row alone, where no other result does.</summary>
    public static void Match(IReadOnlyList<AssetSource> rows, List<AssetResult> results, RowMatch[] matches)
    {
        var forms = rows.Select(row => row.Name is null ? null : Form(row.Name)).ToArray();
        var open = new List<(int Result, HashSet<int> Rows)>();
        for (var i = 0; i < results.Count; i++)
        {
            if (results[i].Name is { } echo)
            {
                open.Add((i, Candidates(rows, forms, results, echo)));
            }
        }

        // Each row that is found is one that no other result can have come from, until nothing follows any more.
        while (open.Find(one => one.Rows.Count == 1 && open.Count(other => other.Rows.SetEquals(one.Rows)) == 1) is { Rows: { } found } next)
        {
            var row = found.Single();
            matches[next.Result] = new RowMatch(row, MatchedBy.SimilarName);
            open.Remove(next);
            open.ForEach(one => one.Rows.Remove(row));
        }
    }

    /// <summary>True if the echo may be the name, changed.</summary>
    public static bool Resemble(string name, string echo) => FormsResemble(Form(name), Form(echo));

    /// <summary>What is left of a name when all is taken from it that servers change.</summary>
    public static string Form(string name)
    {
        var text = name.Contains('\\') ? JsonEscape().Replace(name, static escape => Unescape(escape.Value)) : name;
        text = text.Contains('&') ? WebUtility.HtmlDecode(text) : text;
        text = text.Contains('%') ? Uri.UnescapeDataString(text) : text;
        try
        {
            text = text.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            // Half a surrogate pair: it has no other form.
        }

        return BlankOrControl().Replace(text, " ").Trim().TrimEnd('.', '…').ToUpperInvariant();
    }

    private static HashSet<int> Candidates(IReadOnlyList<AssetSource> rows, string?[] forms, List<AssetResult> results, string echo)
    {
        var form = Form(echo);
        var exact = new HashSet<int>();
        var similar = new HashSet<int>();
        for (var row = 0; row < forms.Length; row++)
        {
            if (forms[row] is { } own && FormsResemble(own, form))
            {
                similar.Add(row);
                if (rows[row].Name == echo)
                {
                    exact.Add(row);
                }
            }
        }

        // The very name, on one side and on the other, says more than a likeness.
        return exact.Count == 1 && results.Count(one => one.Name == echo) == 1 ? exact : similar;
    }

    private static bool FormsResemble(string name, string echo) =>
        name == echo || (echo.Length >= ShortestCut && name.StartsWith(echo, StringComparison.Ordinal));

    private static string Unescape(string escape) => escape.Length == 6
        ? ((char)Convert.ToUInt16(escape[2..], 16)).ToString()
        : escape[1..];

    [GeneratedRegex(@"\\(u[0-9A-Fa-f]{4}|[""\\/])", RegexOptions.CultureInvariant)]
    private static partial Regex JsonEscape();

    [GeneratedRegex(@"[\s\p{Cc}\p{Cf}]+", RegexOptions.CultureInvariant)]
    private static partial Regex BlankOrControl();
}
