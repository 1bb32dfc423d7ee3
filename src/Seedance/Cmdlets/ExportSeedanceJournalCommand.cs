using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Writes the account's records to a file, for keeping or for another machine.</para>
/// </summary>
[Cmdlet(VerbsData.Export, "SeedanceJournal", SupportsShouldProcess = true)]
[OutputType(typeof(JournalTransfer))]
public sealed class ExportSeedanceJournalCommand : AsyncCommand
{
    private string _file = string.Empty;
    private bool _isWanted;

    /// <summary>The file to write; none is there yet, unless -Force is given.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>Replaces a file that is there already.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _file = LocalPaths.Locate(this, Path, "file");
        _isWanted = ShouldProcess(_file, "Write the account's records");
        base.BeginProcessing();
    }

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        if (_isWanted)
        {
            QueueObject(await Archives.Of(Connected).ExportAsync(_file, Force, cancellationToken));
        }
    }
}
