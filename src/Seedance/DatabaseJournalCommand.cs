using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>A cmdlet about a journal in a database, whoever uses it.</summary>
public abstract class DatabaseJournalCommand : AsyncCommand
{
    /// <summary>The name of the database's password in SecretManagement.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalSecretName { get; set; }

    /// <summary>The vault to look in; all of them by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalVaultName { get; set; }

    /// <summary>The address, in one spelling.</summary>
    private protected string? Address { get; private set; }

    private protected string? Password { get; private set; }

    /// <summary>Takes the address that was given, and reads the password on the pipeline's thread.</summary>
    private protected void Locate(string? journal)
    {
        try
        {
            Address = journal is null ? null : DatabaseJournal.Spell(journal);
            Password = DatabaseJournal.Password(this, JournalSecretName, JournalVaultName);
        }
        catch (SeedanceException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, null));
        }
    }
}
