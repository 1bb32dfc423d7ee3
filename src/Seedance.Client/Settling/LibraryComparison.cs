using System.Runtime.CompilerServices;
using Seedance.Library;

namespace Seedance.Settling;

/// <summary>Compares the assets that the journal knows with those that the library shows, group by group.</summary>
internal sealed class LibraryComparison(SeedanceClient client, IJournal journal, Action<string> warn)
{
    /// <summary>Gets whether the journal has nothing of what was asked for.</summary>
    public bool HasSeenNothing { get; private set; } = true;

    /// <summary>Gives out every difference once it is recorded.</summary>
    public async IAsyncEnumerable<JournalChange> CompareAsync(SyncOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var groups = new HashSet<(string GroupId, string? Project)>();
        await foreach (var task in journal.ReadTasksAsync(options.Query, cancellationToken))
        {
            HasSeenNothing &= task.Kind != TaskKind.Asset;
            if (task is { Kind: TaskKind.Asset, GroupId: { } id, Assets.Count: > 0 })
            {
                groups.Add((id, task.ProjectName));
            }
        }

        foreach (var (groupId, project) in groups)
        {
            var entries = await ReadAsync(groupId, project, cancellationToken);
            var ended = new List<SeedanceTask>();
            await foreach (var task in journal.ReadTasksAsync(options.Query, cancellationToken))
            {
                if (task.GroupId == groupId && task.ProjectName == project && task.Assets.Any(asset => Differs(asset, entries)))
                {
                    ended.Add(task);
                }
            }

            foreach (var task in ended)
            {
                foreach (var change in await CompareAsync(task, entries, options.IsRehearsal, cancellationToken))
                {
                    yield return change;
                }
            }
        }
    }

    private async Task<Dictionary<string, LibraryAsset>> ReadAsync(string groupId, string? project, CancellationToken cancellationToken)
    {
        var entries = new Dictionary<string, LibraryAsset>(StringComparer.Ordinal);
        var list = client.ListAssets(groupId, project);
        await foreach (var entry in list.WithCancellation(cancellationToken))
        {
            if (entry.GroupId is null || entry.GroupId == groupId)
            {
                entries[entry.AssetId] = entry;
            }
        }

        if (!list.IsComplete)
        {
            warn($"The list of group {groupId} was not whole: {list.Count} of {list.Total} entries came. What was not in it is asked about one by one.");
        }

        return entries;
    }

    // What was deleted here is not asked about again.
    private static bool Differs(SeedanceAsset asset, Dictionary<string, LibraryAsset> entries) => !asset.IsDeleted
        && (!entries.TryGetValue(asset.AssetId, out var entry) || HasChanged(asset, entry));

    private static bool HasChanged(SeedanceAsset asset, LibraryAsset entry) =>
        entry.IsUsable != asset.IsUsable && (entry.IsUsable || entry.HasFailed)
        || (asset.Status == SeedanceAsset.UnderReview && entry.HasFailed);

    private async Task<List<JournalChange>> CompareAsync(SeedanceTask task, Dictionary<string, LibraryAsset> entries, bool isRehearsal, CancellationToken cancellationToken)
    {
        var changes = new List<JournalChange>();
        var gone = new List<JournalAssetChange>();
        var assets = task.Assets.ToArray();
        for (var i = 0; i < assets.Length; i++)
        {
            if (!Differs(assets[i], entries))
            {
                continue;
            }

            // A list may lack what is there; the asset's own address says whether it is.
            var entry = entries.GetValueOrDefault(assets[i].AssetId) ?? await client.GetLibraryAssetAsync(assets[i].AssetId, cancellationToken);
            if (entry is null)
            {
                gone.Add(new JournalAssetChange { AssetId = assets[i].AssetId, Status = JournalAssetChange.Gone });
                changes.Add(Change(JournalChangeKind.Gone, assets[i], JournalAssetChange.Gone, "It is not in the library any more, and is not given out as usable."));
            }
            else if (HasChanged(assets[i], entry))
            {
                changes.Add(Change(JournalChangeKind.StatusChanged, assets[i], entry.Status, entry.Error?.ToString()));
                assets[i] = LibraryTask.Read(entry, assets[i]);
            }
        }

        if (!isRehearsal && gone.Count > 0)
        {
            await journal.RecordChangesAsync(gone, CancellationToken.None);
        }

        if (!isRehearsal && changes.Count > gone.Count)
        {
            await journal.RecordFinalAsync(task.IsFromLibrary ? LibraryTask.With(task, assets) : task with { Assets = assets }, CancellationToken.None);
        }

        return changes;
    }

    private static JournalChange Change(JournalChangeKind kind, SeedanceAsset asset, string? after, string? message) => new()
    {
        Change = kind,
        Name = asset.Name,
        RowId = asset.RowId,
        AssetId = asset.AssetId,
        GroupName = asset.GroupId,
        Before = asset.Status,
        After = after,
        Message = message,
    };
}
