using System.Data.Common;
using System.Globalization;
using Npgsql;
using Seedance.Client.Tests;
using Seedance.Client.Tests.Simulation;

namespace Seedance.Journal.PostgreSql.Tests.Simulation;

/// <summary>
/// The database of the simulation is the real one: both are given the same calls at random, from four connections, and
/// must give the same answers and be left with the same tables. SEEDANCE_TEST_MODEL_SEEDS makes more of them, and
/// SEEDANCE_TEST_MODEL_FIRST is where they begin.
/// </summary>
public sealed class DatabaseModelTests(PostgreSqlServer server) : DatabaseTests(server)
{
    private const int Connections = 4;
    private const int Calls = 250;
    private const int Rounds = 60;

    [Fact]
    public async Task One_call_after_another_is_answered_alike()
    {
        await using var real = new RealDatabase(Address, Connections);
        foreach (var seed in Seeds())
        {
            await real.ClearAsync();
            var dice = new Dice((ulong)seed);
            var clock = new ManualTimeProvider();
            var model = new SimulatedDatabase(clock);
            var calls = new RandomCalls(dice, seed);
            for (var i = 0; i < Calls; i++)
            {
                var call = calls.Next(model);
                clock.Advance(TimeSpan.FromMilliseconds(1));
                var (expected, answer) = (await AnswerAsync(model, call), await real.AnswerAsync(i % Connections, call));
                Assert.True(expected == answer, $"seed {seed}, call {i}: {call}\nmodel    {expected}\ndatabase {answer}");
                await real.HoldAsync();
                if (dice.Happens(0.05))
                {
                    clock.Advance(TimeSpan.FromMinutes(10));
                    await real.PassAsync(TimeSpan.FromMinutes(10));
                }
            }

            Assert.Equal(model.Dump(), await real.DumpAsync());
        }
    }

    /// <summary>Whatever the database does at once, it could have done one after another, in an order that the model finds.</summary>
    [Fact]
    public async Task Calls_at_once_are_answered_as_in_some_order()
    {
        await using var real = new RealDatabase(Address, Connections);
        var reordered = 0;
        foreach (var seed in Seeds())
        {
            await real.ClearAsync();
            var dice = new Dice((ulong)seed + 1_000_000);
            var clock = new ManualTimeProvider();
            var model = new SimulatedDatabase(clock);
            var calls = new RandomCalls(dice, seed);
            for (var round = 0; round < Rounds; round++)
            {
                clock.Advance(TimeSpan.FromMilliseconds(10));
                var together = Enumerable.Range(0, Connections).Select(_ => calls.NextWrite(model)).ToList();
                var answers = await Task.WhenAll(together.Select((call, i) => Task.Run(() => real.AnswerAsync(i, call))));
                await real.HoldAsync();
                var dump = await real.DumpAsync();
                var (order, next) = await FindOrderAsync(model, together, answers, dump);
                Assert.True(order >= 0, $"seed {seed}, round {round}: no order explains\n{string.Join("\n", together.Zip(answers, (call, answer) => $"{call} -> {answer}"))}\n{dump}\n-- before\n{model.Dump()}\n-- by the model, in the order of the calls\n{next.Dump()}");
                model = next.Renumber(await real.PositionsAsync(), await real.LastPositionAsync());
                reordered += order > 0 ? 1 : 0;
            }
        }

        StoreTesting.Tell($"{reordered} rounds were answered in another order than the calls were begun in");
    }

    // The place of the order among all orders, and what the model is after it; -1 if there is none.
    private static async Task<(int Order, SimulatedDatabase Next)> FindOrderAsync(SimulatedDatabase model, List<DatabaseCall> together, string[] answers, string dump)
    {
        SimulatedDatabase? closest = null;
        foreach (var (i, order) in Permutations(together.Count).Index())
        {
            var fork = model.Fork();
            var isSame = true;
            foreach (var place in order)
            {
                // What another call holds just then is passed over: what was given need not be the first.
                var words = answers[place].Split([" | ", "\n"], StringSplitOptions.None).ToHashSet();
                fork.IsFree = one => words.Contains(one.IntentId) || words.Contains(one.Record);
                isSame &= await AnswerAsync(fork, together[place]) == answers[place];
            }

            closest ??= fork;
            if (isSame && fork.Dump() == dump)
            {
                return (i, fork);
            }
        }

        return (-1, closest!);
    }

    private static IEnumerable<int[]> Permutations(int count) =>
        count == 0 ? [[]] : Permutations(count - 1).SelectMany(rest => Enumerable.Range(0, count).Select(place => (int[])[.. rest[..place], count - 1, .. rest[place..]]));

    private static IEnumerable<int> Seeds() => Enumerable.Range(StoreTesting.Size("SEEDANCE_TEST_MODEL_FIRST", 1), StoreTesting.Size("SEEDANCE_TEST_MODEL_SEEDS", 12));

