using System.Text.Json;
using Seedance.Errors;
using Seedance.Http;

namespace Seedance.Tasks;

/// <summary>Reads a task out of an answer's data, onto what is already known of it.</summary>
internal static class TaskReader
{
    private const decimal CreditsPerUnit = 10;

    /// <summary>
    /// The task that <paramref name="data"/> shows. <paramref name="known"/> lends what the API does not repeat: the
    /// submitted rows, their group and project.
    /// </summary>
    public static SeedanceTask Read(JsonElement data, SeedanceTask known)
    {
        var result = data.At("result");
        var rawStatus = data.At("status").Text();
        var status = Status(rawStatus);
        var isFinal = status is SeedanceTaskStatus.Completed or SeedanceTaskStatus.Failed or SeedanceTaskStatus.Cancelled;
        var groupId = GroupId(data, result);
        var task = known with
        {
            RawStatus = rawStatus,
            Status = status,
            Progress = isFinal && status == SeedanceTaskStatus.Completed ? 100 : Percent(data.At("progress")) ?? known.Progress,
            CreatedAt = data.At("created", "created_at").UnixTime() ?? known.CreatedAt,
            CompletedAt = data.At("completed", "completed_at").UnixTime() ?? known.CompletedAt,
            EstimatedTime = data.At("estimated_time").Seconds() ?? known.EstimatedTime,
            Cost = Money(data.At("cost")) ?? Money(data.At("credits_cost")) / CreditsPerUnit ?? known.Cost,
            CompletionTokens = data.At("usage").At("completion_tokens").Number() is >= 0 and < 1e15 and var tokens ? (long)tokens : known.CompletionTokens,
            Error = data.At("error").Error() ?? (status == SeedanceTaskStatus.Failed ? data.At("message", "msg").Error() : null),
            Videos = VideoResults.Read(data, result),
            RawJson = data.Raw(),
        };
        task = task with { Kind = task.Kind == TaskKind.Unknown ? KindOf(result, task.Videos) : task.Kind };
        if (groupId is not null && task.Kind is not TaskKind.Video)
        {
            task = task with { Group = (task.Group ?? new AvatarGroup { ProjectName = task.ProjectName, IsRealPerson = task.Kind == TaskKind.IdentityResult }) with { GroupId = groupId } };
        }

        task = task with { Assets = AssetResults.Read(result, task) };
        if (known.Assets.Any(asset => asset.IsDeleted))
        {
            // The task goes on telling what its review came to.
            var deleted = known.Assets.Where(asset => asset.IsDeleted).ToLookup(asset => asset.AssetId);
            task = task with { Assets = [.. task.Assets.Select(asset => deleted[asset.AssetId].FirstOrDefault() is { } one ? asset with { Status = one.Status, IsUsable = false } : asset)] };
        }

        return status == SeedanceTaskStatus.Unknown && IsWhole(task) ? EndedByItsResult(task) : task;
    }

    /// <summary>Keeps what is secret of a task's rows out of every text, until it is disposed: answers repeat their addresses.</summary>
    public static SecretScope HideRowsOf(SeedanceTask known) =>
        SecretScope.Enter(() => known.Sources.SelectMany(source => Secrets.InAddress(source.Address)));

    /// <summary>The group's id, from either place that it is known to come in.</summary>
    public static string? GroupId(JsonElement data, JsonElement result) =>
        data.At("group_id").Text()
        ?? result.At("group_id").Text()
        ?? result.At("raw_response").At("Result").At("GroupId").Text()
        ?? data.At("raw_response").At("Result").At("GroupId").Text();

    /// <summary>The status that a word stands for, in any case. An unknown word is not final: better one poll too many than a lost result.</summary>
    public static SeedanceTaskStatus Status(string? word) => word?.Trim().ToLowerInvariant().Replace('-', '_').Replace(' ', '_') switch
    {
        "pending" or "submitted" or "queued" or "queueing" or "not_start" or "not_started" or "created" or "waiting" => SeedanceTaskStatus.Pending,
        "processing" or "running" or "in_progress" => SeedanceTaskStatus.Processing,
        "completed" or "complete" or "success" or "succeed" or "succeeded" or "done" or "finished" => SeedanceTaskStatus.Completed,
        "failed" or "fail" or "failure" or "error" or "rejected" or "expired" or "timeout" or "timed_out" => SeedanceTaskStatus.Failed,
        "cancelled" or "canceled" => SeedanceTaskStatus.Cancelled,
        _ => SeedanceTaskStatus.Unknown,
    };

    // Whatever the word for it: every row has its verdict, or the video is there.
    private static bool IsWhole(SeedanceTask task) => task.Kind switch
    {
        TaskKind.Asset => task.Sources.Count > 0 && task.Assets.Count >= task.Sources.Count
            && task.Assets.All(asset => asset.IsUsable || Status(asset.Status) == SeedanceTaskStatus.Failed),
        TaskKind.Video => task.Videos.Count > 0,
        _ => false,
    };

    private static SeedanceTask EndedByItsResult(SeedanceTask task) => task.Assets.All(asset => asset.IsUsable)
        ? task with { Status = SeedanceTaskStatus.Completed, Progress = 100 }
        : task with { Status = SeedanceTaskStatus.Failed };

    private static decimal? Money(JsonElement amount) => amount.Number() is { } number && Math.Abs(number) < 1e15 ? (decimal)number : null;

    private static int? Percent(JsonElement progress) =>
        progress.Number() is { } number ? (int)Math.Clamp(number, 0, 100) : null;

    private static TaskKind KindOf(JsonElement result, IReadOnlyList<SeedanceVideo> videos) => result switch
    {
        _ when videos.Count > 0 => TaskKind.Video,
        _ when result.At("assets", "asset_url").ValueKind is JsonValueKind.Array or JsonValueKind.String => TaskKind.Asset,
        _ when result.At("h5_link").ValueKind is JsonValueKind.String => TaskKind.IdentitySession,
        _ when GroupId(default, result) is not null => TaskKind.IdentityResult,
        _ => TaskKind.Unknown,
    };
}
