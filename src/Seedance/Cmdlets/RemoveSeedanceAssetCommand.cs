using System.Management.Automation;
using System.Threading.Channels;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Deletes assets from the asset library. What is gone already counts as deleted.</para>
/// </summary>
[Cmdlet(VerbsCommon.Remove, "SeedanceAsset", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveSeedanceAssetCommand : AsyncCommand
{
    private readonly Channel<string> _ids = Channel.CreateUnbounded<string>();

    /// <summary>The assets' ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AssetIdCompleter))]
    public string[]? AssetId { get; set; }

    /// <summary>Also what the journal cannot claim, which may be another account's.</summary>
    [Parameter]
    public SwitchParameter AllowForeign { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var id in AssetId ?? [])
        {
            Post(_ids.Writer, AssetIds.From(id));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _ids.Writer.Complete();
        base.EndProcessing();
    }

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        await foreach (var id in _ids.Reader.ReadAllAsync(cancellationToken))
        {
            ids.Add(id);
        }

        var editor = Connected.CreateLibraryEditor(OnRequest);
        var claimed = await editor.ClaimAsync([.. ids.Distinct()], cancellationToken);
        foreach (var (id, asset) in ids.Distinct().Zip(claimed))
        {
            try
            {
                if (asset is null && !AllowForeign)
                {
                    throw AssetIds.Foreign(id, "deleted");
                }

                if (asset is { IsDeleted: true, Status: not JournalAssetChange.Deleting })
                {
                    QueueVerbose($"Asset {id} was deleted before.");
                    continue;
                }

                var target = asset is null ? $"{id}, which this journal does not know" : $"{id} ({asset.Name ?? "without a name"})";
                if (await AskAsync(() => ShouldProcess(target, "Delete from the asset library"), cancellationToken))
                {
                    var wasThere = await editor.RemoveAssetAsync(asset ?? new SeedanceAsset { AssetId = id, AssetUrl = $"asset://{id}", TaskId = string.Empty }, cancellationToken);
                    QueueVerbose(wasThere ? $"Asset {id} is deleted." : $"Asset {id} was gone already.");
                }
            }
            catch (SeedanceException e) when (!e.StopsTheRun)
            {
                QueueError(e, id);
            }
        }
    }
}
