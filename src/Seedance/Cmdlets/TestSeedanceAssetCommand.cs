using System.Management.Automation;
using System.Threading.Channels;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Checks rows before they are submitted: one check a row, with all that speaks against it. Nothing is submitted.</para>
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "SeedanceAsset")]
[OutputType(typeof(AssetCheck))]
public sealed class TestSeedanceAssetCommand : AsyncCommand
{
    private readonly Channel<AssetRow> _rows = Channel.CreateBounded<AssetRow>(new BoundedChannelOptions(256) { SingleReader = true });
    private bool _groupIsGiven;
    private int _row;

    /// <summary>Where the material is: http or https, reachable from the public internet.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Uri", "SourceUrl")]
    public string? Url { get; set; }

    /// <summary>A picture on this machine; wildcards are allowed. Excludes -Url.</summary>
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

    /// <summary>Also asks every address what it holds, without the key, and never on a private network.</summary>
    [Parameter]
    public SwitchParameter Online { get; set; }

    /// <summary>Addresses asked at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 8;

    // The rules are the module's own: a key is needed for nothing, and a connection only to know whether it is a sandbox.
    private protected override bool NeedsConnection => Online;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _groupIsGiven = MyInvocation.BoundParameters.ContainsKey(nameof(Group));
        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        _row++;
        var cells = new AssetRow
        {
            Url = Url,
            Path = Path,
            Name = Name,
            AssetType = AssetType,
            Group = Group,
            GroupId = GroupId,
            ProjectName = ProjectName,
            Row = MyInvocation.ExpectingInput ? _row : 0,
        };
        IReadOnlyList<AssetRow> rows;
        try
        {
            rows = AssetRows.Of(this, cells, InputObject, _groupIsGiven);
        }
        catch (SeedanceException e)
        {
            WriteError(ErrorRecords.Of(e, InputObject));
            return;
        }

        foreach (var row in rows)
        {
            Hand(_rows.Writer, row);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _rows.Writer.Complete();
        base.EndProcessing();
    }

    private protected override async Task WorkAsync(CancellationToken cancellation)
    {
        var (checks, valid) = (0, 0);
        await foreach (var check in (Online ? Connected.CreateChecker() : new AssetChecker()).CheckAsync(_rows.Reader, ThrottleLimit, cancellation))
        {
            checks++;
            valid += check.IsValid ? 1 : 0;
            Emit(check);
        }

        Tell($"{checks} row(s) checked: {valid} valid, {checks - valid} not.");
    }
}
