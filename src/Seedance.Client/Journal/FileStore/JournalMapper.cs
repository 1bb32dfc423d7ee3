namespace Seedance.Journal.FileStore;

/// <summary>Puts tasks together from journal lines, and writes them as such.</summary>
internal static class JournalMapper
{
    /// <summary>The lines of a task: what was sent, what came back, and how it ended if that was seen.</summary>
    public static SeedanceTask Restore(string taskId, JournalLine intent, AvatarGroup? group, JournalLine? final)
    {
        var task = new SeedanceTask
        {
            TaskId = taskId,
            Kind = intent.Kind ?? TaskKind.Unknown,
            Status = SeedanceTaskStatus.Processing,
            CreatedAt = intent.At,
            SubmittedAt = intent.At,
            Group = group ?? intent.Group,
            ProjectName = intent.Project,
            AssetType = intent.AssetType,
            Sources = intent.Kind is TaskKind.Asset or TaskKind.Video
                ? [.. (intent.Rows ?? []).Select(row => new AssetSource(row.Url)
                {
                    Name = row.Name,
                    AssetType = intent.AssetType ?? default,
                    Group = group ?? intent.Group,
                    ProjectName = intent.Project,
                })]
                : [],
        };
        return final is null ? task : task with
        {
            Group = task.Group is null ? final.Group : task.Group with { GroupId = task.Group.GroupId ?? final.GroupId },
            Status = final.Status ?? task.Status,
            RawStatus = final.Status?.ToString().ToLowerInvariant(),
            Progress = final.Status == SeedanceTaskStatus.Cancelled ? 0 : 100,
            CreatedAt = final.Created ?? task.CreatedAt,
            CompletedAt = final.At,
            Error = final.Code is null && final.Message is null ? null : new TaskError(final.Code, final.Message),
            Assets = [.. Assets(final)],
        };
    }

    /// <summary>The line for how a task ended. It stands on its own, so that assets are recalled by reading such lines alone.</summary>
    public static JournalLine Final(SeedanceTask task, string account, DateTimeOffset now) => new()
    {
        Type = JournalLineType.Final,
        At = task.CompletedAt ?? now,
        Account = account,
        Task = task.TaskId,
        Kind = task.Kind,
        Status = task.Status,
        Group = task.Group,
        Project = task.ProjectName,
        AssetType = task.AssetType,
        Code = task.Error?.Code,
        Message = task.Error?.Message,
        Created = task.CreatedAt,
        Assets = task.Assets.Count == 0 ? null
            : [.. task.Assets.Select(asset => new JournalLine.LineAsset
            {
                Id = asset.AssetId,
                Url = asset.AssetUrl,
                Status = asset.Status,
                Usable = asset.IsUsable,
                Name = asset.Name,
                SourceUrl = asset.SourceUrl,
                Row = asset.SourceIndex,
                By = asset.MatchedBy,
            })],
    };

    /// <summary>The assets that a final line holds.</summary>
    public static IEnumerable<SeedanceAsset> Assets(JournalLine final) => (final.Assets ?? []).Select(asset => new SeedanceAsset
    {
        AssetId = asset.Id,
        AssetUrl = asset.Url ?? $"asset://{asset.Id}",
        Status = asset.Status,
        IsUsable = asset.Usable,
        Name = asset.Name,
        SourceUrl = asset.SourceUrl,
        SourceIndex = asset.Row,
        AssetType = final.AssetType,
        GroupId = final.GroupId,
        ProjectName = final.Project,
        IsRealPerson = final.RealPerson ?? false,
        TaskId = final.Task ?? string.Empty,
        MatchedBy = asset.By,
    });
}
