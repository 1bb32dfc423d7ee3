namespace Seedance.Tasks;

/// <summary>Whether a final task has all that it should have. A result may come a moment after the word that it is there, or never.</summary>
internal static class ResultCheck
{
    // Two stores behind one API agree within seconds.
    private static readonly TimeSpan s_usual = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_short = TimeSpan.FromSeconds(10);

    /// <summary>True unless the task is final and lacks results.</summary>
    public static bool IsComplete(SeedanceTask task) => Patience(task) == TimeSpan.Zero;

    /// <summary>How long what lacks is worth polling for; zero if nothing lacks.</summary>
    public static TimeSpan Patience(SeedanceTask task) => task switch
    {
        { IsFromLibrary: true } => TimeSpan.Zero,
        { Status: SeedanceTaskStatus.Completed, Kind: TaskKind.Asset } when task.MissingCount > 0 || task.Assets.Any(IsUnderReview) => s_usual,
        { Status: SeedanceTaskStatus.Completed, Kind: TaskKind.Video, Videos.Count: 0 } => s_usual,
        { Status: SeedanceTaskStatus.Completed, Kind: TaskKind.Unknown } => s_short,

        // What failed as a whole has no results, and seldom any later.
        { Status: SeedanceTaskStatus.Failed, Kind: TaskKind.Asset } when task.MissingCount > 0 || task.Assets.Any(IsUnderReview) => s_short,
        _ => TimeSpan.Zero,
    };

    /// <summary>What to say of a task that is given out although it lacks results, or gives one asset to several rows; null if there is nothing to say.</summary>
    public static WaitNotice? Notice(SeedanceTask task)
    {
        if (task.MissingCount > 0 || !IsComplete(task))
        {
            return new WaitNotice($"Task {task.TaskId} is {task.RawStatus ?? task.Status.ToString()}, but {Lacking(task)}. {Advice(task)} (Seedance.IncompleteResult)") { ErrorId = "Seedance.IncompleteResult" };
        }

        var shared = task.Assets.Where(asset => asset.SourceIndex >= 0).GroupBy(asset => asset.AssetId).Where(rows => rows.Count() > 1)
            .Select(rows => $"{rows.Key} for {string.Join(", ", rows.Select(asset => task.Sources[asset.SourceIndex]))}").ToList();
        return shared.Count == 0 ? null : new WaitNotice($"Task {task.TaskId} has one asset for several rows: {string.Join("; ", shared)}. The server took their material for the same.");
    }

    private static bool IsUnderReview(SeedanceAsset asset) =>
        !asset.IsUsable && TaskReader.Status(asset.Status) is SeedanceTaskStatus.Pending or SeedanceTaskStatus.Processing;

    private static string Lacking(SeedanceTask task)
    {
        if (task.Kind != TaskKind.Asset)
        {
            return task.Kind == TaskKind.Video ? "it has no video" : "it has no result";
        }

        if (task.MissingCount == 0)
        {
            return $"{task.Assets.Count(IsUnderReview)} of its assets are still under review";
        }

        var rows = task.SourcesWithoutResult;
        const int Shown = 5;
        var names = rows.Count == 0 ? "which they are cannot be told" : string.Join(", ", rows.Take(Shown)) + (rows.Count > Shown ? $" and {rows.Count - Shown} more" : string.Empty);
        return $"{task.MissingCount} of its {task.Sources.Count} rows have no result: {names}";
    }

    private static string Advice(SeedanceTask task) =>
        task.IsFromLibrary ? "The answer to their submission was lost, and these were not seen in the asset library: Sync-SeedanceJournal looks for them again."
        : $"Poll it again later: Get-SeedanceTask -TaskId {task.TaskId}."
        + (task.Kind == TaskKind.Asset ? " If they still lack it, the line that submitted them sends them again with -Resume -RetryFailed." : string.Empty);
}
