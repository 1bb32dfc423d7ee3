namespace Seedance.Library;

/// <summary>
/// The task of a request whose answer was lost and whose rows were found in the library. The API has told nobody its id,
/// so it has one of ours, and its state is that of its assets.
/// </summary>
internal static class LibraryTask
{
    /// <summary>Returns the task of a request, from the entries that are surely of its rows.</summary>
    /// <param name="request">The request.</param>
    /// <param name="group">The group, with its id.</param>
    /// <param name="found">The entries, with the places of their rows.</param>
    public static SeedanceTask Create(JournalOpenRequest request, AvatarGroup group, IEnumerable<(int Row, LibraryAsset Entry)> found)
    {
        var intent = request.Intent;
        var taskId = SeedanceTask.LibraryId(intent.IntentId);
        var sources = intent.Rows.Select(row => row.Source with { Group = group }).ToList();
        return With(
            new SeedanceTask
            {
                TaskId = taskId,
                Kind = TaskKind.Asset,
                CreatedAt = request.SentAt,
                SubmittedAt = request.SentAt,
                Group = group,
                ProjectName = intent.ProjectName,
                AssetType = intent.AssetType,
                Sources = sources,
            },
            [.. found.Select(one => Read(one.Entry, new SeedanceAsset
            {
                AssetId = one.Entry.AssetId,
                AssetUrl = one.Entry.ToString(),
                Name = sources[one.Row].Name,
                Source = sources[one.Row],
                SourceIndex = one.Row,
                MatchedBy = MatchedBy.Name,
                AssetType = intent.AssetType,
                GroupId = group.GroupId,
                ProjectName = intent.ProjectName,
                IsRealPerson = group.IsRealPerson,
                TaskId = taskId,
            }))]);
    }

    /// <summary>Returns an asset as the library shows it now; what is gone is not usable.</summary>
    public static SeedanceAsset Read(LibraryAsset? entry, SeedanceAsset asset) => asset with
    {
        IsUsable = entry is { IsUsable: true },
        Error = entry?.Error ?? asset.Error,
        Status = entry is null ? SeedanceAsset.Gone : entry.IsUsable || entry.HasFailed ? entry.Status : SeedanceAsset.UnderReview,
    };

    /// <summary>Returns the task with its assets as they are now, which decide its state.</summary>
    public static SeedanceTask With(SeedanceTask task, IReadOnlyList<SeedanceAsset> assets)
    {
        var status = assets.Any(asset => asset.Status == SeedanceAsset.UnderReview) ? SeedanceTaskStatus.Processing
            : assets.All(asset => asset.IsUsable || asset.IsDeleted) ? SeedanceTaskStatus.Completed
            : SeedanceTaskStatus.Failed;
        return task with
        {
            Assets = assets,
            Status = status,
            RawStatus = status.ToString().ToLowerInvariant(),
            Error = assets.FirstOrDefault(asset => asset is { IsUsable: false, IsDeleted: false, Error: not null })?.Error ?? task.Error,
            Progress = status == SeedanceTaskStatus.Completed ? 100 : task.Progress,
        };
    }
}
