namespace Seedance;

/// <summary>The changes that a journal holds, for giving assets out as they are: the one rule, for every store.</summary>
public sealed class AssetChanges
{
    private readonly Dictionary<string, JournalAssetChange> _assets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JournalAssetChange> _groups = new(StringComparer.Ordinal);

    /// <summary>Takes in a change; of two, the later counts.</summary>
    public void Add(JournalAssetChange change)
    {
        if (change.AssetId is { } asset)
        {
            var before = _assets.GetValueOrDefault(asset);
            _assets[asset] = change with { Status = change.Status ?? before?.Status, Name = change.Name ?? before?.Name };
        }
        else if (change.GroupId is { } group)
        {
            _groups[group] = change;
        }
    }

    /// <summary>Returns an asset as it is by now.</summary>
    public SeedanceAsset Apply(SeedanceAsset asset)
    {
        var change = _assets.GetValueOrDefault(asset.AssetId);
        var deletion = IsDeletion(change?.Status) ? change!.Status
            : asset.GroupId is { } group && _groups.GetValueOrDefault(group) is { Status: { } ofGroup } && IsDeletion(ofGroup) ? ofGroup
            : null;
        return change is null && deletion is null ? asset : asset with
        {
            Name = change?.Name ?? asset.Name,
            Status = deletion ?? asset.Status,
            IsUsable = asset.IsUsable && deletion is null,
        };
    }

    /// <summary>Returns a task with its assets as they are by now.</summary>
    public SeedanceTask Apply(SeedanceTask task) =>
        (_assets.Count == 0 && _groups.Count == 0) || task.Assets.Count == 0 ? task : task with { Assets = [.. task.Assets.Select(Apply)] };

    internal static bool IsDeletion(string? status) => status is JournalAssetChange.Deleting or JournalAssetChange.Deleted or JournalAssetChange.Gone;
}
