namespace Seedance.Journal.FileStore;

/// <summary>Puts tasks together from journal lines, and writes them as such.</summary>
internal static class JournalMapper
{
    /// <summary>The line of a request that is about to leave.</summary>
    public static JournalLine Intent(JournalIntent intent, string account, DateTimeOffset now) => new()
    {
        Type = JournalLineType.Intent,
        Intent = intent.IntentId,
        At = now,
        Account = account,
        Run = intent.RunId,
        Kind = intent.Kind,
        Group = intent.Group,
        Project = intent.ProjectName,
        AssetType = intent.AssetType,
        Rows = [.. intent.Rows.Select(row => Fill(new JournalLine.LineRow { Key = JournalLine.LineRow.Format(row.Key.ContentHash) }, row.Source))],
    };

    /// <summary>The line of what came of a request.</summary>
    public static JournalLine Outcome(JournalOutcome outcome, DateTimeOffset now) => new()
    {
        Type = JournalLineType.Outcome,
        Intent = outcome.IntentId,
        At = now,
        State = outcome.State,
        Task = outcome.TaskId,
        GroupId = outcome.GroupId,
        Code = outcome.Code,
        Message = outcome.Message,
    };

    /// <summary>The line of a run that begins.</summary>
    /// <param name="run">The run.</param>
    /// <param name="account">Its account.</param>
    /// <param name="now">When it begins.</param>
    /// <param name="place">The file that it holds as long as it is going; null where the store tells otherwise.</param>
    public static JournalLine Run(JournalRun run, string account, DateTimeOffset now, string? place) => new()
    {
        Type = JournalLineType.Run,
        At = now,
        Account = account,
        Run = run.RunId,
        RunName = run.Name,
        Computer = run.Computer,
        Process = run.ProcessId,
        Path = place,
    };

    /// <summary>The line of an upload.</summary>
    public static JournalLine Upload(JournalUpload upload, string account, DateTimeOffset now) => new()
    {
        Type = JournalLineType.Upload,
        At = now,
        Account = account,
        Hash = upload.ContentHash,
        Url = upload.Url,
        Path = upload.Path,
        Expires = upload.ExpiresAt,
    };

    /// <summary>The line of how a run ended.</summary>
    public static JournalLine RunEnd(JournalRunEnd end, DateTimeOffset now) => new()
    {
        Type = JournalLineType.RunEnd,
        At = now,
        Run = end.RunId,
        Total = end.Rows,
        Invalid = end.Invalid,
        Earlier = end.AcceptedEarlier,
        Doubtful = end.UnknownEarlier,
        Elsewhere = end.UnderWayElsewhere,
    };

    /// <summary>How a run ended, as its line tells.</summary>
    public static JournalRunEnd RunEnd(JournalLine line) => new(line.Run ?? string.Empty)
    {
        Rows = line.Total ?? 0,
        Invalid = line.Invalid ?? 0,
        AcceptedEarlier = line.Earlier ?? 0,
        UnknownEarlier = line.Doubtful ?? 0,
        UnderWayElsewhere = line.Elsewhere ?? 0,
    };

