using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Gives out the account's lists of queued rows, with what became of the rows so far.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "SeedanceList")]
[OutputType(typeof(List))]
public sealed class GetSeedanceListCommand : AsyncCommand
{
    /// <summary>Only lists of this name; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ListNameCompleter))]
    public string? ListName { get; set; }

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        var journal = Connected.GetRunnerJournal();
        if (ListName is null || WildcardPattern.ContainsWildcardCharacters(ListName))
        {
            var wanted = new Wildcards(ListName);
            QueueObjects((await journal.FindListsAsync(null, cancellationToken)).Where(list => wanted.Match(list.ListName)));
            return;
        }

        try
        {
            QueueObject(await journal.GetListAsync(ListName, cancellationToken));
        }
        catch (SeedanceException e) when (e.Kind == SeedanceErrorKind.NotFound)
        {
            QueueError(e, ListName);
        }
    }
}
