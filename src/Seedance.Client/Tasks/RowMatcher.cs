using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Seedance.Tasks;

/// <summary>
/// Finds the rows that results came from. Results come in any order, fewer or more than rows, and names may come back
/// changed, so a name is certain only where nothing in the answer speaks against it.
/// </summary>
internal static class RowMatcher
{
    private const int MostBytesOfACharacter = 4;

    /// <summary>The row of each result.</summary>
    /// <param name="rows">The rows, as submitted.</param>
    /// <param name="results">What came back.</param>
    /// <param name="isInOrder">True if the results stand in one list, so that a place in it may say something.</param>
    public static RowMatch[] Match(IReadOnlyList<AssetSource> rows, List<AssetResult> results, bool isInOrder)
    {
        var matches = new RowMatch[results.Count];
        Array.Fill(matches, RowMatch.None);
        if (rows.Count == 0)
        {
            return matches;
        }

        if (MatchExactly(rows, results, matches))
        {
            DoubtWhatMayBeChanged(rows, results, matches);
        }
        else
        {
            SimilarNames.Match(rows, results, matches);
        }

        if (rows.Count == 1 && results.Count == 1)
        {
            matches[0] = matches[0].By == MatchedBy.Name ? matches[0] : new RowMatch(0, MatchedBy.Single);
        }
        else if (isInOrder && results.Count == rows.Count && PlacesHold(rows, results, matches))
        {
            for (var i = 0; i < matches.Length; i++)
            {
                matches[i] = matches[i].Row < 0 ? new RowMatch(i, MatchedBy.Position) : matches[i];
            }
        }

        return matches;
    }

    /// <returns>True if the two sets of names agree: each name that came back is a row's, and comes no more often than rows have it.</returns>
    private static bool MatchExactly(IReadOnlyList<AssetSource> rows, List<AssetResult> results, RowMatch[] matches)
    {
        var named = new Dictionary<string, NameUse>(rows.Count, StringComparer.Ordinal);
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Name is { } name)
            {
                ref var use = ref CollectionsMarshal.GetValueRefOrAddDefault(named, name, out _);
                use = use with { Row = i, Rows = use.Rows + 1 };
            }
        }

        for (var i = 0; i < results.Count; i++)
        {
            if (results[i].Name is { } name)
            {
                ref var use = ref CollectionsMarshal.GetValueRefOrNullRef(named, name);
                if (Unsafe.IsNullRef(ref use) || use.Results == use.Rows)
                {
                    Array.Fill(matches, RowMatch.None);
                    return false;
                }

                use = use with { Results = use.Results + 1 };
                matches[i] = use.Rows == 1 ? new RowMatch(use.Row, MatchedBy.Name) : RowMatch.None;
            }
        }

        return true;
    }

    // Where a row has no result, its name may be what came back, changed into that of another row.
    private static void DoubtWhatMayBeChanged(IReadOnlyList<AssetSource> rows, List<AssetResult> results, RowMatch[] matches)
    {
        var isOpen = new bool[rows.Count];
        Array.Fill(isOpen, true);
        var open = rows.Count;
        foreach (var match in matches)
        {
            if (match.Row >= 0)
            {
                isOpen[match.Row] = false;
                open--;
            }
        }

        if (open == 0 || open == rows.Count)
        {
            return;
        }

        // A server cuts at a length, of characters or of bytes: a name that it could have let grow was not cut.
        var longest = results.Max(one => one.Name?.Length ?? 0);
        var mostBytes = results.Max(one => Encoding.UTF8.GetByteCount(one.Name ?? string.Empty));
        for (var i = 0; i < matches.Length; i++)
        {
            if (matches[i].Row >= 0 && rows.Where((row, place) => isOpen[place] && MayBecome(row.Name, results[i].Name!)).Any())
            {
                matches[i] = matches[i] with { By = MatchedBy.SimilarName };
            }
        }

        bool MayBecome(string? name, string echo) => name is not null && (SimilarNames.Form(name) == SimilarNames.Form(echo)
            || (name.Length > echo.Length && MayBeCut(echo, next: name[echo.Length]) && SimilarNames.Form(name).StartsWith(SimilarNames.Form(echo), StringComparison.Ordinal)));

        bool MayBeCut(string echo, char next) =>
            echo.Length == longest || Encoding.UTF8.GetByteCount(echo) + (char.IsAscii(next) ? 1 : MostBytesOfACharacter) > mostBytes;
    }

    // One name out of place says that the order is not the rows'.
    private static bool PlacesHold(IReadOnlyList<AssetSource> rows, List<AssetResult> results, RowMatch[] matches)
    {
        for (var i = 0; i < matches.Length; i++)
        {
            if (matches[i].Row >= 0 ? matches[i].Row != i : results[i].Name is { } echo && !MayStandAt(i, echo))
            {
                return false;
            }
        }

        return true;

        bool MayStandAt(int place, string echo) => rows[place].Name is { } own
            ? SimilarNames.Resemble(own, echo)
            : !rows.Any(row => row.Name is { } other && SimilarNames.Resemble(other, echo));
    }

    /// <summary>How often a name is used, by rows and by results, and the last row that has it.</summary>
    private readonly record struct NameUse(int Row, int Rows, int Results);
}
