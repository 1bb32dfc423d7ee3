using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Clears the journal of old names, addresses and results; never of what keeps a row from being sent twice.</para>
/// </summary>
[Cmdlet(VerbsCommon.Clear, "SeedanceJournal", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(JournalTransfer))]
public sealed class ClearSeedanceJournalCommand : AsyncCommand
{
    private bool _isRehearsal;

    /// <summary>What was sent before then, and is over: a time, or a span back from now, such as 365d.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Moment]
    public DateTimeOffset? Before { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _isRehearsal = !ShouldProcess(Connected.GetJournal().Name, $"Clear account '{Connected.AccountName}' of what was sent before {Before:yyyy-MM-dd HH:mm}: its tasks and assets are not listed any more");
        base.BeginProcessing();
    }

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        // Whoever said no to the question has not asked to be told.
        if (!_isRehearsal || Confirmation.IsSimulated(this))
        {
            QueueObject(await Archives.Of(Connected).ClearAsync(Before!.Value, _isRehearsal, cancellationToken));
        }
    }
}