    private static async Task<string> AnswerAsync(SimulatedDatabase model, DatabaseCall call)
    {
        try
        {
            return DatabaseCall.Describe(await model.CallAsync(call.Function, call.Arguments));
        }
        catch (PostgresException e)
        {
            return e.SqlState;
        }
    }

    /// <summary>The database itself, on some connections.</summary>
    private sealed class RealDatabase(JournalAddress address, int connections) : IAsyncDisposable
    {
        private readonly NpgsqlStatements[] _connections = [.. Enumerable.Range(0, connections).Select(_ => new NpgsqlStatements(new PostgreSqlJournalOptions(address)))];

        public async Task<string> AnswerAsync(int connection, DatabaseCall call)
        {
            var sql = $"select * from seedance.{call.Function}({string.Join(", ", Enumerable.Range(1, call.Arguments.Length).Select(i => string.Create(CultureInfo.InvariantCulture, $"${i}")))})";
            while (true)
            {
                try
                {
                    return DatabaseCall.Describe(await _connections[connection].RunAsync(sql, call.Arguments, Values, StoreTesting.Cancelled));
                }
                catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected)
                {
                    // As the client does.
                }
                catch (PostgresException e)
                {
                    return e.SqlState;
                }
            }
        }

        public Task ClearAsync() => RunAsync("""
            truncate seedance.account_key, seedance.run, seedance.intent, seedance.intent_row, seedance.place, seedance.group_alias, seedance.asset_change, seedance.group_change,
              seedance.upload, seedance.list, seedance.runner, seedance.payload, seedance.avatar_group restart identity cascade
            """);

        /// <summary>What was queued again waits for the test, whatever the time that it takes.</summary>
        public Task HoldAsync() => RunAsync("update seedance.intent set not_before = 'infinity' where state = 'Queued' and not_before > '-infinity' and not_before < 'infinity'");

        /// <summary>Time passes: everything was longer ago.</summary>
        public Task PassAsync(TimeSpan span) => RunAsync($"""
            update seedance.run set lease_until = lease_until - '{span}'::interval;
            update seedance.intent set not_before = '-infinity', unwatched_until = unwatched_until - '{span}'::interval
            """);

        /// <summary>What is in its tables, as the model writes it.</summary>
        public async Task<string> DumpAsync() => SimulatedDatabase.Describe(
            await ReadAsync("""
                select i.intent_id, i.account, i.run_id, i.group_name, i.group_id, i.state, i.task_id, i.takes, i.take_id, i.watched_by, l.list_name, i.settled_by, i.outcome::text, i.final::text, p.record,
                  (select string_agg(format('%s:%s:%s:%s', r.ordinal, e.intent_id, r.previous_ordinal, r.is_superseded), ' ' order by r.ordinal)
                  from seedance.intent_row r left join seedance.intent e on e.position = r.previous where r.position = i.position)
                from seedance.intent i left join seedance.payload p on p.position = i.position left join seedance.list l on l.position = i.list_position order by i.intent_id collate "C"
                """),
            await ReadAsync("""
                select u.run_id, u.account, u.run_name, seedance.is_live(u.run_id), l.list_name, coalesce(n.is_stopping, false), n.last_take, n.last_watch, u.run_end::text
                from seedance.run u left join seedance.runner n on n.run_id = u.run_id left join seedance.list l on l.position = n.list_position order by u.run_id collate "C"
                """),
            await ReadAsync("""select account, list_name, list_id from seedance.list order by account collate "C", list_name collate "C" """),
            await ReadAsync("""select account, project, name, group_id, is_made, leader, leader_run from seedance.avatar_group order by account collate "C", project collate "C", name collate "C" """),
            await ReadAsync("""select account, group_id, name from seedance.group_alias order by account collate "C", group_id collate "C", name collate "C" """));

        /// <summary>The positions of requests.</summary>
        public async Task<Dictionary<string, long>> PositionsAsync() =>
            (await ReadAsync("select intent_id, position from seedance.intent")).ToDictionary(row => (string)row[0]!, row => (long)row[1]!);

        /// <summary>The last position that was given out.</summary>
        public async Task<long> LastPositionAsync() => (long)(await ReadAsync("select case when is_called then last_value else 0 end from seedance.intent_position_seq"))[0][0]!;

        public async ValueTask DisposeAsync()
        {
            foreach (var connection in _connections)
            {
                await connection.DisposeAsync();
            }
        }

        private Task<List<object?[]>> ReadAsync(string sql) => _connections[0].RunAsync(sql, [], Values, StoreTesting.Cancelled);

        private Task RunAsync(string sql) => PostgreSqlServer.ExecuteAsync(address, sql);

        private static object?[] Values(DbDataReader row) =>
            [.. Enumerable.Range(0, row.FieldCount).Select(i => row.IsDBNull(i) || row.GetDataTypeName(i) == "void" ? null : row.GetValue(i))];
    }
}
