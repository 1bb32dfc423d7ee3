using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Gives out the assets of tasks; without input, those that the journal knows.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "SeedanceAsset", DefaultParameterSetName = "Journal")]
[OutputType(typeof(SeedanceAsset))]
public sealed class GetSeedanceAssetCommand : AsyncCommand
{
    private const int BatchLength = 64;

    private Wildcards _name = new(null);
    private Wildcards _groupName = new(null);
    private Wildcards _projectName = new(null);
    private Wildcards _runName = new(null);
    private Wildcards _rowId = new(null);

    /// <summary>The tasks whose assets are wanted.</summary>
    [Parameter(ParameterSetName = "InputObject", Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyCollection]
    public SeedanceTask[]? InputObject { get; set; }

    /// <summary>Only those that passed review.</summary>
    [Parameter]
    public SwitchParameter Usable { get; set; }

    /// <summary>Only those that did not.</summary>
    [Parameter]
    public SwitchParameter Failed { get; set; }

    /// <summary>Of the journal's assets, those of this name; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = "Journal")]
    [Parameter(ParameterSetName = "Online")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AssetNameCompleter))]
    public string? Name { get; set; }

    /// <summary>Of the journal's assets, those of this group.</summary>
    [Parameter(ParameterSetName = "Journal")]
    [Parameter(ParameterSetName = "Online")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GroupIdCompleter))]
    public string? GroupId { get; set; }

    /// <summary>Of the journal's assets, those of groups of this name; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = "Journal")]
    [Parameter(ParameterSetName = "Online")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GroupNameCompleter))]
    public string? GroupName { get; set; }

    /// <summary>Of the journal's assets, those of this project; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = "Journal")]
    [Parameter(ParameterSetName = "Online")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProjectNameCompleter))]
    public string? ProjectName { get; set; }

    /// <summary>Of the journal's assets, those of runs of this name; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = "Journal")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunNameCompleter))]
    public string? RunName { get; set; }

    /// <summary>Of the journal's assets, those of rows with this id of their own; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = "Journal")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string? RowId { get; set; }

    /// <summary>Of the journal's assets, those submitted since then: a time, or a span back from now, such as 1h.</summary>
    [Parameter(ParameterSetName = "Journal")]
    [Moment]
    public DateTimeOffset? Since { get; set; }

    /// <summary>Of the journal's assets, those submitted before then: a time, or a span back from now, such as 7d.</summary>
    [Parameter(ParameterSetName = "Journal")]
    [Moment]
    public DateTimeOffset? Before { get; set; }

    /// <summary>Of the journal's assets, also those of rows that were submitted again since, and accepted.</summary>
    [Parameter(ParameterSetName = "Journal")]
    public SwitchParameter IncludeSuperseded { get; set; }

    /// <summary>What the asset library shows of a group, which may hold other accounts' assets: IsKnown tells whether the journal knows it.</summary>
    [Parameter(ParameterSetName = "Online", Mandatory = true)]
    public SwitchParameter Online { get; set; }

    // Tasks in hand need no connection; the journal's are an account's.
    private protected override bool NeedsConnection => ParameterSetName != "InputObject";

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        (_name, _groupName, _projectName, _runName, _rowId) = (new(Name), new(GroupName), new(ProjectName), new(RunName), new(RowId));
        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var task in InputObject ?? [])
        {
            if (!task.IsFinal && task.Assets.Count == 0)
            {
                WriteWarning($"Task {task.TaskId} is not final yet, so it has no assets: wait for it first (Wait-SeedanceTask).");
            }

            WriteObject(task.Assets.Where(IsWanted).Select(KeptProperties.Attach), enumerateCollection: true);
        }
    }

    // The journal is read on one core while the pipeline goes on with what was read on another.
    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        if (ParameterSetName == "InputObject")
        {
            return;
        }

        if (Online)
        {
            await ListOnlineAsync(cancellationToken);
            return;
        }

        var query = new JournalQuery { GroupId = GroupId, Since = Since, Before = Before, IncludeSuperseded = IncludeSuperseded };
        var batch = new List<object>(BatchLength);
        await foreach (var asset in Connected.GetJournal().ReadAssetsAsync(query, cancellationToken))
        {
            if (IsWanted(asset))
            {
                batch.Add(KeptProperties.Attach(asset));
            }

            if (batch.Count == BatchLength)
            {
                QueueObjects(batch);
                batch = new List<object>(BatchLength);
            }
        }

        QueueObjects(batch);
    }

    // What the journal knows of an asset goes with what the library shows of it.
    private async Task ListOnlineAsync(CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, SeedanceAsset>(StringComparer.Ordinal);
        await foreach (var asset in Connected.GetJournal().ReadAssetsAsync(new JournalQuery { GroupId = GroupId }, cancellationToken))
        {
            known[asset.AssetId] = asset;
        }

        var client = Connected.GetClient().WithRequestObserver(OnRequest);
        foreach (var group in await FindGroupsAsync(client, cancellationToken))
        {
            var list = client.ListAssets(group?.GroupId);
            await foreach (var entry in list.WithCancellation(cancellationToken))
            {
                // A gateway may ignore which group is asked for.
                if (group is null || entry.GroupId is null || entry.GroupId == group.GroupId)
                {
                    Show(entry.ToAsset(known.GetValueOrDefault(entry.AssetId)), group, known.ContainsKey(entry.AssetId));
                }
            }

            if (!list.IsComplete)
            {
                QueueWarning($"The library's list{(group is null ? string.Empty : $" of group '{group}'")} was not whole: it changed while it was read, or ended early. Read it again.");
            }
        }

        void Show(SeedanceAsset asset, AvatarGroup? group, bool isKnown)
        {
            asset = asset with { GroupId = asset.GroupId ?? group?.GroupId, GroupName = asset.GroupName ?? group?.Name };
            if ((Usable == Failed || (asset.IsUsable ? Usable : Failed)) && _name.Match(asset.Name) && _projectName.Match(asset.ProjectName))
            {
                var shown = PSObject.AsPSObject(KeptProperties.Attach(asset));
                shown.Properties.Add(new PSNoteProperty("IsKnown", isKnown));
                QueueObject(shown);
            }
        }
    }

    /// <summary>The groups whose lists are read; one that is null for the whole library.</summary>
    private async Task<IReadOnlyList<AvatarGroup?>> FindGroupsAsync(SeedanceClient client, CancellationToken cancellationToken)
    {
        if (GroupName is null)
        {
            return [GroupId is null ? null : new AvatarGroup { GroupId = GroupId }];
        }

        var groups = new List<AvatarGroup?>();
        await foreach (var group in client.ListGroups(WildcardPattern.ContainsWildcardCharacters(GroupName) ? null : GroupName).WithCancellation(cancellationToken))
        {
            if (_groupName.Match(group.Name) && (GroupId is null || group.GroupId == GroupId))
            {
                groups.Add(group);
            }
        }

        return groups;
    }

    // Both switches, like neither, mean all.
    private bool IsWanted(SeedanceAsset asset) =>
        (Usable == Failed || (asset.IsUsable ? Usable : Failed))
        && (GroupId is null || asset.GroupId == GroupId)
        && _name.Match(asset.Name)
        && _groupName.Match(asset.GroupName)
        && _projectName.Match(asset.ProjectName)
        && _runName.Match(asset.RunName)
        && _rowId.Match(asset.RowId);
}
