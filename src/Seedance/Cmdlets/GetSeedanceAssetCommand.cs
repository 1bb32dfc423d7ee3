using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Gives out the assets of tasks; without input, those that the journal knows.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "SeedanceAsset", DefaultParameterSetName = "Journal")]
[OutputType(typeof(SeedanceAsset))]
public sealed class GetSeedanceAssetCommand : ConnectedCommand
{
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

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        // Tasks in hand need no connection; the journal's are an account's.
        if (ParameterSetName == "Journal")
        {
            base.BeginProcessing();
            _name = Name is null ? null : WildcardPattern.Get(Name, WildcardOptions.IgnoreCase);
        }
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

            WriteMatching(task.Assets);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ParameterSetName != "Journal")
        {
            return;
        }

        try
        {
            WriteMatching(Connected.GetJournal().ReadAssets());
        }
        catch (SeedanceException e)
        {
            ThrowTerminatingError(ErrorRecords.Of(e, null));
        }
    }

    private void WriteMatching(IEnumerable<SeedanceAsset> assets)
    {
        foreach (var asset in assets)
        {
            // Both switches, like neither, mean all.
            var isWanted = Usable == Failed || (asset.IsUsable ? Usable : Failed);
            if (isWanted && (GroupId is null || asset.GroupId == GroupId) && (_name is null || (asset.Name is not null && _name.IsMatch(asset.Name))))
            {
                WriteObject(asset);
            }
        }
    }
}
