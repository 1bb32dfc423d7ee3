using System.Management.Automation;
using System.Threading.Channels;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Gives an asset another name in the asset library.</para>
/// </summary>
[Cmdlet(VerbsCommon.Rename, "SeedanceAsset", SupportsShouldProcess = true)]
[OutputType(typeof(SeedanceAsset))]
public sealed class RenameSeedanceAssetCommand : AsyncCommand
{
    private readonly Channel<(string Id, string Name)> _names = Channel.CreateUnbounded<(string, string)>();

    /// <summary>The asset's id.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AssetIdCompleter))]
    public string? AssetId { get; set; }

    /// <summary>Its new name, up to 64 characters.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateLength(1, 64)]
    public string? NewName { get; set; }

    /// <summary>Also what the journal cannot claim, which may be another account's.</summary>
    [Parameter]
    public SwitchParameter AllowForeign { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var id = AssetIds.From(AssetId!);
        if (ShouldProcess(id, $"Rename to '{NewName}'"))
        {
            Post(_names.Writer, (id, NewName!));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _names.Writer.Complete();
        base.EndProcessing();
    }

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        var names = new List<(string Id, string Name)>();
        await foreach (var name in _names.Reader.ReadAllAsync(cancellationToken))
        {
            names.Add(name);
        }

        var editor = Connected.CreateLibraryEditor(OnRequest);
        var claimed = await editor.ClaimAsync(names.ConvertAll(name => name.Id), cancellationToken);
        for (var i = 0; i < names.Count; i++)
        {
            var (id, name) = names[i];
            try
            {
                var asset = claimed[i] ?? (AllowForeign ? await editor.ReadAsync(id, cancellationToken) : throw AssetIds.Foreign(id, "renamed"));
                QueueObject((asset is null ? null : await editor.RenameAssetAsync(asset, name, cancellationToken)) ?? throw AssetIds.NotThere(id));
            }
            catch (SeedanceException e) when (!e.StopsTheRun)
            {
                QueueError(e, id);
            }
        }
    }
}
