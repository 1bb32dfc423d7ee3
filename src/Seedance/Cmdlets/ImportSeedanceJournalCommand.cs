using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Takes the records of another journal, or of an export, into this one.</para>
/// </summary>
[Cmdlet(VerbsData.Import, "SeedanceJournal", SupportsShouldProcess = true)]
[OutputType(typeof(JournalTransfer))]
public sealed class ImportSeedanceJournalCommand : AsyncCommand
{
    private string _file = string.Empty;
    private bool _isRehearsal;

    /// <summary>The file: an export, or a journal of another machine.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>The account of this journal that all of the records are taken over as. Each keeps its own without it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? AccountName { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _file = LocalPaths.Locate(this, Path, "file");
        _isRehearsal = !ShouldProcess(_file, "Take its records into the journal");
        base.BeginProcessing();
    }

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        // Whoever said no to the question has not asked to be told.
        if (_isRehearsal && !Confirmation.IsSimulated(this))
        {
            return;
        }

        var taken = await Archives.Of(Connected).ImportAsync(_file, AccountName, _isRehearsal, cancellationToken);
        if (taken.AcceptedTwice > 0)
        {
            QueueWarning($"{taken.AcceptedTwice} row(s) were accepted both in the journal and in '{_file}', by different requests: each was sent, and may be billed, twice. Of each, the later outcome counts; Get-SeedanceAsset -IncludeSuperseded shows both.");
        }

        if (taken.Contradictions > 0)
        {
            QueueWarning($"{taken.Contradictions} request(s) have another outcome in '{_file}' than in the journal. Of each, the later one counts; Sync-SeedanceJournal asks the asset library.");
        }

        if (AccountName is not null && taken.AccountNames.Count > 0 && Connected.AccountName != AccountName)
        {
            QueueWarning($"The records were taken over as the account '{AccountName}'; this connection's account is '{Connected.AccountName}', which does not see them.");
        }

        QueueObject(taken);
    }
}
