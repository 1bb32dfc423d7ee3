using System.Text.Json;
using Seedance.Http;

namespace Seedance.Tasks;

/// <summary>Reads a task out of an answer's data, onto what is already known of it.</summary>
internal static class TaskReader
{
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
            Cost = data.At("cost").Number() is { } cost && Math.Abs(cost) < 1e15 ? (decimal)cost : known.Cost,
            Error = data.At("error").Error() ?? (status == SeedanceTaskStatus.Failed ? data.At("message", "msg").Error() : null),
            Videos = VideoResults.Read(result),
            RawJson = data.Raw(),
        };
        task = task with { Kind = task.Kind == TaskKind.Unknown ? KindOf(result, task.Videos) : task.Kind };
        if (groupId is not null && task.Kind is not TaskKind.Video)
        {
            task = task with { Group = (task.Group ?? new AvatarGroup { ProjectName = task.ProjectName, IsRealPerson = task.Kind == TaskKind.IdentityResult }) with { GroupId = groupId } };
        }

        return task with { Assets = AssetResults.Read(result, task) };
    }

    /// <summary>The group's id, from either place that it is known to come in.</summary>
    public static string? GroupId(JsonElement data, JsonElement result) =>
        data.At("group_id").Text()
        ?? result.At("group_id").Text()
        ?? result.At("raw_response").At("Result").At("GroupId").Text()
        ?? data.At("raw_response").At("Result").At("GroupId").Text();

    /// <summary>The status that a word stands for. An unknown word is not final: better one look too many than a lost result.</summary>
    public static SeedanceTaskStatus Status(string? word) => word?.Trim().ToLowerInvariant() switch
    {
        "pending" or "submitted" or "queued" => SeedanceTaskStatus.Pending,
        "processing" or "running" or "in_progress" => SeedanceTaskStatus.Processing,
        "completed" or "success" or "succeeded" => SeedanceTaskStatus.Completed,
        "failed" or "error" or "expired" => SeedanceTaskStatus.Failed,
        "cancelled" or "canceled" => SeedanceTaskStatus.Cancelled,
        _ => SeedanceTaskStatus.Unknown,
    };

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
