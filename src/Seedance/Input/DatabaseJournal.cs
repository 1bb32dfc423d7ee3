using System.Management.Automation;
using System.Net;
using System.Runtime.CompilerServices;
using Seedance.Journal.PostgreSql;

namespace Seedance.Commands;

/// <summary>
/// A journal in a database, by its address. Only what is behind these methods loads the library for it: they are not
/// inlined, so that nothing does where no such journal is used.
/// </summary>
internal static class DatabaseJournal
{
    /// <summary>Returns whether this is meant as a database's address, and not as a path.</summary>
    public static bool IsAddress(string? text) => text is not null
        && (text.StartsWith("postgresql:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgres:", StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns what opens the journal at an address.</summary>
    /// <exception cref="SeedanceException">The address cannot be used.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static JournalStore Store(string address, string? password)
    {
        var options = Options(address, password);
        return new JournalStore(options.Address.ToString(), account => new PostgreSqlJournal(options, account));
    }

    /// <summary>Makes or updates the journal at an address.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Task<JournalHealth> InstallAsync(string address, string? password, IReadOnlyList<string> runnerRoles, bool confirmsServer, CancellationToken cancellationToken) =>
        PostgreSqlJournal.InstallAsync(Options(address, password), runnerRoles, confirmsServer, cancellationToken);

    /// <summary>Looks at the journal at an address.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static async Task<JournalHealth> TestAsync(string address, string? password, CancellationToken cancellationToken)
    {
        await using var journal = new PostgreSqlJournal(Options(address, password), new JournalAccount(JournalAccount.DefaultName));
        return await journal.TestAsync(cancellationToken);
    }

    /// <summary>Looks at the journal of a connection.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Task<JournalHealth> TestAsync(IJournal journal, CancellationToken cancellationToken) => ((PostgreSqlJournal)journal).TestAsync(cancellationToken);

    /// <summary>Reads the database's password from a vault; null if no secret is named.</summary>
    public static string? Password(PSCmdlet cmdlet, string? secretName, string? vaultName) =>
        secretName is null ? null : new NetworkCredential(string.Empty, SecretVault.Read(cmdlet, secretName, vaultName)).Password;

    /// <summary>Checks an address that was given for one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static string Spell(string address) => JournalAddress.Parse(address).ToString();

    private static PostgreSqlJournalOptions Options(string address, string? password) => new(JournalAddress.Parse(address)) { Password = password };
}
