namespace Seedance;

/// <summary>
/// Renames and deletes in the asset library what the journal can claim: by id, or by group and exact name. The library may
/// hold other accounts' assets. A deletion is recorded before it is sent, so that nothing that may be gone is given out as usable.
/// </summary>
/// <param name="client">The API.</param>
/// <param name="journal">Where changes are recorded.</param>
public sealed class LibraryEditor(SeedanceClient client, IJournal journal)
{
    // Any status but a deletion's takes a deletion back.
    private const string Kept = "Kept";

    /// <summary>Returns of each id the asset as the journal knows it, or as the library shows it where group and name are a row's; null for what cannot be claimed.</summary>
    /// <exception cref="SeedanceException">Journal or library cannot be read.</exception>
    public async Task<IReadOnlyList<SeedanceAsset?>> ClaimAsync(IReadOnlyList<string> assetIds, CancellationToken cancellationToken = default)
    {
        var wanted = assetIds.ToHashSet(StringComparer.Ordinal);
        var claimed = new Dictionary<string, SeedanceAsset>(StringComparer.Ordinal);
        await foreach (var asset in journal.ReadAssetsAsync(JournalQuery.All with { IncludeSuperseded = true }, cancellationToken))
        {
            if (wanted.Contains(asset.AssetId))
            {
                claimed[asset.AssetId] = asset;
            }
        }

        var entries = new List<LibraryAsset>();
        foreach (var id in wanted.Where(id => !claimed.ContainsKey(id)))
        {
            if (await client.GetLibraryAssetAsync(id, cancellationToken) is { GroupId: not null, Name: not null } entry)
            {
                entries.Add(entry);
            }
        }

        if (entries.Count > 0)
        {
            await foreach (var task in journal.ReadTasksAsync(JournalQuery.All, cancellationToken))
            {
                foreach (var entry in entries.Where(entry => task.Kind == TaskKind.Asset && task.GroupId == entry.GroupId && task.Sources.Any(source => source.Name == entry.Name)))
                {
                    claimed[entry.AssetId] = entry.ToAsset();
                }
            }
        }

        return [.. assetIds.Select(claimed.GetValueOrDefault)];
    }

    /// <summary>Returns an asset as the library shows it, whoever's it is; null if there is none of this id.</summary>
    /// <exception cref="SeedanceException">The library cannot be read.</exception>
    public async Task<SeedanceAsset?> ReadAsync(string assetId, CancellationToken cancellationToken = default) =>
        await client.GetLibraryAssetAsync(assetId, cancellationToken) is { } entry ? entry.ToAsset() : null;

    /// <summary>Returns whether the journal knows a group, the assets of it that it knows, and how many more the library shows in it.</summary>
    /// <exception cref="SeedanceException">Journal or library cannot be read.</exception>
    public async Task<(bool IsKnown, IReadOnlyList<SeedanceAsset> Known, int Foreign)> ReadGroupAsync(string groupId, CancellationToken cancellationToken = default)
    {
        var known = new Dictionary<string, SeedanceAsset>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var isKnown = false;
        await foreach (var task in journal.ReadTasksAsync(JournalQuery.All, cancellationToken))
        {
            if (task.Kind == TaskKind.Asset && task.GroupId == groupId)
            {
                isKnown = true;
                names.UnionWith(task.Sources.Select(source => source.Name).OfType<string>());
                foreach (var asset in task.Assets)
                {
                    known[asset.AssetId] = asset;
                }
            }
        }

        var foreign = 0;
        await foreach (var entry in client.ListAssets(groupId).WithCancellation(cancellationToken))
        {
            foreign += entry.GroupId == groupId && !known.ContainsKey(entry.AssetId) && !(entry.Name is { } name && names.Contains(name)) ? 1 : 0;
        }

        return (isKnown, [.. known.Values], foreign);
    }

    /// <summary>Deletes an asset. What is gone already is deleted.</summary>
    /// <returns>False if it was gone already.</returns>
    /// <exception cref="SeedanceException">It was refused, and is as it was; or what came of it is not known, and it is not given out as usable until it is deleted again.</exception>
    public Task<bool> RemoveAssetAsync(SeedanceAsset asset, CancellationToken cancellationToken = default) => RemoveAsync(
        status => [new JournalAssetChange { AssetId = asset.AssetId, Status = status }], asset.Status, stop => client.DeleteAssetAsync(asset.AssetId, stop), cancellationToken);

    /// <summary>Deletes a group with all that is in it. What is gone already is deleted.</summary>
    /// <inheritdoc cref="RemoveAssetAsync"/>
    public Task<bool> RemoveGroupAsync(string groupId, IReadOnlyList<SeedanceAsset> known, CancellationToken cancellationToken = default) => RemoveAsync(
        status => [new JournalAssetChange { GroupId = groupId, Status = status }, .. known.Where(asset => !asset.IsDeleted).Select(asset => new JournalAssetChange { AssetId = asset.AssetId, Status = status ?? asset.Status ?? Kept })],
        null, stop => client.DeleteGroupAsync(groupId, stop), cancellationToken);

    /// <summary>Gives an asset another name. Returns the asset, or null if there is none of its id.</summary>
    /// <exception cref="SeedanceException">It was refused, or could not be recorded.</exception>
    public async Task<SeedanceAsset?> RenameAssetAsync(SeedanceAsset asset, string name, CancellationToken cancellationToken = default)
    {
        if (!await client.RenameAssetAsync(asset.AssetId, name, cancellationToken))
        {
            return null;
        }

        await journal.RecordChangesAsync([new JournalAssetChange { AssetId = asset.AssetId, Name = name }], CancellationToken.None);
        return asset with { Name = name };
    }

    private async Task<bool> RemoveAsync(
        Func<string?, IReadOnlyList<JournalAssetChange>> changes, string? before, Func<CancellationToken, Task<bool>> deleteAsync, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await journal.RecordChangesAsync(changes(JournalAssetChange.Deleting), CancellationToken.None);
        bool wasThere;
        try
        {
            wasThere = await deleteAsync(cancellationToken);
        }
        catch (SeedanceException e) when (e.Delivery == Delivery.Refused)
        {
            // Surely nothing was done: it is as it was.
            await journal.RecordChangesAsync([.. changes(null).Select(change => change with { Status = change.Status ?? before ?? Kept })], CancellationToken.None);
            throw;
        }

        await journal.RecordChangesAsync(changes(JournalAssetChange.Deleted), CancellationToken.None);
        return wasThere;
    }
}
