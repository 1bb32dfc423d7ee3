using System.Runtime.CompilerServices;
using Seedance.Library;
using Seedance.Runs;

namespace Seedance.Settling;

/// <summary>
/// Takes a group into a journal that does not know it, as after the journal was lost: the one group that its user names
/// exactly, and of its entries those whose own word it is that they belong to it, each of a name that no other has.
/// </summary>
internal sealed class GroupRecovery(SeedanceClient client, IJournal journal, TimeProvider time, Action<string> warn)
{
    /// <summary>Gives out every asset once it is recorded.</summary>
    public async IAsyncEnumerable<JournalChange> RecoverAsync(SyncOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var named = new AvatarGroup { Name = options.GroupName, GroupId = options.GroupId };
        var (group, problem) = options.GroupId is null
            ? await new GroupFinder(client, journal).FindAsync(named, null, cancellationToken)
            : (await client.GetGroupAsync(options.GroupId, cancellationToken), null);
        if (group is null || (options.GroupName is not null && group.Name != options.GroupName))
        {
            warn(problem ?? $"Neither the journal nor the asset library knows group '{named}'.");
            yield break;
        }

        var entries = await ReadAsync(group, cancellationToken);
        foreach (var batch in entries.GroupBy(entry => (entry.ProjectName, entry.AssetType)).SelectMany(same => same.Chunk(SeedanceClient.MaxAssetsPerRequest)))
        {
            if (!options.IsRehearsal)
            {
                await RecordAsync(group, batch);
            }

            foreach (var entry in batch)
            {
                yield return new JournalChange
                {
                    Change = JournalChangeKind.Settled,
                    Name = entry.Name,
                    AssetId = entry.AssetId,
                    GroupName = group.ToString(),
                    After = entry.Status,
                    Message = "The journal did not know it; it is in the group that was named.",
                };
            }
        }
    }

    private async Task<List<LibraryAsset>> ReadAsync(AvatarGroup group, CancellationToken cancellationToken)
    {
        var listed = new List<LibraryAsset>();
        await foreach (var entry in client.ListAssets(group.GroupId).WithCancellation(cancellationToken))
        {
            if (entry.GroupId == group.GroupId)
            {
                listed.Add(entry);
            }
        }

        var unique = listed.Where(entry => entry.Name is not null).GroupBy(entry => entry.Name).Where(same => same.Count() == 1).Select(same => same.Single()).ToList();
        var own = new List<LibraryAsset>();
        foreach (var entry in unique)
        {
            // A list may say of anybody's asset that it is in the group that was asked for.
            if (await client.GetLibraryAssetAsync(entry.AssetId, cancellationToken) is { } asset && asset.GroupId == group.GroupId && asset.Name == entry.Name)
            {
                own.Add(asset);
            }
        }

        if (own.Count < listed.Count)
        {
            warn($"{listed.Count - own.Count} of {listed.Count} entries of group '{group}' are not taken into the journal: they have no name of their own, or do not say themselves that they belong to it.");
        }

        return own;
    }

    // As if they had been sent, and found: the rows' addresses are not known, so that they are known again by their names.
    private async Task RecordAsync(AvatarGroup group, LibraryAsset[] batch)
    {
        var project = batch[0].ProjectName ?? AvatarGroup.DefaultProject;
        var type = batch[0].AssetType ?? AssetType.Image;
        var intent = new JournalIntent
        {
            IntentId = IntentId.New(),
            Kind = TaskKind.Asset,
            Group = group,
            ProjectName = project,
            AssetType = type,
            Rows = [.. batch.Select(entry => new JournalRow(
                JournalKey.Create(type.ToString(), project, JournalKey.LibraryIdentity(entry.Name!), group),
                new AssetSource(url: null) { Name = entry.Name, AssetType = type, Group = group, ProjectName = project }))],
        };
        if ((await journal.BeginAsync(intent, CancellationToken.None)).Count == 0)
        {
            await journal.SettleAsync(intent.IntentId, LibraryTask.Create(new JournalOpenRequest(intent, time.GetUtcNow()), group, batch.Select((entry, i) => (i, entry))), CancellationToken.None);
        }
    }
}
