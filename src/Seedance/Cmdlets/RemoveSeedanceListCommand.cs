using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Removes a list with what is queued in it. What has left stays in the journal.</para>
/// </summary>
[Cmdlet(VerbsCommon.Remove, "SeedanceList", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveSeedanceListCommand : AsyncCommand
{
    /// <summary>The list.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ListNameCompleter))]
    public string ListName { get; set; } = string.Empty;

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        var journal = Connected.GetRunnerJournal();
        var list = await journal.GetListAsync(ListName, cancellationToken);
        if (await AskAsync(() => ShouldProcess($"list '{list}' of {list.Rows} row(s), of which {list.Queued} are queued and will not be sent", "Remove"), cancellationToken))
        {
            await journal.RemoveListAsync(ListName, cancellationToken);
        }
    }
}
