namespace Seedance.Tasks;

/// <summary>
/// Decides about assets that a list holds more than once. A server that deduplicates gives several rows one asset; other
/// lists merely repeat themselves.
/// </summary>
internal static class AssetRepeats
{
    /// <summary>The results without those that only repeat others: what is left names rows of its own.</summary>
    public static List<AssetResult> Reduce(List<AssetResult> results, IReadOnlyList<AssetSource> rows)
    {
        // Under other names, one asset stands for other rows. Without, only a list as long as the rows says that it does.
        var distinct = results.DistinctBy(one => (one.AssetId, one.Name)).ToList();
        var isShared = results.Count == rows.Count && results.TrueForAll(one => one.Name is null || rows.Count(row => row.Name == one.Name) != 1 || results.Count(other => other == one) == 1);
        return isShared ? results
            : distinct.Count <= rows.Count ? distinct
            : [.. results.DistinctBy(one => one.AssetId)];
    }
}
