namespace Seedance.Journal.FileStore;

/// <summary>
/// Which rows of a task failed, by the line of its end. Only what is certain decides: by name, as the only one, or where
/// all of them came to the same. A guess says no more than that a row may be one of those.
/// </summary>
internal static class ReviewedRows
{
    private const int Most = 64;

    /// <summary>One bit a row: those that surely failed, or have no result; and those that may have.</summary>
    public static (ulong Failed, ulong Unclear) Read(JournalLine line, int rowCount)
    {
        var all = rowCount >= Most ? ulong.MaxValue : (1UL << rowCount) - 1;
        var assets = line.Assets ?? [];
        if (assets.Count == 0)
        {
            // A video is no asset: only a task that failed as a whole failed for its rows.
            return line.Kind == TaskKind.Asset || line.Status is SeedanceTaskStatus.Failed or SeedanceTaskStatus.Cancelled ? (all, 0UL) : (0UL, 0UL);
        }

        var (passed, failed, hasGuess) = (0UL, 0UL, false);
        foreach (var asset in assets)
        {
            var bit = asset.By is MatchedBy.Name or MatchedBy.Single && asset.Row is >= 0 and < Most ? 1UL << asset.Row : 0;
            hasGuess |= bit == 0;
            passed |= asset.Usable ? bit : 0;
            failed |= asset.Usable ? 0 : bit;
        }

        var rest = all & ~(passed | failed);
        if (!hasGuess)
        {
            // What has no result although all results have their rows, is to be tried again.
            return (failed | rest, 0UL);
        }

        var guessed = assets.Where(asset => asset.By is not (MatchedBy.Name or MatchedBy.Single)).ToList();
        return guessed.Count >= System.Numerics.BitOperations.PopCount(rest) && guessed.TrueForAll(asset => asset.Usable) ? (failed, 0UL)
            : guessed.Count >= System.Numerics.BitOperations.PopCount(rest) && guessed.TrueForAll(asset => !asset.Usable) ? (failed | rest, 0UL)
            : (failed, rest);
    }
}