    /// <summary>The request that a line records, with its group as far as that is known by now.</summary>
    public static JournalIntent Restore(JournalLine intent, AvatarGroup? group) => new()
    {
        IntentId = intent.Intent!,
        RunId = intent.Run,
        Kind = intent.Kind ?? TaskKind.Unknown,
        Group = group,
        ProjectName = intent.Project,
        AssetType = intent.AssetType,
        Rows = [.. (intent.Rows ?? []).Select(row => new JournalRow(JournalKey.Restore(row.ContentHash(), group), Source(row, intent, group)))],
    };

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
            RunId = intent.Run,
            RunName = intent.RunName,
            AssetType = intent.AssetType,
            Sources = intent.Kind is TaskKind.Asset or TaskKind.Video
                ? [.. (intent.Rows ?? []).Select(row => Source(row, intent, group ?? intent.Group))]
                : [],
        };
        var isEnd = final?.Status is SeedanceTaskStatus.Completed or SeedanceTaskStatus.Failed or SeedanceTaskStatus.Cancelled;
        return final is null ? task : task with
        {
            Group = task.Group is null ? final.Group : task.Group with { GroupId = task.Group.GroupId ?? final.GroupId },
            Status = final.Status ?? task.Status,
            RawStatus = final.Status?.ToString().ToLowerInvariant(),
            Progress = isEnd && final.Status != SeedanceTaskStatus.Cancelled ? 100 : 0,
            CreatedAt = final.Created ?? task.CreatedAt,
            CompletedAt = isEnd ? final.At : null,
            Cost = final.Cost,
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
        Sent = task.SubmittedAt,
        RunName = task.RunName,
        Cost = task.Cost,
        Assets = task.Assets.Count == 0 ? null
            : [.. task.Assets.Select(asset => Fill(
                new JournalLine.LineAsset
                {
                    Id = asset.AssetId,
                    Url = asset.AssetUrl,
                    Status = asset.Status,
                    Usable = asset.IsUsable,
                    Row = asset.SourceIndex,
                    By = asset.MatchedBy,
                },
                asset.Source,
                asset.Name))],
    };

    /// <summary>The line for a request that was found in the library.</summary>
    public static JournalLine Settled(string intentId, SeedanceTask task, string account, DateTimeOffset now) => Final(task, account, now) with
    {
        Type = JournalLineType.Settled,
        Intent = intentId,
        State = JournalState.Accepted,
    };

    /// <summary>The line for changes. It is marked, so that it is found again without reading the rest.</summary>
    public static JournalLine Changes(IReadOnlyList<JournalAssetChange> changes, string account, DateTimeOffset now) => new()
    {
        Type = JournalLineType.Changes,
        At = now,
        Account = account,
        Again = true,
        GroupId = changes.FirstOrDefault(change => change.AssetId is null)?.GroupId,
        Code = changes.FirstOrDefault(change => change.AssetId is null)?.Status,
        Assets = [.. changes.Where(change => change.AssetId is not null).Select(change => new JournalLine.LineAsset { Id = change.AssetId!, Status = change.Status, Name = change.Name })],
    };

    /// <summary>The changes that a line holds.</summary>
    public static List<JournalAssetChange> Changes(JournalLine line) =>
    [
        .. line.GroupId is null ? [] : new[] { new JournalAssetChange { GroupId = line.GroupId, Status = line.Code } },
        .. (line.Assets ?? []).Select(asset => new JournalAssetChange { AssetId = asset.Id, Status = asset.Status, Name = asset.Name }),
    ];

    /// <summary>One bit a row of a request, from the line of how its task ended: those that failed, and those that may have.</summary>
    public static (ulong Failed, ulong Unclear) Reviews(JournalLine final, int rowCount)
    {
        var assets = final.Assets ?? [];
        return SeedanceTask.IsLibraryId(final.Task!)
            ? RowReviews.DeriveFromLibrary(rowCount, assets.Select(asset => (asset.Row, RowReviews.HasPassed(asset.Usable, asset.Status), asset.Status)))
            : RowReviews.Derive(final.Kind ?? TaskKind.Unknown, final.Status, rowCount, assets.Select(asset => (asset.Row, RowReviews.HasPassed(asset.Usable, asset.Status), asset.By)));
    }

    /// <summary>The assets that a final line holds.</summary>
    public static IEnumerable<SeedanceAsset> Assets(JournalLine final) => (final.Assets ?? []).Select(asset => new SeedanceAsset
    {
        AssetId = asset.Id,
        AssetUrl = asset.Url ?? $"asset://{asset.Id}",
        Status = asset.Status,
        IsUsable = asset.Usable,
        Name = asset.Name,
        Source = asset.By == MatchedBy.None ? null : Source(asset, final, final.Group),
        SourceIndex = asset.Row,
        AssetType = final.AssetType,
        GroupId = final.GroupId,
        GroupName = final.GroupName,
        ProjectName = final.Project,
        RunName = final.RunName,
        SubmittedAt = final.Sent ?? final.Created,
        ReviewedAt = final.At,
        Error = asset.Usable || (final.Code is null && final.Message is null) ? null : new TaskError(final.Code, final.Message),
        IsRealPerson = final.RealPerson ?? false,
        TaskId = final.Task ?? string.Empty,
        MatchedBy = asset.By,
    });

    private static T Fill<T>(T line, AssetSource? source, string? name = null)
        where T : JournalLine.LineRow
    {
        line.Name = name ?? source?.Name;
        line.SourceUrl = source?.SourceUrl;
        line.Cut = source is { IsUrlCut: true } ? true : null;
        line.Number = source is { Row: > 0 } ? source.Row : null;
        line.RowId = source?.RowId;
        line.Kept = source?.Kept;
        return line;
    }

    private static AssetSource Source(JournalLine.LineRow row, JournalLine line, AvatarGroup? group) => new(row.SourceUrl)
    {
        Name = row.Name,
        AssetType = line.AssetType ?? default,
        Group = group,
        ProjectName = line.Project,
        IsUrlCut = row.Cut ?? false,
        Row = row.Number ?? 0,
        RowId = row.RowId,
        Kept = row.Kept,
        RecordedHash = row.Key is null ? null : row.ContentHash(),
    };
}
