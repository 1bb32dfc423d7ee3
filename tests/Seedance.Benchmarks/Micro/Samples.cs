using System.Text.Json;
using Seedance.Benchmarks.Parts;

namespace Seedance.Benchmarks.Micro;

/// <summary>What the micro-benchmarks work on.</summary>
internal static class Samples
{
    private static readonly AvatarGroup s_group = new() { Name = "bench" };

    public static AssetSource Source(int row) => new(Deliveries.Address(row)) { Name = $"shot-{row}", Group = s_group, ProjectName = "default", Row = row + 1 };

    public static AssetBatch Batch(int rows) => new(s_group, "default", AssetType.Image, [.. Enumerable.Range(0, rows).Select(Source)]);

    public static SeedanceTask Task(int rows) => new()
    {
        TaskId = "task_01K0123456789ABCDEFGHJKMN",
        Kind = TaskKind.Asset,
        Group = s_group,
        ProjectName = "default",
        AssetType = AssetType.Image,
        Sources = Batch(rows).Rows,
    };

    public static JournalIntent Intent(int request, int rows) => new()
    {
        IntentId = Guid.NewGuid().ToString("N"),
        Kind = TaskKind.Asset,
        Group = s_group,
        ProjectName = "default",
        AssetType = AssetType.Image,
        Rows = [.. Enumerable.Range(request * rows, rows).Select(Source)
            .Select(source => new JournalRow(JournalKey.Create("Image", "default", source.Address, s_group), source))],
    };

    /// <summary>An answer with so many approved assets, as the API gives it: each in two lists, in another order than submitted.</summary>
    public static byte[] EndedAnswer(int rows)
    {
        var assets = Enumerable.Range(0, rows).Reverse().Select(row => new
        {
            asset_id = $"asset_{row:D13}",
            asset_url = $"asset://asset_{row:D13}",
            status = "Active",
            raw_response = new { Result = new { Name = $"shot-{row}" } },
        }).ToList();
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            code = 200,
            data = new { id = "task_01K0123456789ABCDEFGHJKMN", status = "completed", progress = 100, created = 1763712000, completed = 1763712123, result = new { assets, usable_assets = assets, failed_assets = Array.Empty<object>() } },
        });
    }
}
