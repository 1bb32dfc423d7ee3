using System.Management.Automation;
using System.Threading.Channels;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Asks runners to stop, on whichever machine: they take nothing more, and finish what they have in hand.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Stop, "SeedanceRunner", SupportsShouldProcess = true)]
public sealed class StopSeedanceRunnerCommand : AsyncCommand
{
    private readonly Channel<string> _names = Channel.CreateUnbounded<string>();

    /// <summary>The runner's name, which is computer/process; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name ?? [])
        {
            Post(_names.Writer, name);
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
        var journal = Connected.GetRunnerJournal();
        await foreach (var name in _names.Reader.ReadAllAsync(cancellationToken))
        {
            var wanted = new Wildcards(name);
            var found = (await journal.FindRunnersAsync(cancellationToken)).Where(runner => wanted.Match(runner.Name)).ToList();
            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                QueueError(
                    new SeedanceException(SeedanceErrorKind.NotFound, Delivery.NotSent, $"There is no runner '{name}' at work in this account.")
                    {
                        RecommendedAction = "See who is by Get-SeedanceRunner. What a runner that is gone had in hand falls free within a minute.",
                    },
                    name);
            }

            foreach (var runner in found)
            {
                if (await AskAsync(() => ShouldProcess($"{runner.Name}, at work on list '{runner.ListName}'", "Stop"), cancellationToken))
                {
                    await journal.StopRunnerAsync(runner.RunId, cancellationToken);
                }
            }
        }
    }
}
