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

    private WildcardPattern? _name;

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
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Of the journal's assets, those of this group.</summary>
    [Parameter(ParameterSetName = "Journal")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GroupIdCompleter))]
    public string? GroupId { get; set; }

    // Tasks in hand need no connection; the journal's are an account's.
    private protected override bool NeedsConnection => ParameterSetName == "Journal";

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _name = Name is null ? null : WildcardPattern.Get(Name, WildcardOptions.IgnoreCase);
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

            WriteObject(task.Assets.Where(IsWanted), enumerateCollection: true);
        }
    }

    // The journal is read on one core while the pipeline goes on with what was read on another.
    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        if (ParameterSetName != "Journal")
        {
            return;
        }

        var batch = new List<SeedanceAsset>(BatchLength);
        await foreach (var asset in Connected.GetJournal().ReadAssetsAsync(new JournalQuery { GroupId = GroupId }, cancellationToken))
        {
            if (IsWanted(asset))
            {
                batch.Add(asset);
            }

            if (batch.Count == BatchLength)
            {
                QueueObjects(batch);
                batch = new List<SeedanceAsset>(BatchLength);
            }
        }

        QueueObjects(batch);
    }

    // Both switches, like neither, mean all.
    private bool IsWanted(SeedanceAsset asset) =>
        (Usable == Failed || (asset.IsUsable ? Usable : Failed))
        && (GroupId is null || asset.GroupId == GroupId)
        && (_name is null || (asset.Name is not null && _name.IsMatch(asset.Name)));
}
