using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Looks at a journal in a PostgreSQL database: version, role, encryption, and whether what it acknowledges lasts.</para>
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "SeedanceJournal")]
[OutputType(typeof(JournalHealth))]
public sealed class TestSeedanceJournalCommand : DatabaseJournalCommand
{
    /// <summary>The database: postgresql://[user@]host[:port]/database. By default the connection's journal.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Journal { get; set; }

    private protected override bool NeedsConnection => Journal is null;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        Locate(Journal);
        base.BeginProcessing();
    }

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        if (Address is null && !DatabaseJournal.IsAddress(Connected.Journal))
        {
            throw new SeedanceException(SeedanceErrorKind.InvalidInput, Delivery.NotSent, "The journal of this connection is in no database.")
            {
                RecommendedAction = "Test-SeedanceConnection tests a file. For a database: Test-SeedanceJournal postgresql://host/database.",
            };
        }

        var health = Address is not null
            ? await DatabaseJournal.TestAsync(Address, Password, cancellationToken)
            : await DatabaseJournal.TestAsync(Connected.GetJournal(), cancellationToken);
        foreach (var warning in health.Warnings)
        {
            QueueWarning(warning);
        }

        QueueObject(health);
    }
}
