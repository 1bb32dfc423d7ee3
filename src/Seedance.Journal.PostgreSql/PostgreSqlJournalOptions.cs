namespace Seedance.Journal.PostgreSql;

/// <summary>How to reach a journal on PostgreSQL.</summary>
/// <param name="Address">Where it is.</param>
public sealed record PostgreSqlJournalOptions(JournalAddress Address)
{
    /// <summary>Gets the password; null where a password file (<c>PGPASSFILE</c>), a client certificate or the system vouches for the role.</summary>
    public string? Password { get; init; }

    /// <summary>Gets the clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Gets the file of the authority that the server's certificate must come from; null for <c>PGSSLROOTCERT</c>, or else those that this machine trusts.</summary>
    internal string? RootCertificate { get; init; }

    /// <summary>Gets for how long a run counts as going after its last sign of life.</summary>
    internal TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets for how long a statement is repeated that the database could not answer.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Returns everything but the password.</summary>
    public override string ToString() => Address.ToString();
}
