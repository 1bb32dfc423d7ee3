using System.Collections.Concurrent;
using System.Diagnostics;
using static Seedance.Journal.PostgreSql.Tests.StoreTesting;

namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>Servers that fail under load: what they acknowledged is there afterwards.</summary>
public sealed class ServerLossTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_claims_that_a_server_acknowledged_before_it_was_killed_none_is_missing(bool isPooled)
    {
        // SEEDANCE_TEST_SERVER_KILLS=20 for as many.
        var kills = Size("SEEDANCE_TEST_SERVER_KILLS", 2);
        await using var server = await PostgreSqlCluster.CreateAsync();
        var address = await server.CreateDatabaseAsync();
        await InstallAsync(address);

        // What the functions promise, they promise whatever the database is set to.
        await PostgreSqlServer.ExecuteAsync(address, $"alter database {address.Database} set synchronous_commit = off");
        await using var pooler = isPooled ? await Pooler.StartAsync(address, sessions: 4) : null;
        await using var load = new Load(new PostgreSqlJournalOptions(address with { Port = pooler?.Port ?? address.Port }) { Patience = TimeSpan.FromMinutes(1) });
        for (var i = 0; i < kills; i++)
        {
            await load.GoOnAsync(claims: 100);
            await server.KillAsync();
            await server.StartAsync();
        }

        await load.GoOnAsync(claims: 100);
        await load.StopAsync();
        await using var journal = Open(new PostgreSqlJournalOptions(address));
        var missing = await load.FindMissingAsync(journal);
        Tell($"{kills} kills of the server{(isPooled ? " behind a pooler" : "")}, {load.Claims.Count} claims of 3 rows acknowledged, {missing.Count} missing; {load.Failures.Count} calls failed; {load.Watch.Elapsed.TotalSeconds:F1} s");
        Assert.Empty(load.Failures);
        Assert.Empty(missing);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_synchronous_standby_that_is_promoted_has_every_claim_and_the_run_stops_until_its_owner_confirms(bool isPooled)
    {
        await using var primary = await PostgreSqlCluster.CreateAsync();
        var address = await primary.CreateDatabaseAsync();
        await PostgreSqlServer.ExecuteAsync(address, "create role failover_runner login");
        await InstallAsync(address, "failover_runner");
        await using var standby = await primary.CreateStandbyAsync();
        await PostgreSqlServer.ExecuteAsync(address, "alter system set synchronous_standby_names = '*'");
        await PostgreSqlServer.ExecuteAsync(address, "select pg_reload_conf()");
        await UntilAsync(address, "select count(*) = 1 from pg_stat_replication where sync_state = 'sync'");

        // One address that follows the failover.
        await using var proxy = new CuttingProxy(primary.Port);
        address = address with { Port = proxy.Port };
        var asRunner = address with { User = "failover_runner" };
        await using var pooler = isPooled ? await Pooler.StartAsync(asRunner, sessions: 4) : null;
        var options = new PostgreSqlJournalOptions(asRunner with { Port = pooler?.Port ?? proxy.Port }) { Patience = TimeSpan.FromMinutes(1) };
        await using var journal = Open(options);
        await using var run = await journal.BeginRunAsync(new JournalRun("run_1"), Cancelled);

        // The first makes the group, and the others wait for it.
        Assert.Empty(await journal.BeginAsync(Intent("first", "run_1", "first"), Cancelled));
        await journal.EndAsync(new JournalOutcome { IntentId = "first", State = JournalState.Accepted, TaskId = "task_0" }, Cancelled);
        Assert.Empty(await journal.BeginAsync(Intent("before", "run_1", "before"), Cancelled));
        Assert.Empty((await journal.TestAsync(Cancelled)).Problems);
        await using var load = new Load(options);
        await load.GoOnAsync(claims: 200);
        await primary.KillAsync();
        await standby.PromoteAsync();
        proxy.ServerPort = standby.Port;
        await load.WaitAsync();
        Tell($"{load.Claims.Count} claims of 3 rows acknowledged, {(await load.FindMissingAsync(journal)).Count} missing at the promoted standby");
        Assert.Empty(await load.FindMissingAsync(journal));

        // All of them stop, the run that was going and whoever begins one, and what was sent before is still taken in.
        Assert.All(load.Failures, MustStop);
        Assert.Equal(8, load.Failures.Count);
        MustStop(await Assert.ThrowsAsync<SeedanceException>(async () => await journal.BeginAsync(Intent("after", "run_1", "after"), Cancelled)));
        await using var other = Open(options);
        MustStop(await Assert.ThrowsAsync<SeedanceException>(async () => await other.BeginRunAsync(new JournalRun("run_2"), Cancelled)));
        await other.CreateListAsync("list", mayExist: false, Cancelled);
        MustStop(await Assert.ThrowsAsync<SeedanceException>(async () => await other.EnqueueAsync("list", Intent("queued", null, "queued"), "payload", Cancelled)));
        await journal.EndAsync(new JournalOutcome { IntentId = "before", State = JournalState.Accepted, TaskId = "task_1" }, Cancelled);
        Assert.Equal([JournalState.Accepted, null], (await other.FindAsync([Key("before"), Key("after")], Cancelled)).Select(match => match?.State));

        // Told by whoever looks, and by an installation, which does not confirm by itself.
        Assert.Contains("standby that was promoted", Assert.Single((await other.TestAsync(Cancelled)).Problems), StringComparison.Ordinal);
        var owner = new PostgreSqlJournalOptions(address);
        Assert.Contains("Install-SeedanceJournal -Force", Assert.Single((await PostgreSqlJournal.InstallAsync(owner, [], cancellationToken: Cancelled)).Problems), StringComparison.Ordinal);
        Assert.Empty((await PostgreSqlJournal.InstallAsync(owner, [], confirmsServer: true, Cancelled)).Problems);
        Assert.Empty(await journal.BeginAsync(Intent("after", "run_1", "after"), Cancelled));

        static void MustStop(SeedanceException told)
        {
            Assert.Equal((SeedanceErrorKind.JournalUnavailable, Delivery.NotSent, true), (told.Kind, told.Delivery, told.StopsTheRun));
            Assert.Contains("standby that was promoted", told.Message, StringComparison.Ordinal);
            Assert.Contains("timeline 00000002, and before 00000001", told.Message, StringComparison.Ordinal);
            Assert.Contains("Install-SeedanceJournal -Force", told.RecommendedAction, StringComparison.Ordinal);
        }
    }

    private static async Task UntilAsync(JournalAddress address, string sql)
    {
        await using var database = new Database(new PostgreSqlJournalOptions(address));
        while (!(await database.QueryAsync(sql, [], row => row.GetBoolean(0), TimeSpan.Zero, Cancelled))[0])
        {
            Cancelled.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Claims from several journals, as fast as they are acknowledged.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly List<PostgreSqlJournal> _journals;
        private readonly CancellationTokenSource _stop = new();
        private readonly SemaphoreSlim _progress = new(0);
        private readonly Task _work;
        private int _next;

        public Load(PostgreSqlJournalOptions options)
        {
            _journals = [.. Enumerable.Range(0, 2).Select(_ => Open(options))];
            _work = Task.WhenAll(Enumerable.Range(0, 8).Select(i => WorkAsync(_journals[i % 2])));
        }

        public Stopwatch Watch { get; } = Stopwatch.StartNew();

        /// <summary>What was acknowledged.</summary>
        public ConcurrentDictionary<int, bool> Claims { get; } = [];

        public ConcurrentBag<SeedanceException> Failures { get; } = [];

        /// <summary>Returns once so many more claims have been acknowledged.</summary>
        public async Task GoOnAsync(int claims)
        {
            for (; claims > 0; claims--)
            {
                await Task.WhenAny(_work, _progress.WaitAsync(Cancelled));
                Cancelled.ThrowIfCancellationRequested();
                Assert.False(_work.IsCompleted, $"The claims have stopped: {Failures.FirstOrDefault()}");
            }
        }

        /// <summary>Returns once every claim has stopped by itself.</summary>
        public Task WaitAsync() => _work;

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _work;
        }

        /// <summary>Returns what was acknowledged, and is not there, or is another's.</summary>
        public async Task<List<int>> FindMissingAsync(PostgreSqlJournal journal)
        {
            var missing = new List<int>();
            foreach (var some in Claims.Keys.Chunk(80))
            {
                var found = await journal.FindAsync([.. some.SelectMany(Names).Select(Key)], Cancelled);
                missing.AddRange(some.Where((claim, i) => found.Skip(i * 3).Take(3).Any(match => match?.IntentId != $"intent_{claim}")));
            }

            return missing;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            foreach (var journal in _journals)
            {
                await journal.DisposeAsync();
            }

            _stop.Dispose();
            _progress.Dispose();
        }

        private static string[] Names(int i) => [$"{i}_a", $"{i}_b", $"{i}_c"];

        private async Task WorkAsync(PostgreSqlJournal journal)
        {
            while (!_stop.IsCancellationRequested)
            {
                var i = Interlocked.Increment(ref _next);
                try
                {
                    Assert.Empty(await journal.BeginAsync(Intent($"intent_{i}", null, Names(i)), Cancelled));
                    Claims[i] = true;
                    _progress.Release();
                }
                catch (SeedanceException e)
                {
                    Failures.Add(e);
                    return;
                }
            }
        }
    }
}
