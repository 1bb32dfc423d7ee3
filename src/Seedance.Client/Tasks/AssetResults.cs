using System.Text.Json;
using Seedance.Http;

namespace Seedance.Tasks;

/// <summary>Reads the reviewed assets of a task and says which row each came from, and how that is known.</summary>
internal static class AssetResults
{
    private const string Scheme = "asset://";

    /// <summary>The assets in the answer's order, matched to the rows of <paramref name="task"/>.</summary>
    public static IReadOnlyList<SeedanceAsset> Read(JsonElement result, SeedanceTask task)
    {
        var (results, isInOrder) = Collect(result, task);
        if (results.Count == 0)
        {
            return [];
        }

        var matches = RowMatcher.Match(task.Sources, results, isInOrder);
        var assets = new SeedanceAsset[results.Count];
        for (var i = 0; i < assets.Length; i++)
        {
            var (one, match) = (results[i], matches[i]);
            var source = match.Row < 0 ? null : task.Sources[match.Row];
            assets[i] = new SeedanceAsset
            {
                AssetId = one.AssetId,
                AssetUrl = one.AssetUrl ?? Scheme + one.AssetId,
                Status = one.Status,
                IsUsable = one.IsUsable,
                Name = source?.Name ?? one.Name,
                Source = source,
                SourceIndex = match.Row,
                MatchedBy = match.By,
                AssetType = task.AssetType,
                GroupId = task.GroupId,
                GroupName = task.Group?.Name,
                ProjectName = task.ProjectName,
                RunName = task.RunName,
                SubmittedAt = task.SubmittedAt ?? task.CreatedAt,
                ReviewedAt = task.CompletedAt,
                Error = one.IsUsable ? null : one.Error ?? task.Error,
                IsRealPerson = task.Group is { IsRealPerson: true },
                TaskId = task.TaskId,
            };
        }

        return assets;
    }

    private static (List<AssetResult> Results, bool IsInOrder) Collect(JsonElement result, SeedanceTask task)
    {
        var verdicts = new Dictionary<string, bool>(StringComparer.Ordinal);
        ReadVerdicts(verdicts, result.At("usable_assets"), hasPassed: true);
        ReadVerdicts(verdicts, result.At("failed_assets"), hasPassed: false);

        var results = new List<AssetResult>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var hasRepeats = false;
        foreach (var item in result.At("assets").Items())
        {
            if (Read(item, verdicts) is { } one)
            {
                hasRepeats |= !seen.Add(one.AssetId);
                results.Add(one);
            }
        }

        if (hasRepeats)
        {
            results = AssetRepeats.Reduce(results, task.Sources);
        }

        // Where a gateway leaves `assets` out, the two parts and the lone `asset_url` name them all, in no order that says anything.
        var listed = results.Count;
        foreach (var list in (ReadOnlySpan<string>)["usable_assets", "failed_assets", "asset_url"])
        {
            foreach (var item in result.At(list).Items())
            {
                if (Read(item, verdicts) is { } one && seen.Add(one.AssetId))
                {
                    var isLone = list == "asset_url" && one.Status is null && task.Status == SeedanceTaskStatus.Completed;
                    results.Add(isLone ? one with { IsUsable = true, Status = "Active" } : one);
                }
            }
        }

        return (results, results.Count == listed);
    }

    private static AssetResult? Read(JsonElement item, Dictionary<string, bool> verdicts)
    {
        if (Id(item) is not { } id)
        {
            return null;
        }

        var status = item.At("status").Text();
        bool? verdict = verdicts.TryGetValue(id, out var hasPassed) ? hasPassed : null;
        return new AssetResult(
            id,
            item.At("asset_url").Text(),
            item.At("raw_response").At("Result").At("Name").Text() ?? item.At("name").Text(),
            status ?? (verdict is { } known ? known ? "Active" : "Failed" : null),
            verdict ?? string.Equals(status, "Active", StringComparison.OrdinalIgnoreCase),
            item.ValueKind == JsonValueKind.Object ? item.At("error").Error() : null);
    }

    // What stands in both parts has failed.
    private static void ReadVerdicts(Dictionary<string, bool> verdicts, JsonElement list, bool hasPassed)
    {
        foreach (var item in list.Items())
        {
            if (Id(item) is { } id)
            {
                verdicts[id] = hasPassed;
            }
        }
    }

    private static string? Id(JsonElement item)
    {
        if (item.At("asset_id").Text() is { } id)
        {
            return id;
        }

        var address = (item.ValueKind == JsonValueKind.String ? item : item.At("asset_url")).Text();
        return address is not null && address.StartsWith(Scheme, StringComparison.Ordinal) ? address[Scheme.Length..] : address;
    }
}
