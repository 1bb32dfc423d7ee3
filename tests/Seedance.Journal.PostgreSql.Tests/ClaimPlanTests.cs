using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;
using Seedance.Http;
using Seedance.Journal.FileStore;
using static Seedance.Journal.PostgreSql.Tests.StoreTesting;

namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>
/// What runs ask of the database in every step goes by indexes, whatever the planner believes of the tables: a journal
/// that has grown, an account that is new in it, statistics that are missing or that are from when it was empty.
/// </summary>
public sealed class ClaimPlanTests(PostgreSqlServer server)
{
    private const int RowsPerRequest = 20;
    private const string Record = """{"type":"Intent"}""";

    public enum Statistics
    {
        /// <summary>As they were taken when the tables were empty.</summary>
        Empty,

        /// <summary>Of the tables as they are.</summary>
        Present,
    }

    [Theory]
    [InlineData("big", Statistics.Empty)]
    [InlineData("big", Statistics.Present)]
    [InlineData("new", Statistics.Empty)]
    [InlineData("new", Statistics.Present)]
    public async Task No_step_of_a_run_reads_a_whole_table(string account, Statistics statistics)
    {
        var address = await server.CreateDatabaseAsync();
        await InstallAsync(address);
        await FillAsync(address, rows: 10_000, statistics);
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(NpgsqlStatements.ConnectionString(new PostgreSqlJournalOptions(address))) { MaxPoolSize = 1, MinPoolSize = 1 }.ConnectionString);
        await using (var connection = await source.OpenConnectionAsync(Cancelled))
        {
            var plans = new List<string>();
            connection.Notice += (_, told) => plans.Add(told.Notice.MessageText);
            await ExecuteAsync(connection, "load 'auto_explain'");
            await ExecuteAsync(connection, "set jit = on; set jit_above_cost = 0");
            await ExecuteAsync(connection, "set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on; set auto_explain.log_level = notice");
            foreach (var call in Calls(account))
            {
                await ExecuteAsync(connection, call);
            }

            Assert.Contains(plans, plan => plan.Contains("intent_row_pkey", StringComparison.Ordinal));
            Assert.Contains(plans, plan => plan.Contains("Scan Backward using intent_accepted", StringComparison.Ordinal));
            Assert.DoesNotContain(plans, WalksEverybodys);
            Assert.DoesNotContain(plans, plan => plan.Contains("JIT:", StringComparison.Ordinal) && plan.Contains("intent_row", StringComparison.Ordinal));
            Assert.DoesNotContain(plans, plan => ReadsWhole(plan, "intent") || ReadsWhole(plan, "intent_row") || ReadsWhole(plan, "place"));
        }
    }

    /// <summary>SEEDANCE_TEST_JOURNAL_ROWS=1000000 measures claims and lookups in a journal of so many rows.</summary>
    [Fact]
    public async Task How_long_claims_and_lookups_take()
    {
        var rows = Size("SEEDANCE_TEST_JOURNAL_ROWS", 0);
        Assert.SkipWhen(rows == 0, "It measures, and takes minutes: SEEDANCE_TEST_JOURNAL_ROWS=1000000.");
        foreach (var statistics in Enum.GetValues<Statistics>())
        {
            var (empty, address) = (await server.CreateDatabaseAsync(), await server.CreateDatabaseAsync());
            await InstallAsync(empty);
            await InstallAsync(address);
            var watch = Stopwatch.StartNew();
            await FillAsync(address, rows, statistics);
            Tell($"{rows} rows are in, statistics {statistics}, after {watch.Elapsed.TotalSeconds:F0} s");
            await TellClaimsAsync((empty, "empty"), (address, "big"), (address, "new"));
            await TellResumeAsync(address, rows);
        }
    }

    // In turns, so that whatever else the machine does falls upon all alike.
    private static async Task TellClaimsAsync(params (JournalAddress Address, string Account)[] places)
    {
        const int Warm = 200;
        const int Claims = 2_000;
        var journals = places.Select(place => (Journal: Open(new PostgreSqlJournalOptions(place.Address), place.Account), place.Account, Begin: new List<double>(), End: new List<double>())).ToList();
        for (var i = 0; i < Warm + Claims; i++)
        {
            foreach (var (journal, account, begin, end) in journals)
            {
                var id = $"{account}_{i}";
                var intent = Intent(id, null, [.. Enumerable.Range(0, RowsPerRequest).Select(row => $"{id}_{row}")]);
                var at = Stopwatch.GetTimestamp();
                Assert.Empty(await journal.BeginAsync(intent, Cancelled));
                var begun = Stopwatch.GetTimestamp();
                await journal.EndAsync(new JournalOutcome { IntentId = id, State = JournalState.Accepted, TaskId = $"task_{id}", GroupId = "group_1" }, Cancelled);
                if (i >= Warm)
                {
                    begin.Add(Stopwatch.GetElapsedTime(at, begun).TotalMilliseconds);
                    end.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                }
            }
        }

        foreach (var (journal, account, begin, end) in journals)
        {
            Tell($"{Claims} claims of {RowsPerRequest} rows, {account}: {Percentiles(begin)}; outcomes: {Percentiles(end)}");
            await journal.DisposeAsync();
        }
    }

    // As a line does it: rows are looked up while the tasks of those before them are given out. Nothing leaves.
    private static async Task TellResumeAsync(JournalAddress address, int rows)
    {
        await using var journal = Open(new PostgreSqlJournalOptions(address), "big");
        await journal.GetPositionAsync(Cancelled);
        using var pacing = new RateLimitHandler(1, 1, TimeSpan.Zero, TimeProvider.System);
        var client = new SeedanceClient(new HttpMessageInvoker(pacing), pacing, new Uri("http://127.0.0.1:1/"), TimeProvider.System);
        var (watch, accepted, tasks) = (Stopwatch.StartNew(), 0, 0);
        var (own, servers) = (Environment.CpuUsage.TotalTime, await ServerTimeAsync(address));
        var sources = Enumerable.Range(0, rows).Select(row => new AssetSource($"https://example.com/{row}.png") { Name = $"{row}", Row = row + 1 });
        await foreach (var next in new AssetSubmitter(client, journal).SubmitAsync(sources, new SubmitOptions { Group = Cast, Resume = true }, Cancelled))
        {
            if (next is TaskAccepted { Resumed: true, Task: var task })
            {
                tasks++;
                accepted += task.Assets.Count;
            }
        }

        var took = watch.Elapsed.TotalSeconds;
        var (used, usedByServer) = (Environment.CpuUsage.TotalTime - own, await ServerTimeAsync(address) - servers);
        Assert.Equal(rows, accepted);
        Tell(string.Create(CultureInfo.InvariantCulture, $"-Resume of {rows} rows: {tasks} tasks with {accepted} assets given out in {took:F1} s; processor time {used.TotalSeconds:F1} s here and {usedByServer:F1} s of the server"));
    }

    // What the sessions of a database have used of the processors, in seconds: the rest of the time, others had them.
    private static async Task<double> ServerTimeAsync(JournalAddress address)
    {
        await using var database = new Database(new PostgreSqlJournalOptions(address));
        var sessions = await database.QueryAsync(
            "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()", [], row => row.GetInt32(0), TimeSpan.Zero, Cancelled);
        return sessions.Sum(session => Process.GetProcessById(session).TotalProcessorTime.TotalSeconds);
    }

    private static string Percentiles(List<double> times)
    {
        times.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"p50 {times[times.Count / 2]:F2} ms, p99 {times[times.Count * 99 / 100]:F2} ms");
    }

    private static bool ReadsWhole(string plan, string table) => plan.Contains($"Seq Scan on {table} ", StringComparison.Ordinal);

    // In the order of positions, where that of an account's own would do.
    private static bool WalksEverybodys(string plan) =>
        plan.Contains("Scan Backward using intent_pkey", StringComparison.Ordinal) || Regex.IsMatch(plan, @"using intent_pkey on intent [^\n]*\n *Index Cond: \(""?position""? > ");

    // What a runner does again and again, of rows that are there and of rows that are not.
    private static IEnumerable<string> Calls(string account)
    {
        var hashes = $"array['{Hash(7)}', '{Guid.NewGuid()}']::uuid[]";
        var claim = $"'cast', null, false, false, {hashes}, array[null, null]::uuid[], array[null, null]::uuid[]";
        yield return $"select * from seedance.find_rows_v3('{account}', {hashes}, array[null, null]::uuid[], array[null, null]::uuid[], array['cast', 'cast'], array[null, null]::text[], array[false, false], array[false, false])";
        yield return $"select seedance.begin_intent_v4('{account}', 'one', null, '{Record}', {claim}, array[{(account == "big" ? "'intent_0'" : "null")}, null], array[false, false])";
        yield return $"select seedance.begin_intent_v4('{account}', 'again', null, '{Record}', {claim}, array['one', 'one'], array[true, true])";
        yield return $"select seedance.end_intent_v1('{account}', 'one', 'Accepted', 'task_one', 'group_1', '{Record}')";
        yield return $"select seedance.record_final_v1('{account}', 'task_one', 'group_1', '{Record}')";
        yield return $"select * from seedance.find_tasks_v1('{account}', array['task_one', 'task_7'])";
        yield return $"select seedance.create_list_v2('{account}', 'list', 'list_1', false)";
        yield return $"select seedance.begin_runner_v2('{account}', 'list', 'run_1', null, '{Record}', '1 minute')";
        yield return $"select seedance.enqueue_intent_v4('{account}', 'two', 'list', '{Record}', 'payload', {claim.Replace(hashes, $"array['{Guid.NewGuid()}', '{Guid.NewGuid()}']::uuid[]", StringComparison.Ordinal)}, array[null, null]::text[], array[false, false])";
        yield return $"select seedance.has_work_v2('{account}', 'run_1')";
        yield return $"select * from seedance.take_intent_v2('{account}', 'run_1', 'take_1')";
        yield return $"select seedance.end_intent_v1('{account}', 'two', 'Accepted', 'task_two', 'group_1', '{Record}')";
        yield return $"select * from seedance.watch_tasks_v2('{account}', 'run_1', 'call_1', 100, true)";
        yield return $"select seedance.is_list_done_v2('{account}', 'list')";
        yield return $"select seedance.settle_intent_v1('{account}', 'none', 'task_3', null, '{Record}', '{Guid.NewGuid()}')";
        yield return $"select * from seedance.read_open_v1('{account}', 0, 500)";
        yield return $"select * from seedance.read_tasks_v1('{account}', 0, 500, null)";
        yield return $"select * from seedance.read_tasks_v1('{account}', 0, 500, 'run_1')";
        yield return $"select * from seedance.read_without_task_v2('{account}', 0, 500, 'run_1')";
        yield return $"select * from seedance.read_names_v3('{account}', 100)";
    }

    private static Guid Hash(int row) => JournalQueries.Hashes([Key($"{row}")])[0];

    /// <summary>Fills the tables as an account does that has had so many rows accepted and reviewed.</summary>
    private static async Task FillAsync(JournalAddress address, int rows, Statistics statistics)
    {
        await using var source = NpgsqlDataSource.Create(NpgsqlStatements.ConnectionString(new PostgreSqlJournalOptions(address)));
        await using var connection = await source.OpenConnectionAsync(Cancelled);
        await ExecuteAsync(connection, "alter table seedance.intent set (autovacuum_enabled = off); alter table seedance.intent_row set (autovacuum_enabled = off); alter table seedance.place set (autovacuum_enabled = off)");
        await ExecuteAsync(connection, "analyze seedance.intent, seedance.intent_row, seedance.place");
        var final = Records.Write(JournalMapper.Final(
            new SeedanceTask
            {
                TaskId = "task_x",
                Kind = TaskKind.Asset,
                Status = SeedanceTaskStatus.Completed,
                CompletedAt = DateTimeOffset.UtcNow,
                Assets = [.. Enumerable.Range(0, RowsPerRequest).Select(row => new SeedanceAsset
                {
                    AssetId = $"asset-20260101-{row:D6}",
                    AssetUrl = $"asset://asset-20260101-{row:D6}",
                    Status = "Active",
                    IsUsable = true,
                    SourceIndex = row,
                    MatchedBy = MatchedBy.Position,
                    TaskId = "task_x",
                })],
            }, "big", DateTimeOffset.UtcNow));
        await using (var copy = await connection.BeginBinaryImportAsync(
            "copy seedance.intent (intent_id, account, group_name, group_id, is_real_person, is_implied, row_count, record, state, task_id, outcome, final) from stdin (format binary)", Cancelled))
        {
            for (var i = 0; i < rows / RowsPerRequest; i++)
            {
                var (id, task) = ($"intent_{i}", $"task_{i}");
                var record = JournalMapper.Intent(Intent(id, null, [.. Enumerable.Range(i * RowsPerRequest, RowsPerRequest).Select(row => $"{row}")]), "big", DateTimeOffset.UtcNow);
                var outcome = JournalMapper.Outcome(new JournalOutcome { IntentId = id, State = JournalState.Accepted, TaskId = task, GroupId = "group_1" }, DateTimeOffset.UtcNow);
                await copy.StartRowAsync(Cancelled);
                foreach (var text in new[] { id, "big", "cast", "group_1" })
                {
                    await copy.WriteAsync(text, NpgsqlDbType.Text, Cancelled);
                }

                await copy.WriteAsync(false, Cancelled);
                await copy.WriteAsync(false, Cancelled);
                await copy.WriteAsync(RowsPerRequest, Cancelled);
                await copy.WriteAsync(Records.Write(record), NpgsqlDbType.Json, Cancelled);
                await copy.WriteAsync("Accepted", NpgsqlDbType.Text, Cancelled);
                await copy.WriteAsync(task, NpgsqlDbType.Text, Cancelled);
                await copy.WriteAsync(Records.Write(outcome), NpgsqlDbType.Json, Cancelled);
                await copy.WriteAsync(final.Replace("task_x", task, StringComparison.Ordinal), NpgsqlDbType.Json, Cancelled);
            }

            await copy.CompleteAsync(Cancelled);
        }

        await ExecuteAsync(connection, "create temp table filled (intent_id text, ordinal integer, hash uuid)");
        await using (var copy = await connection.BeginBinaryImportAsync("copy filled from stdin (format binary)", Cancelled))
        {
            for (var row = 0; row < rows; row++)
            {
                await copy.StartRowAsync(Cancelled);
                await copy.WriteAsync($"intent_{row / RowsPerRequest}", Cancelled);
                await copy.WriteAsync(row % RowsPerRequest, Cancelled);
                await copy.WriteAsync(Hash(row), Cancelled);
            }

            await copy.CompleteAsync(Cancelled);
        }

        await ExecuteAsync(connection, "insert into seedance.intent_row (hash, account, position, ordinal) select f.hash, 'big', i.position, f.ordinal from filled f join seedance.intent i using (intent_id)");
        await ExecuteAsync(connection, "insert into seedance.place (hash, account) select hash, 'big' from filled order by hash");
        await ExecuteAsync(connection, "insert into seedance.group_alias values ('big', 'group_1', 'cast')");
        if (statistics == Statistics.Present)
        {
            await ExecuteAsync(connection, "analyze seedance.intent, seedance.intent_row, seedance.place");
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
