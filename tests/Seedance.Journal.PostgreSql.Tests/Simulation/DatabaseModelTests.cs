using System.Data.Common;
using System.Globalization;
using Npgsql;
using Seedance.Client.Tests;
using Seedance.Client.Tests.Simulation;

namespace Seedance.Journal.PostgreSql.Tests.Simulation;

/// <summary>
/// The database of the simulation is the real one: both are given the same calls at random, from four connections, and
/// must give the same answers and be left with the same tables. SEEDANCE_TEST_MODEL_SEEDS makes more of them.
/// </summary>
public sealed class DatabaseModelTests(PostgreSqlServer server) : DatabaseTests(server)
{
    private const int Connections = 4;
    private const int Calls = 250;

    [Fact]
    public async Task One_call_after_another_is_answered_alike()
    {
        await using var real = new RealDatabase(Address, Connections);
        for (var seed = 1; seed <= StoreTesting.Size("SEEDANCE_TEST_MODEL_SEEDS", 12); seed++)
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
            try
            {
                return DatabaseCall.Describe(await _connections[connection].RunAsync(sql, call.Arguments, Values, StoreTesting.Cancelled));
            }
            catch (PostgresException e)
            {
                return e.SqlState;
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

        public async Task<string> DumpAsync()
        {
            var intents = await _connections[0].RunAsync("""
                select i.position, i.intent_id, i.account, i.run_id, i.group_id, i.state, i.task_id, i.takes, i.watched_by, p.record,
                  (select string_agg(format('%s:%s:%s:%s', r.ordinal, r.previous, r.previous_ordinal, r.is_superseded), ' ' order by r.ordinal) from seedance.intent_row r where r.position = i.position)
                from seedance.intent i left join seedance.payload p on p.position = i.position order by i.position
                """, [], Values, StoreTesting.Cancelled);
            var groups = await _connections[0].RunAsync(
                """select account, project, name, group_id, is_made, leader from seedance.avatar_group order by account collate "C", project collate "C", name collate "C" """, [], Values, StoreTesting.Cancelled);
            return SimulatedDatabase.Describe(intents, groups);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var connection in _connections)
            {
                await connection.DisposeAsync();
            }
        }

        private Task RunAsync(string sql) => PostgreSqlServer.ExecuteAsync(address, sql);

        private static object?[] Values(DbDataReader row) =>
            [.. Enumerable.Range(0, row.FieldCount).Select(i => row.IsDBNull(i) || row.GetDataTypeName(i) == "void" ? null : row.GetValue(i))];
    }
}
