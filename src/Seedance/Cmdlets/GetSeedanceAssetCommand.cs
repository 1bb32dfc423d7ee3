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
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Of the journal's assets, those of this group.</summary>
    [Parameter(ParameterSetName = "Journal")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GroupIdCompleter))]
    public string? GroupId { get; set; }

    /// <summary>Of the journal's assets, those of groups of this name; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = "Journal")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GroupNameCompleter))]
    public string? GroupName { get; set; }

    /// <summary>Of the journal's assets, those of this project; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = "Journal")]
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

    // Tasks in hand need no connection; the journal's are an account's.
    private protected override bool NeedsConnection => ParameterSetName == "Journal";

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
        if (ParameterSetName != "Journal")
        {
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
