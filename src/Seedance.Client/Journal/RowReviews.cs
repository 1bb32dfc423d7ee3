using System.Numerics;

namespace Seedance;

/// <summary>
/// Derives from the end of a task which of its rows failed. Only what is certain decides: by name, as the only one, or
/// where all of them came to the same. A guess says no more than that a row may be one of those.
/// </summary>
public static class RowReviews
{
    private const int MaxRows = 64;

    /// <summary>Returns how the review of each row of a task ended, in the order of its <see cref="SeedanceTask.Sources"/>.</summary>
    public static IReadOnlyList<RowReview> From(SeedanceTask task)
    {
        var (failed, unclear) = task.IsFromLibrary
            ? DeriveFromLibrary(task.Sources.Count, task.Assets.Select(asset => (asset.SourceIndex, HasPassed(asset.IsUsable, asset.Status), asset.Status)))
            : Derive(task.Kind, task.Status, task.Sources.Count, task.Assets.Select(asset => (asset.SourceIndex, HasPassed(asset.IsUsable, asset.Status), asset.MatchedBy)));
        return [.. Enumerable.Range(0, task.Sources.Count).Select(row => At(row, failed, unclear))];
    }

    /// <summary>One bit a row: those that surely failed, or have no result; and those that may have.</summary>
    internal static (ulong Failed, ulong Unclear) Derive(
        TaskKind kind, SeedanceTaskStatus? status, int rowCount, IEnumerable<(int Row, bool IsUsable, MatchedBy By)> results)
    {
        var all = rowCount >= MaxRows ? ulong.MaxValue : (1UL << rowCount) - 1;
        var (passed, failed, guesses, usableGuesses) = (0UL, 0UL, 0, 0);
        var hasAny = false;
        foreach (var (row, isUsable, by) in results)
        {
            hasAny = true;
            if (by is MatchedBy.Name or MatchedBy.Single && row is >= 0 and < MaxRows)
            {
                passed |= isUsable ? 1UL << row : 0;
                failed |= isUsable ? 0 : 1UL << row;
            }
            else
            {
                guesses++;
                usableGuesses += isUsable ? 1 : 0;
            }
        }

        if (!hasAny)
        {
            // A video is no asset: only a task that failed as a whole failed for its rows.
            return kind == TaskKind.Asset || status is SeedanceTaskStatus.Failed or SeedanceTaskStatus.Cancelled ? (all, 0UL) : (0UL, 0UL);
        }

        // What has no result although all results have their rows, is to be tried again.
        var rest = all & ~(passed | failed);
        var isWhole = guesses >= BitOperations.PopCount(rest);
        return guesses == 0 || (isWhole && usableGuesses == 0) ? (failed | rest, 0UL)
            : isWhole && usableGuesses == guesses ? (failed, 0UL)
            : (failed, rest);
    }

    /// <summary>The same of a task that was found in the library: its results are certain, and a row that was not seen there may still be there.</summary>
    internal static (ulong Failed, ulong Unclear) DeriveFromLibrary(int rowCount, IEnumerable<(int Row, bool IsUsable, string? Status)> results)
    {
        var unclear = rowCount >= MaxRows ? ulong.MaxValue : (1UL << rowCount) - 1;
        var failed = 0UL;
        foreach (var (row, isUsable, status) in results.Where(result => result.Row is >= 0 and < MaxRows))
        {
            unclear &= ~(1UL << row);
            failed |= isUsable || status == SeedanceAsset.UnderReview ? 0 : 1UL << row;
        }

        return (failed, unclear);
    }

    /// <summary>Whether an asset has passed: one that was deleted had, and nobody wants it sent again for having failed.</summary>
    internal static bool HasPassed(bool isUsable, string? status) => isUsable || AssetChanges.IsDeletion(status);

    internal static RowReview At(int row, ulong failed, ulong unclear) =>
        (failed >> row & 1) != 0 ? RowReview.Failed : (unclear >> row & 1) != 0 ? RowReview.Unclear : RowReview.None;
}
