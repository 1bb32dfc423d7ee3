using System.Globalization;
using Npgsql;

namespace Seedance.Journal.PostgreSql;

/// <summary>The journal's tables and functions in a database: made and updated by embedded scripts, one a version.</summary>
internal static class JournalSchema
{
    /// <summary>The version that this client needs.</summary>
    public const int Version = 4;

    // Whoever installs at the same time waits for the one who was first.
    private const long InstallLock = 0x5EEDA;

    /// <summary>Throws unless the database has a journal that this client can use.</summary>
    public static async Task RequireAsync(Database database, CancellationToken cancellationToken)
    {
        if (Objection(database.Name, await ReadAsync(database, cancellationToken)) is { } objection)
        {
            throw objection;
        }
    }

    /// <summary>Returns the version of the journal, and that of the oldest client that it still takes; null if it is not there.</summary>
    public static async Task<(int Version, int OldestClient)?> ReadAsync(Database database, CancellationToken cancellationToken) =>
        await database.CallAsync("schema_version", [], row => (row.GetInt32(0), row.GetInt32(1)), TimeSpan.Zero, cancellationToken) is [var schema] ? schema : null;

    /// <summary>Returns why this client cannot use a journal; null if it can.</summary>
    public static SeedanceException? Objection(string name, (int Version, int OldestClient)? schema) => schema switch
    {
        null => DatabaseErrors.NotInstalled(name),
        { OldestClient: > Version } => DatabaseErrors.ClientTooOld(name, schema.Value.Version),
        { Version: < Version } => DatabaseErrors.Outdated(name, schema.Value.Version, Version),
        _ => null,
    };

    /// <summary>Runs the scripts that the database has not seen, in one transaction, and grants their functions to <paramref name="runnerRoles"/>. Returns the version from before; zero for none.</summary>
    /// <param name="database">The database.</param>
    /// <param name="runnerRoles">The roles.</param>
    /// <param name="confirmsServer">Whether the journal may go on at a server that is another than before.</param>
    /// <param name="cancellationToken">Calls it off.</param>
    public static async Task<int> InstallAsync(Database database, IReadOnlyList<string> runnerRoles, bool confirmsServer, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture, $"select pg_advisory_xact_lock({InstallLock})"), cancellationToken);
            var before = await ReadVersionAsync(connection, cancellationToken);
            for (var version = before + 1; version <= Version; version++)
            {
                await ExecuteAsync(connection, Script(version), cancellationToken);
            }

            if (confirmsServer)
            {
                await ExecuteAsync(connection, "update seedance.meta set (system_identifier, timeline) = (select s.system_identifier, s.timeline from seedance.server() s)", cancellationToken);
            }

            foreach (var role in runnerRoles)
            {
                await GrantAsync(connection, role, cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
            return before;
        }
        catch (Exception e) when (DatabaseErrors.IsOfDatabase(e))
        {
            throw DatabaseErrors.From(database.Name, e);
        }
    }

    private static async Task<int> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var exists = new NpgsqlCommand("select to_regclass('seedance.meta') is not null", connection);
        if (await exists.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return 0;
        }

        await using var version = new NpgsqlCommand("select version from seedance.meta", connection);
        return await version.ExecuteScalarAsync(cancellationToken) is int number ? number : 0;
    }

    private static async Task GrantAsync(NpgsqlConnection connection, string role, CancellationToken cancellationToken)
    {
        var quoted = $"\"{role.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        await ExecuteAsync(connection, $"grant usage on schema seedance to {quoted}", cancellationToken);

        // What a function calls for itself is no runner's to call.
        await using var names = new NpgsqlCommand(
            "select p.oid::regprocedure::text from pg_proc p where p.pronamespace = 'seedance'::regnamespace and p.prosecdef", connection);
        var functions = new List<string>();
        await using (var reader = await names.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                functions.Add(reader.GetString(0));
            }
        }

        foreach (var function in functions)
        {
            await ExecuteAsync(connection, $"grant execute on function {function} to {quoted}", cancellationToken);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Script(int version)
    {
        using var stream = typeof(JournalSchema).Assembly.GetManifestResourceStream(string.Create(CultureInfo.InvariantCulture, $"v{version}.sql"))!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
