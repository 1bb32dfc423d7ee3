using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Gives out the account's lists of queued rows, with what became of the rows so far.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "SeedanceList")]
[OutputType(typeof(List))]
public sealed class GetSeedanceListCommand : NamedCommand
{
    /// <summary>Only lists of this name; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ListNameCompleter))]
    public string? ListName { get; set; }

    private protected override string? InputName => ListName;

    private protected override async Task WorkAsync(string? name, CancellationToken cancellationToken)
    {
        var journal = Connected.GetRunnerJournal();
        if (name is null || WildcardPattern.ContainsWildcardCharacters(name))
        {
            var wanted = new Wildcards(name);
            QueueObjects((await journal.FindListsAsync(null, cancellationToken)).Where(list => wanted.Match(list.ListName)));
            return;
        }

        try
        {
            QueueObject(await journal.GetListAsync(name, cancellationToken));
        }
        catch (SeedanceException e) when (e.Kind == SeedanceErrorKind.NotFound)
        {
            QueueError(e, name);
        }
    }
}
