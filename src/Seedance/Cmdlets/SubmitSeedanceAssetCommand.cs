using System.Management.Automation;
using System.Threading.Channels;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Submits pictures, clips or voices for review, in batches, and gives each task out as it is accepted.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Submit, "SeedanceAsset", SupportsShouldProcess = true)]
[OutputType(typeof(SeedanceTask))]
public sealed class SubmitSeedanceAssetCommand : AsyncCommand
{
    private readonly Channel<AssetSource> _rows = Channel.CreateBounded<AssetSource>(new BoundedChannelOptions(256) { SingleReader = true });
    private int _row;

    /// <summary>Where the material is: http or https, reachable from the public internet.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Uri", "SourceUrl")]
    public string? Url { get; set; }

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
    public AvatarGroup? Group { get; set; }

    /// <summary>The id of a group that the server has already. Excludes -Group.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? GroupId { get; set; }

    /// <summary>The project; the group's, or the API's default, if it is left out.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? ProjectName { get; set; }

    /// <summary>A row: an object with these columns, or an address.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>Rows a request.</summary>
    [Parameter]
    [ValidateRange(1, SeedanceClient.MaxAssetsPerRequest)]
    public int BatchSize { get; set; } = SeedanceClient.MaxAssetsPerRequest;

    /// <summary>Requests at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>Skips rows that the journal has as accepted, and gives their tasks out again.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>With -Resume: sends again what was refused or failed review.</summary>
    [Parameter]
    public SwitchParameter RetryFailed { get; set; }

    /// <summary>With -Resume: sends again what may or may not have been accepted. It may be billed twice.</summary>
    [Parameter]
    public SwitchParameter RetryUnknown { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        // Asking to send again what earlier runs left open is asking to go on with them.
        Resume = Resume || RetryFailed || RetryUnknown;
        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var (source, problems) = AssetRules.Read(new AssetRow
        {
            Url = Url ?? InputObject?.BaseObject as string,
            Name = Name,
            AssetType = AssetType,
            Group = Group,
            GroupId = GroupId,
            ProjectName = ProjectName,
            Row = ++_row,
        });
        if (problems.Count > 0)
        {
            WriteError(ErrorRecords.Of(AssetRules.Refuse(source, problems), source));
        }
        else if (ShouldProcess(source.ToString(), source.Group is null ? "Submit for review" : $"Submit for review to group '{source.Group}'"))
        {
            Hand(_rows.Writer, source);
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
        var options = new SubmitOptions
        {
            BatchSize = BatchSize,
            ThrottleLimit = ThrottleLimit,
            Resume = Resume,
            RetryFailed = RetryFailed,
            RetryUnknown = RetryUnknown,
        };
        await foreach (var next in Connected.CreateSubmitter().SubmitAsync(_rows.Reader, options, cancellation))
        {
            switch (next)
            {
                case TaskAccepted accepted:
                    Emit(accepted.Task);
                    break;
                case RowFailed failed:
                    Report(failed.Error, failed.Row);
                    break;
                case SubmitNotice notice:
                    Warn(notice.Message);
                    break;
                default:
                    break;
            }
        }
    }
}
