using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Gives out the account's runners that are at work, on whichever machine.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "SeedanceRunner")]
[OutputType(typeof(Runner))]
public sealed class GetSeedanceRunnerCommand : AsyncCommand
{
    /// <summary>Only runners of this name, which is computer/process; wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        var wanted = new Wildcards(Name);
        QueueObjects((await Connected.GetRunnerJournal().FindRunnersAsync(cancellationToken)).Where(runner => wanted.Match(runner.Name)));
    }
}
