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
        var assets = Collect(result, task);
        return assets.Count == 0 ? [] : Match(assets, task);
    }

    private static List<SeedanceAsset> Collect(JsonElement result, SeedanceTask task)
    {
        var usable = Ids(result.At("usable_assets"));
        var failed = Ids(result.At("failed_assets"));
        var assets = new List<SeedanceAsset>();
        var seen = new HashSet<string>(StringComparer.Ordinal);

        // `assets` names them all; where a gateway leaves it out, the two parts and the lone `asset_url` do.
        foreach (var list in (ReadOnlySpan<string>)["assets", "usable_assets", "failed_assets", "asset_url"])
        {
            foreach (var item in result.At(list).Items())
            {
                if (Id(item) is { } id && seen.Add(id))
                {
                    var status = item.At("status").Text();
                    var passed = !failed.Contains(id) && (usable.Contains(id)
                        || string.Equals(status, "Active", StringComparison.OrdinalIgnoreCase)
                        || (status is null && list == "asset_url" && task.Status == SeedanceTaskStatus.Completed));
                    assets.Add(new SeedanceAsset
                    {
                        AssetId = id,
                        AssetUrl = item.At("asset_url").Text() ?? Scheme + id,
                        Status = status ?? (passed ? "Active" : failed.Contains(id) ? "Failed" : null),
                        IsUsable = passed,
                        Name = EchoedName(item),
                        AssetType = task.AssetType,
                        GroupId = task.GroupId,
                        ProjectName = task.ProjectName,
                        IsRealPerson = task.Group is { IsRealPerson: true },
                        TaskId = task.TaskId,
                    });
                }
            }
        }

        return assets;
    }

    private static SeedanceAsset[] Match(List<SeedanceAsset> assets, SeedanceTask task)
    {
        var sources = task.Sources;
        var matched = new SeedanceAsset[assets.Count];
        var taken = new bool[sources.Count];
        var named = IndexOfUniqueNames(sources);
        var orderHolds = true;

        for (var i = 0; i < assets.Count; i++)
        {
            matched[i] = assets[i];
            if (assets[i].Name is { } name && named.TryGetValue(name, out var source) && source >= 0 && !taken[source])
            {
                matched[i] = From(assets[i], sources[source], source, MatchedBy.Name);
                taken[source] = true;
                orderHolds &= source == i;
            }
        }

        if (assets.Count == 1 && sources.Count == 1)
        {
            matched[0] = matched[0].MatchedBy == MatchedBy.Name ? matched[0] : From(assets[0], sources[0], 0, MatchedBy.Single);
            return matched;
        }

        // A place in the list says something only while every row has a result and no name contradicts the order.
        for (var i = 0; orderHolds && assets.Count == sources.Count && i < assets.Count; i++)
        {
            var contradicts = assets[i].Name is { } name && name != sources[i].Name && (sources[i].Name is not null || named.ContainsKey(name));
            if (matched[i].MatchedBy == MatchedBy.None && !taken[i] && !contradicts)
            {
                matched[i] = From(assets[i], sources[i], i, MatchedBy.Position);
            }
        }

        return matched;
    }

    private static SeedanceAsset From(SeedanceAsset asset, AssetSource source, int index, MatchedBy how) => asset with
    {
        Name = source.Name ?? asset.Name,
        SourceUrl = source.SourceUrl,
        SourceIndex = index,
        MatchedBy = how,
    };

    // Two rows of one name cannot be told apart by it: -1.
    private static Dictionary<string, int> IndexOfUniqueNames(IReadOnlyList<AssetSource> sources)
    {
        var named = new Dictionary<string, int>(sources.Count, StringComparer.Ordinal);
        for (var i = 0; i < sources.Count; i++)
        {
            if (sources[i].Name is { } name && !named.TryAdd(name, i))
            {
                named[name] = -1;
            }
        }

        return named;
    }

    private static HashSet<string> Ids(JsonElement list)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in list.Items())
        {
            if (Id(item) is { } id)
            {
                ids.Add(id);
            }
        }

        return ids;
    }

    private static string? Id(JsonElement item)
    {
        var address = (item.ValueKind == JsonValueKind.String ? item : item.At("asset_url")).Text();
        return item.At("asset_id").Text()
            ?? (address is not null && address.StartsWith(Scheme, StringComparison.Ordinal) ? address[Scheme.Length..] : address);
    }

    private static string? EchoedName(JsonElement item) =>
        item.At("raw_response").At("Result").At("Name").Text() ?? item.At("name").Text();
}
