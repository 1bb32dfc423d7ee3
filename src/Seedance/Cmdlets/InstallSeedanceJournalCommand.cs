using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Makes a journal in a PostgreSQL database, or brings it up to this version, as the database's owner.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Install, "SeedanceJournal", SupportsShouldProcess = true)]
[OutputType(typeof(JournalHealth))]
public sealed class InstallSeedanceJournalCommand : DatabaseJournalCommand
{
    private bool _isApproved;

    /// <summary>The database: postgresql://[user@]host[:port]/database, with the role that owns it.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Journal { get; set; } = string.Empty;

    /// <summary>Roles that are to use the journal: they may execute its functions and read no table.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] RunnerRole { get; set; } = [];

    /// <summary>Confirms that the journal may go on at a server that is another than before: a promoted standby, or a copy that was brought back. Without it, runs stop there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool NeedsConnection => false;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        Locate(Journal);
        _isApproved = ShouldProcess(Address, Force ? "Make or update the journal's tables and functions, and confirm that it goes on at this server" : "Make or update the journal's tables and functions");
        base.BeginProcessing();
    }

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        if (_isApproved)
        {
            QueueObject(await DatabaseJournal.InstallAsync(Address!, Password, RunnerRole, Force, cancellationToken));
        }
    }
}
