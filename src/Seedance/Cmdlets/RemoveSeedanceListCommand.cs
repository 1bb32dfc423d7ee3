using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Removes a list with what is queued in it. What has left stays in the journal.</para>
/// </summary>
[Cmdlet(VerbsCommon.Remove, "SeedanceList", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveSeedanceListCommand : NamedCommand
{
    /// <summary>The list.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ListNameCompleter))]
    public string ListName { get; set; } = string.Empty;

    private protected override string? InputName => ListName;

    private protected override async Task WorkAsync(string? name, CancellationToken cancellationToken)
    {
        var journal = Connected.GetRunnerJournal();
        var list = await journal.GetListAsync(name!, cancellationToken);
        if (await AskAsync(() => ShouldProcess($"list '{list}' of {list.Rows} row(s), of which {list.Queued} are queued and will not be sent", "Remove"), cancellationToken))
        {
            await journal.RemoveListAsync(name!, cancellationToken);
        }
    }
}
