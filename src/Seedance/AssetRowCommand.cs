using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>A cmdlet that takes rows: the columns of a CSV as parameters, from the command line or by pipeline.</summary>
public abstract class AssetRowCommand : AsyncCommand
{
    private bool _groupIsGiven;

    /// <summary>Where the material is: http or https, reachable from the public internet.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Uri", "SourceUrl")]
    public string? Url { get; set; }

    /// <summary>A picture on this machine, which is uploaded first; wildcards are allowed. Excludes -Url.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath")]
    [SupportsWildcards]
    public string? Path { get; set; }

    /// <summary>A name for the material, up to 64 characters.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Name { get; set; }

    /// <summary>Image, Video or Audio. Image if it is left out, or Video for a real person's group.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Type")]
    [ArgumentCompleter(typeof(AssetTypeCompleter))]
    public string? AssetType { get; set; }

    /// <summary>The group: one from New-SeedanceAvatarGroup, or a name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [GroupOrName]
    [ArgumentCompleter(typeof(GroupNameCompleter))]
    public AvatarGroup? Group { get; set; }

    /// <summary>The id of a group that the server has already. Excludes -Group.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(GroupIdCompleter))]
    public string? GroupId { get; set; }

    /// <summary>The project; the group's, or the API's default, if it is left out.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ProjectNameCompleter))]
    public string? ProjectName { get; set; }

    /// <summary>A row: an object with these columns, an address, or a file.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>How many inputs came so far.</summary>
    private protected int Rows { get; private set; }

    /// <summary>How many of them were refused.</summary>
    private protected int Invalid { get; private set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _groupIsGiven = MyInvocation.BoundParameters.ContainsKey(nameof(Group));
        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        Rows++;
        var cells = new AssetRow
        {
            Url = Url,
            Path = Path,
            Name = Name,
            AssetType = AssetType,
            Group = Group,
            GroupId = GroupId,
            ProjectName = ProjectName,
            Row = MyInvocation.ExpectingInput ? Rows : 0,
        };
        IReadOnlyList<AssetRow> rows;
        try
        {
            rows = AssetRows.From(this, cells, InputObject, _groupIsGiven);
        }
        catch (SeedanceException e)
        {
            Refuse(e, InputObject);
            return;
        }

        foreach (var row in rows)
        {
            Take(row);
        }
    }

    /// <summary>Takes a row in; on the pipeline's thread.</summary>
    private protected abstract void Take(AssetRow row);

    /// <summary>Writes the one error of an input that cannot be used.</summary>
    private protected void Refuse(SeedanceException failure, object? target)
    {
        Invalid++;
        WriteError(ErrorRecords.From(failure, target));
    }
}
