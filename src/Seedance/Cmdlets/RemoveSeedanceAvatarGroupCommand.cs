using System.Management.Automation;
using System.Threading.Channels;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Deletes groups from the asset library, with all that is in them. What is gone already counts as deleted.</para>
/// </summary>
[Cmdlet(VerbsCommon.Remove, "SeedanceAvatarGroup", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveSeedanceAvatarGroupCommand : AsyncCommand
{
    private readonly Channel<string> _ids = Channel.CreateUnbounded<string>();

    /// <summary>The group's id; or a group that has one.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GroupIdCompleter))]
    public string[]? GroupId { get; set; }

    /// <summary>Also a group that the journal does not know, or that holds what it cannot claim: these may be another account's.</summary>
    [Parameter]
    public SwitchParameter AllowForeign { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var id in GroupId ?? [])
        {
            Post(_ids.Writer, id.Trim());
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
        var editor = Connected.CreateLibraryEditor(OnRequest);
        await foreach (var id in _ids.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                var (isKnown, known, foreign) = await editor.ReadGroupAsync(id, cancellationToken);
                if (!AllowForeign && (!isKnown || foreign > 0))
                {
                    throw AssetIds.ForeignGroup(id, isKnown, foreign);
                }

                var target = $"group {id} with {known.Count(asset => !asset.IsDeleted) + foreign} asset(s){(foreign > 0 ? $", {foreign} of which this journal does not know" : string.Empty)}";
                if (await AskAsync(() => ShouldProcess(target, "Delete from the asset library"), cancellationToken))
                {
                    var wasThere = await editor.RemoveGroupAsync(id, known, cancellationToken);
                    QueueVerbose(wasThere ? $"Group {id} is deleted." : $"Group {id} was gone already.");
                }
            }
            catch (SeedanceException e) when (!e.StopsTheRun)
            {
                QueueError(e, id);
            }
        }
    }
}
