using System.Data.Common;

namespace Seedance.Journal.PostgreSql;

/// <summary>Looks at how a database is set up for a journal.</summary>
internal static class JournalInspection
{
    // The first that keeps in mind which server it is at.
    private const int ServerVersion = 3;

    private const string Query = """
        select current_setting('server_version'), current_user::text,
          r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolreplication or coalesce(pg_has_role(n.nspowner, 'member'), false)
            or coalesce(has_table_privilege(to_regclass('seedance.intent')::oid, 'select, insert, update, delete'), false),
          (select case when s.ssl then s.version end from pg_stat_ssl s where s.pid = pg_backend_pid()),
          current_setting('fsync') = 'on' and current_setting('full_page_writes') = 'on',
          nullif(current_setting('synchronous_standby_names'), ''),
          pg_is_in_recovery(), current_setting('transaction_read_only') = 'on', current_setting('transaction_isolation'),
          n.oid is not null and has_schema_privilege(n.oid, 'usage'), n.oid is not null
        from pg_roles r left join pg_namespace n on n.nspname = 'seedance'
        where r.rolname = current_user
        """;

    public static async Task<JournalHealth> InspectAsync(Database database, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var warnings = new List<string>();
        var (health, isUsable, isThere, isStandby) = (await database.QueryAsync(Query, [], row => Read(row, database.Name, problems, warnings), TimeSpan.Zero, cancellationToken))[0];
        var schema = isUsable ? await JournalSchema.ReadAsync(database, cancellationToken) : null;
        var failure = isThere && !isUsable ? DatabaseErrors.NotGranted(database.Name) : JournalSchema.Objection(database.Name, schema);
        if (failure is not null)
        {
            problems.Add($"{failure.Message} {failure.RecommendedAction}");
        }

        if (isUsable && schema?.Version >= ServerVersion)
        {
            await CompareServersAsync(database, isStandby, problems, warnings, cancellationToken);
        }

        return health with { Version = schema?.Version, Problems = problems, Warnings = warnings };
    }

    // What the claims would say. A standby says so itself, and has no timeline of its own.
    private static async Task CompareServersAsync(Database database, bool isStandby, List<string> problems, List<string> warnings, CancellationToken cancellationToken)
    {
        var (expected, now) = (await database.CallAsync(
            "read_server_v3", [], row => ((Identifier: row.GetText(0), Timeline: row.GetText(1)), (Identifier: row.GetText(2), Timeline: row.GetText(3))), TimeSpan.Zero, cancellationToken))[0];
        if (expected.Identifier is not null && expected.Identifier != now.Identifier)
        {
            Add(DatabaseErrors.OtherServer(database.Name, $"system identifier {now.Identifier ?? "not told"}, and before {expected.Identifier}"));
        }
        else if (!isStandby && expected.Timeline is not null && expected.Timeline != now.Timeline)
        {
            Add(DatabaseErrors.Promoted(database.Name, $"timeline {now.Timeline ?? "not told"}, and before {expected.Timeline}"));
        }

        if (expected.Identifier is null)
        {
            warnings.Add("The identity of the server cannot be checked: it has not told the owner of the journal its system identifier. A journal that is moved, or brought back elsewhere from a backup, stops no run. Let an administrator allow it (GRANT EXECUTE ON FUNCTION pg_control_system() TO the owner), and then the owner run Install-SeedanceJournal -Force.");
        }

        if (expected.Timeline is null)
        {
            warnings.Add("A failover cannot be noticed: the server has not told the owner of the journal its timeline. A standby that is promoted stops no run. See after each that nothing is missing: Get-SeedanceAsset -Online.");
        }

        void Add(SeedanceException change) => problems.Add($"{change.Message} {change.RecommendedAction}");
    }

    private static (JournalHealth Health, bool IsUsable, bool IsThere, bool IsStandby) Read(DbDataReader row, string name, List<string> problems, List<string> warnings)
    {
        var health = new JournalHealth
        {
            Journal = name,
            ServerVersion = row.GetString(0),
            Role = row.GetString(1),
            IsRoleExcessive = row.GetBoolean(2),
            Encryption = row.IsDBNull(3) ? null : row.GetString(3),
            IsDurable = row.GetBoolean(4),
            SynchronousStandbys = row.IsDBNull(5) ? null : row.GetString(5),
        };
        if (row.GetBoolean(6) || row.GetBoolean(7))
        {
            problems.Add($"The database can only be read: {(row.GetBoolean(6) ? "it is a standby. Name the primary" : "it was set so. Reset default_transaction_read_only")}.");
        }

        if (row.GetString(8) is var isolation and not "read committed")
        {
            problems.Add($"Transactions are {isolation}. Reset default_transaction_isolation of the database and of the role.");
        }

        if (!health.IsDurable)
        {
            warnings.Add("A crash of the server may lose what it has acknowledged, and rows may be sent twice after it. Set fsync and full_page_writes to on.");
        }

        if (health.IsRoleExcessive)
        {
            warnings.Add($"The role '{health.Role}' may more than using the journal needs. Make one for the purpose (CREATE ROLE … LOGIN), and let the owner run Install-SeedanceJournal -RunnerRole.");
        }

        return (health, row.GetBoolean(9), row.GetBoolean(10), row.GetBoolean(6));
    }
}
