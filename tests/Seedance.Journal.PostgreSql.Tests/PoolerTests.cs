using Seedance.Http;
using static Seedance.Journal.PostgreSql.Tests.StoreTesting;

namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>A pooler in transaction mode between the journal and its server: each statement may come to another session.</summary>
public sealed class PoolerTests(PostgreSqlServer server)
{
    [Fact]
    public async Task Behind_a_pooler_in_transaction_mode_claims_runs_leases_and_the_queue_are_as_without()
    {
        var address = await server.CreateDatabaseAsync();
        await PostgreSqlServer.ExecuteAsync(address, "create role pooled_runner login");
        await InstallAsync(address, "pooled_runner");

        // Two sessions for all, and what is weaker than the promise as their default.
        await PostgreSqlServer.ExecuteAsync(address, "alter role pooled_runner set synchronous_commit = off");
        var asRunner = address with { User = "pooled_runner" };
        await using var pooler = await Pooler.StartAsync(asRunner, sessions: 2);
        var options = new PostgreSqlJournalOptions(asRunner with { Port = pooler.Port });
        var journals = Enumerable.Range(0, 4).Select(_ => Open(options)).ToList();
        var run = await journals[0].BeginRunAsync(new JournalRun("run_1"), Cancelled);
        await using var database = new Database(options);

        // The same 200 rows claimed by four at once, in two orders, while their sessions are ended.
        var claimed = 0;
        await Task.WhenAll(journals.Select(async (journal, who) =>
        {
            for (var i = 0; i < 50; i++)
            {
                var names = Enumerable.Range(0, 4).Select(row => $"{i}_{row}");
                var taken = await journal.BeginAsync(Intent($"{i}_by_{who}", who == 0 ? "run_1" : null, [.. who % 2 == 0 ? names : names.Reverse()]), Cancelled);
                Assert.Contains(taken.Count, new[] { 0, 4 });
                if (taken.Count == 0)
                {
                    Interlocked.Increment(ref claimed);
                    await journal.EndAsync(new JournalOutcome { IntentId = $"{i}_by_{who}", State = JournalState.Accepted, TaskId = $"task_{i}" }, Cancelled);
                }

                if (who == 3 && i % 10 == 0)
                {
                    await PostgreSqlServer.ExecuteAsync(address, "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'pooled_runner'");
                }
            }
        }));
        Assert.Equal(50, claimed);
        Assert.All(await journals[1].FindAsync([.. Enumerable.Range(0, 200).Select(row => Key($"{row / 4}_{row % 4}"))], Cancelled), match => Assert.Equal(JournalState.Accepted, match?.State));

        // A lease that is renewed, and one that has lapsed.
        Assert.True(await database.CallAsync<bool>("renew_run_v1", "run_1", TimeSpan.FromMinutes(1)));
        await PostgreSqlServer.ExecuteAsync(address, "update seedance.run set lease_until = clock_timestamp()");
        Assert.False(await database.CallAsync<bool>("renew_run_v1", "run_1", TimeSpan.FromMinutes(1)));

        // The queue, and the account's turns.
        await journals[0].CreateListAsync("list", mayExist: false, Cancelled);
        for (var i = 0; i < 20; i++)
        {
            Assert.Empty(await journals[i % 4].EnqueueAsync("list", Intent($"queued_{i}", null, $"q_{i}"), "payload", Cancelled));
        }

        var taken = await Task.WhenAll(journals.Select(async (journal, who) =>
        {
            var ids = new List<string>();
            await using var runner = await journal.BeginRunAsync(new JournalRun($"runner_{who}") { ListName = "list" }, Cancelled);
            while ((await journal.TakeAsync($"runner_{who}", Cancelled)).Intent is { } intent)
            {
                ids.Add(intent.IntentId);
                await journal.EndAsync(new JournalOutcome { IntentId = intent.IntentId, State = JournalState.Refused }, Cancelled);
            }

            return ids;
        }));
        Assert.Equal([.. Enumerable.Range(0, 20).Select(i => $"queued_{i}").Order()], taken.SelectMany(ids => ids).Order());
        Assert.True(await journals[0].IsListDoneAsync("list", Cancelled));
        Assert.Equal(1, (await ((ISharedRate)journals[0]).LeaseTurnsAsync(perSecond: 30, count: 1, Cancelled)).Count);

        // What was set for a claim is the claim's alone: the sessions are as they were for whoever comes next.
        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => (await database.QueryAsync("select current_setting('synchronous_commit')", [], row => row.GetString(0), TimeSpan.Zero, Cancelled))[0])),
            setting => Assert.Equal("off", setting));
        await run.DisposeAsync();
        foreach (var journal in journals)
        {
            await journal.DisposeAsync();
        }
    }
}
