using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace Seedance.Journal.PostgreSql;

/// <summary>The words for a database that cannot be used as a journal. Values, queries and passwords are in none of them.</summary>
internal static class DatabaseErrors
{
    private const string LeaseLapsedState = "SD001";
    private const string NotReadCommittedState = "SD002";
    private const string NoListState = "SD003";
    private const string HasRunnersState = "SD004";
    private const string PromotedState = "SD005";
    private const string OtherServerState = "SD006";

    private const string Confirm =
        "See that nothing is missing: a synchronous standby and a server that was moved after its last run lack nothing. Then let the owner of the database confirm it: Install-SeedanceJournal -Force. Where something may be missing, look before the next run for what the asset library shows and the journal does not know: Get-SeedanceAsset -Online.";

    /// <summary>Returns whether the same statement may well succeed in a moment, or has succeeded without our being told.</summary>
    public static bool IsPassing(Exception e) => e switch
    {
        PostgresException { SqlState: var state } =>
            state is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.TooManyConnections
                or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            || state.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException { InnerException: AuthenticationException } => false,
        NpgsqlException or IOException or SocketException or TimeoutException => true,
        _ => false,
    };

    /// <summary>Returns whether it comes of the database or of the way to it.</summary>
    public static bool IsOfDatabase(Exception e) => e is NpgsqlException or IOException or SocketException or TimeoutException;

    public static SeedanceException From(string name, Exception e) => e switch
    {
        PostgresException { SqlState: LeaseLapsedState } => LeaseLapsed(name),
        PostgresException { SqlState: NoListState } => Create(name, "has no such list in this account.",
            "See its name by Get-SeedanceList; Submit-SeedanceAsset -Queue -ListName makes one.", e, SeedanceErrorKind.NotFound),
        PostgresException { SqlState: HasRunnersState } => Create(name, "has runners at work on the list; it was not removed.",
            "Stop them first: Get-SeedanceRunner, Stop-SeedanceRunner.", e, SeedanceErrorKind.InvalidInput),
        PostgresException { SqlState: PromotedState, MessageText: var change } => Promoted(name, change),
        PostgresException { SqlState: OtherServerState, MessageText: var change } => OtherServer(name, change),
        PostgresException { SqlState: NotReadCommittedState } => Create(name, "runs transactions at another level than read committed.",
            "Take the setting back: ALTER DATABASE … RESET default_transaction_isolation, and the same for the role.", e),
        PostgresException { SqlState: PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedFunction } => NotInstalled(name, e),
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => Create(name, "does not exist on its server.",
            "Make it (createdb), then let its owner run Install-SeedanceJournal.", e),
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } => Create(name, "does not let this role in.",
            "Give the password by Connect-Seedance -JournalSecretName or a password file (PGPASSFILE), and see that pg_hba.conf admits the role.", e),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => NotGranted(name, e),
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => Create(name, "can only be read: it is a standby, or it was set so.",
            "Name the primary: Connect-Seedance -Journal. Test-SeedanceJournal tells how it is set.", e),
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => Create(name, "has no space left.", "Free space on its server.", e),
        PostgresException { SqlState: var state } => Create(name, $"refused a statement (SQLSTATE {state}).", "See the log of its server.", e),
        { InnerException: AuthenticationException } => Create(name, "could not be verified: its certificate is not one that this machine trusts for that host.",
            "Name the server as its certificate does, and the authority by PGSSLROOTCERT. Away from this machine itself, TLS is always verified in full.", e),
        NpgsqlException { InnerException: null, Message: var message } when message.Contains("SSL", StringComparison.Ordinal) => Create(name, "does not offer TLS.",
            "Turn on ssl at the server. Away from this machine itself, nothing is sent without it.", e),
        NpgsqlException { InnerException: null, Message: var message } when message.Contains("password", StringComparison.OrdinalIgnoreCase) => Create(name, "asks for a password, and none was given.",
            "Give it by Connect-Seedance -JournalSecretName or a password file (PGPASSFILE).", e),
        _ => Create(name, "cannot be reached.", "See that the server runs and that host and port are right; then run again with -Resume.", e),
    };

    public static SeedanceException NotInstalled(string name, Exception? e = null) =>
        Create(name, "holds no journal yet.", "Let the owner of the database make one: Install-SeedanceJournal.", e);

    public static SeedanceException NotGranted(string name, Exception? e = null) =>
        Create(name, "does not let this role do what a journal needs.",
            "Let the owner grant it: Install-SeedanceJournal -RunnerRole. Making or updating a journal is for the owner of the database.", e);

    public static SeedanceException NotOwner(string name) =>
        Create(name, "takes records in, and is cleared of them, by its owner alone.", "Connect as the role that owns the journal: Connect-Seedance -Journal postgresql://owner@host/database.");

    public static SeedanceException Outdated(string name, int version, int needed) =>
        Create(name, string.Create(CultureInfo.InvariantCulture, $"is of version {version}, and this version of the module needs {needed}."), "Let its owner update it: Install-SeedanceJournal.");

    public static SeedanceException ClientTooOld(string name, int version) =>
        Create(name, string.Create(CultureInfo.InvariantCulture, $"is of version {version}, which this version of the module is too old for."), "Update the module: Update-Module Seedance.");

    public static SeedanceException LeaseLapsed(string name) =>
        Create(name, "has not heard of this run for so long that others may have gone on from what it has left.",
            "The run was suspended, or the database was away for too long. Run again with -Resume.");

    public static SeedanceException Promoted(string name, string change) =>
        Create(name, $"goes on at a standby that was promoted, or at a state that was brought back ({change}). What was recorded last may be missing, and its rows would be sent twice.", Confirm);

    public static SeedanceException OtherServer(string name, string change) =>
        Create(name, $"goes on at another server than before: it was moved, or brought back from a backup ({change}). What was recorded last may be missing, and its rows would be sent twice.", Confirm);

    public static SeedanceException Damaged(string name) =>
        Create(name, "holds a record that this version of the module cannot read.", "Update the module: Update-Module Seedance.");

    // The cause stays behind: it quotes what the database says, in whatever words.
    private static SeedanceException Create(string name, string message, string action, Exception? cause = null, SeedanceErrorKind kind = SeedanceErrorKind.JournalUnavailable) =>
        new(kind, Delivery.NotSent,
            $"The journal '{name}' {message}{(cause is PostgresException { SqlState: var state } && !message.Contains("SQLSTATE", StringComparison.Ordinal) ? $" (SQLSTATE {state})" : string.Empty)} What cannot be recorded is not sent.")
        {
            RecommendedAction = action,
        };
}
