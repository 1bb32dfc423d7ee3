using Npgsql;
using Seedance.Client.Tests;
using Seedance.Http;
using static Seedance.Journal.PostgreSql.Tests.StoreTesting;

namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>What a journal that is shared by machines promises beyond the contract: leases, lost answers, roles.</summary>
public sealed class SharedJournalTests(PostgreSqlServer server) : DatabaseTests(server)
{
    [Fact]
    public async Task A_claim_whose_answer_was_lost_is_claimed_again_by_the_same_call()
    {
        await using var journal = Open(Options);
        Assert.Empty(await journal.BeginAsync(Intent("one", null, "a", "b"), Cancelled));
        Assert.Empty(await journal.BeginAsync(Intent("one", null, "a", "b"), Cancelled));
        Assert.Equal([0, 1], await journal.BeginAsync(Intent("two", null, "a", "b"), Cancelled));
    }

    [Fact]
    public async Task A_settlement_is_told_once_however_often_its_call_is_repeated()
    {
        await using var journal = Open(Options);
        await using var database = new Database(Options);
        await journal.BeginAsync(Intent("one", null, "a"), Cancelled);
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        Assert.True(await SettleAsync(first));
        Assert.True(await SettleAsync(first));
        Assert.False(await SettleAsync(second));

        Task<bool> SettleAsync(Guid attempt) =>
            database.CallAsync<bool>("settle_intent_v1", "tests", "one", "task_1", null, """{"type":"Settled","task":"task_1"}""", attempt);
    }

    [Fact]
    public async Task A_lapsed_lease_makes_rows_unknown_is_never_renewed_and_lets_the_late_outcome_land()
    {
        await using var journal = Open(Options);
        await using var other = Open(Options);
        await using var run = await journal.BeginRunAsync(new JournalRun("run_1"), Cancelled);
        await journal.BeginAsync(Intent("one", "run_1", "a"), Cancelled);
        Assert.Equal(JournalState.UnderWay, await StateAsync(other, "a"));
        await PostgreSqlServer.ExecuteAsync(Address, "update seedance.run set lease_until = clock_timestamp()");
        Assert.Equal(JournalState.Unknown, await StateAsync(other, "a"));

        await using var database = new Database(Options);
        Assert.False(await database.CallAsync<bool>("renew_run_v1", "run_1", TimeSpan.FromMinutes(1)));
        var refused = await Assert.ThrowsAsync<SeedanceException>(async () => await journal.BeginAsync(Intent("two", "run_1", "b"), Cancelled));
        Assert.Equal((SeedanceErrorKind.JournalUnavailable, Delivery.NotSent, true), (refused.Kind, refused.Delivery, refused.StopsTheRun));
        Assert.Contains("-Resume", refused.RecommendedAction, StringComparison.Ordinal);
        Assert.Null(Assert.Single(await other.FindAsync([Key("b")], Cancelled)));

        await journal.EndAsync(new JournalOutcome { IntentId = "one", State = JournalState.Accepted, TaskId = "task_1" }, Cancelled);
        Assert.Equal(JournalState.Accepted, await StateAsync(other, "a"));
    }

    [Fact]
    public async Task A_lease_is_renewed_for_as_long_as_its_run_goes_on()
    {
        var clock = new ManualTimeProvider();
        await using var journal = Open(Options with { TimeProvider = clock, Lease = TimeSpan.FromHours(3) });
        await using var run = await journal.BeginRunAsync(new JournalRun("run_1"), Cancelled);
        await PostgreSqlServer.ExecuteAsync(Address, "update seedance.run set lease_until = clock_timestamp() + interval '1 hour'");
        clock.Advance(TimeSpan.FromHours(1));

        // Until the renewal has come the run has an hour left, and thereafter three.
        await using var database = new Database(Options);
        while (!(await database.QueryAsync("select lease_until > clock_timestamp() + interval '2 hours' from seedance.run", [], row => row.GetBoolean(0), TimeSpan.Zero, Cancelled))[0])
        {
            Cancelled.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task A_process_that_was_suspended_beyond_its_lease_sends_nothing_new()
    {
        var clock = new ManualTimeProvider();
        await using var journal = Open(Options with { TimeProvider = clock });
        await using var run = await journal.BeginRunAsync(new JournalRun("run_1"), Cancelled);

        // Its own clock alone tells: for the database the lease is still good.
        clock.Suspend(TimeSpan.FromMinutes(2));
        await Assert.ThrowsAsync<SeedanceException>(async () => await journal.BeginAsync(Intent("one", "run_1", "a"), Cancelled));
        Assert.Equal(JournalState.Unsent, await StateAsync(journal, "a"));
    }

    [Fact]
    public async Task Nothing_is_lost_or_refused_to_itself_while_connections_are_cut()
    {
        const int Claims = 300;
        using var progress = new SemaphoreSlim(1);
        var cuts = 0;
        await using var journal = Open(Options with { Patience = TimeSpan.FromMinutes(5) });
        await journal.GetPositionAsync(Cancelled);
        var cutting = Task.Run(
            async () =>
            {
                // One for each step forward: whatever the machine is busy with, both get on.
                for (; cuts < Claims; cuts++)
                {
                    await progress.WaitAsync(Cancelled);
                    await PostgreSqlServer.ExecuteAsync(
                        Address, "select pg_terminate_backend(pid) from (select pid from pg_stat_activity where application_name = 'Seedance' and datname = current_database() order by random() limit 2) s");
                }
            },
            Cancelled);
        await Parallel.ForAsync(0, Claims, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancelled }, async (i, stopping) =>
        {
            Assert.Empty(await journal.BeginAsync(Intent($"intent_{i}", null, $"row_{i}"), stopping));
            await journal.EndAsync(new JournalOutcome { IntentId = $"intent_{i}", State = JournalState.Accepted, TaskId = $"task_{i}" }, stopping);
            progress.Release();
        });
        await cutting;

        TestContext.Current.TestOutputHelper?.WriteLine($"{Claims} claims, {cuts} times two connections cut");
        Assert.All(await journal.FindAsync([.. Enumerable.Range(0, Claims).Select(i => Key($"row_{i}"))], Cancelled), match => Assert.Equal(JournalState.Accepted, match?.State));
    }

    [Fact]
    public async Task The_same_rows_claimed_from_many_sessions_in_any_order_are_claimed_once_and_nobody_waits_in_a_circle()
    {
        var names = Enumerable.Range(0, 20).Select(i => $"row_{i}").ToArray();
        var claims = await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            await using var journal = Open(Options);
            var order = i % 2 == 0 ? names : names.AsEnumerable().Reverse().ToArray();
            return (await journal.BeginAsync(Intent($"intent_{i}", null, order), Cancelled)).Count;
        }));
        Assert.Single(claims, 0);
        Assert.Equal(15, claims.Count(taken => taken == names.Length));
    }

    [Fact]
    public async Task The_runners_role_may_do_all_that_a_journal_does_and_read_no_table()
    {
        var role = $"runner_{Guid.NewGuid():N}";
        await PostgreSqlServer.ExecuteAsync(Address, $"create role {role} login");
        await InstallAsync(Address, role);
        var options = new PostgreSqlJournalOptions(Address with { User = role });
        await using var journal = Open(options);
        await using (await journal.BeginRunAsync(new JournalRun("run_1"), Cancelled))
        {
            await journal.BeginAsync(Intent("one", "run_1", "a"), Cancelled);
            await journal.EndAsync(new JournalOutcome { IntentId = "one", State = JournalState.Accepted, TaskId = "task_1" }, Cancelled);
            await journal.EndRunAsync(new JournalRunEnd("run_1") { Rows = 1 }, Cancelled);
        }

        ISharedRate rate = journal;
        await rate.PauseAsync(TimeSpan.Zero, Cancelled);
        Assert.Equal(1, (await rate.LeaseTurnsAsync(perSecond: 30, count: 1, Cancelled)).Count);

        Assert.Equal(JournalState.Accepted, await StateAsync(journal, "a"));
        Assert.Single(await journal.ReadRunsAsync(JournalQuery.All, Cancelled).ToListAsync(Cancelled));

        await using var database = new Database(options);
        foreach (var table in new[] { "meta", "account_key", "run", "intent", "intent_row", "place", "group_alias", "asset_change", "group_change", "upload", "account_rate" })
        {
            await Assert.ThrowsAsync<SeedanceException>(() => database.QueryAsync($"select 1 from seedance.{table}", [], _ => true, TimeSpan.Zero, Cancelled));
        }
    }

    [Fact]
    public async Task Groups_are_the_same_in_the_database_as_in_the_client()
    {
        await using var database = new Database(Options);
        await PostgreSqlServer.ExecuteAsync(Address, "insert into seedance.group_alias values ('tests', 'id1', 'name1'), ('other', 'id2', 'name2')");
        var aliases = new GroupAliases();
        aliases.Learn(new AvatarGroup { GroupId = "id1", Name = "name1" });
        AvatarGroup?[] groups =
        [
            null,
            .. from name in new[] { null, "name1", "name2" }
               from id in new[] { null, "id1", "id2" }
               from isReal in new[] { false, true }
               from isImplied in new[] { false, true }
               where name is not null || id is not null
               select new AvatarGroup { Name = name, GroupId = id, IsRealPerson = isReal, IsImplied = isImplied },
        ];
        foreach (var one in groups)
        {
            foreach (var other in groups)
            {
                object?[] arguments = ["tests", .. Columns(one), .. Columns(other)];
                var same = await database.CallAsync("is_same_group", arguments, row => row.GetBoolean(0), TimeSpan.Zero, Cancelled);
                Assert.True(same[0] == aliases.AreSame(one, other), $"{one} and {other}: {same[0]}");
                object?[] fewer = [.. Columns(one)[..3], .. Columns(other)[..3]];
                var surely = await database.CallAsync("is_surely_same_group", fewer, row => row.GetBoolean(0), TimeSpan.Zero, Cancelled);
                Assert.True(same[0] || !surely[0], $"{one} and {other} are not surely the same");
            }
        }

        static object?[] Columns(AvatarGroup? group) => [group?.Name, group?.GroupId, group?.IsRealPerson ?? false, group?.IsImplied ?? false];
    }

    [Fact]
    public async Task Another_key_of_an_unnamed_account_sends_nothing()
    {
        await using var journal = Open(Options);
        await journal.BeginAsync(Intent("one", null, "a"), Cancelled);
        await using var other = new PostgreSqlJournal(Options, JournalAccount.Create(null, "sk-tests", new Uri("https://example.com")));
        var unclear = await Assert.ThrowsAsync<SeedanceException>(async () => await other.BeginAsync(Intent("two", null, "b"), Cancelled));
        Assert.Equal(SeedanceErrorKind.AccountUnclear, unclear.Kind);
    }

    [Fact]
    public async Task Two_that_install_at_once_make_one_journal()
    {
        var address = await Server.CreateDatabaseAsync();
        var before = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var database = new Database(new PostgreSqlJournalOptions(address));
            return await JournalSchema.InstallAsync(database, [], confirmsServer: false, Cancelled);
        }));
        Assert.Single(before, 0);
        Assert.Equal(3, before.Count(version => version == JournalSchema.Version));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_journal_of_an_earlier_version_is_brought_up_with_what_is_in_it(int version)
    {
        var address = await Server.CreateDatabaseAsync();
        for (var i = 1; i <= version; i++)
        {
            using var script = new StreamReader(typeof(JournalSchema).Assembly.GetManifestResourceStream($"v{i}.sql")!);
            await PostgreSqlServer.ExecuteAsync(address, await script.ReadToEndAsync(Cancelled));
        }

        await using var database = new Database(new PostgreSqlJournalOptions(address));
        var claim = new object?[]
        {
            "tests", "one", null, """{"type":"Intent","intent":"one"}""", "cast", null, false, false,
            JournalQueries.Hashes([Key("a")]), JournalQueries.OtherHashes([Key("a")]), JournalQueries.LibraryHashes([Key("a")]), new string?[] { null },
        };
        Assert.Empty(await database.CallAsync<int[]>("begin_intent_v1", claim));
        Assert.Equal(version, await JournalSchema.InstallAsync(database, [], confirmsServer: false, Cancelled));
        await using var journal = Open(new PostgreSqlJournalOptions(address));
        Assert.Equal(JournalState.Unknown, await StateAsync(journal, "a"));
        Assert.Empty((await journal.TestAsync(Cancelled)).Problems);
        Assert.Equal([0], await journal.BeginAsync(Intent("two", null, "a"), Cancelled));

        // Its callers of before go on.
        Assert.Empty(await database.CallAsync<int[]>("begin_intent_v1", claim));
    }

    [Fact]
    public async Task A_weaker_commit_is_made_durable_and_a_snapshot_that_stands_still_is_refused()
    {
        await PostgreSqlServer.ExecuteAsync(Address, $"alter database {Address.Database} set synchronous_commit = off");
        await using (var database = new Database(Options))
        {
            var setting = await database.QueryAsync(
                "with claimed as materialized (select seedance.require_durable()) select current_setting('synchronous_commit') from claimed", [], row => row.GetString(0), TimeSpan.Zero, Cancelled);
            Assert.Equal(["on"], setting);
        }

        await PostgreSqlServer.ExecuteAsync(Address, $"alter database {Address.Database} set default_transaction_isolation = 'repeatable read'");
        await using var journal = Open(Options);
        var refused = await Assert.ThrowsAsync<SeedanceException>(async () => await journal.BeginAsync(Intent("one", null, "a"), Cancelled));
        Assert.Contains("read committed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_the_database_is_told_in_the_journals_words()
    {
        var empty = await Server.CreateDatabaseAsync();
        await MustTell(empty, "holds no journal yet", "Install-SeedanceJournal");
        await MustTell(empty with { Database = "none" }, "does not exist", "createdb");
        await MustTell(empty with { Port = 1 }, "cannot be reached", "-Resume");
        await MustTell(empty with { User = "nobody_at_all" }, "does not let this role in", "-JournalSecretName");

        await PostgreSqlServer.ExecuteAsync(Address, "create role too_little login");
        await MustTell(Address with { User = "too_little" }, "does not let this role do", "Install-SeedanceJournal -RunnerRole");

        await PostgreSqlServer.ExecuteAsync(Address, "update seedance.meta set version = 7, oldest_client = 7");
        await MustTell(Address, "version 7", "Update-Module");
        await PostgreSqlServer.ExecuteAsync(Address, "update seedance.meta set version = 0, oldest_client = 0");
        await MustTell(Address, "version 0", "Install-SeedanceJournal");
        await PostgreSqlServer.ExecuteAsync(Address, $"update seedance.meta set version = {JournalSchema.Version}, oldest_client = 1");
        await PostgreSqlServer.ExecuteAsync(Address, $"alter database {Address.Database} set default_transaction_read_only = on");
        await MustTell(Address, "can only be read", "-Journal");

        static async Task MustTell(JournalAddress address, string message, string action)
        {
            await using var journal = new PostgreSqlJournal(new PostgreSqlJournalOptions(address) { Password = "hunter2" }, JournalAccount.Create("tests", "sk-key", new Uri("https://example.com")));
            var told = await Assert.ThrowsAsync<SeedanceException>(async () => await journal.BeginAsync(Intent("one", null, "a"), Cancelled));
            Assert.Equal((SeedanceErrorKind.JournalUnavailable, Delivery.NotSent), (told.Kind, told.Delivery));
            Assert.Contains(message, told.Message, StringComparison.Ordinal);
            Assert.Contains(action, told.RecommendedAction, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", told.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task At_another_server_than_before_a_run_stops_until_the_owner_confirms()
    {
        await using var journal = Open(Options);
        await using var runner = await BeginRunnerAsync(journal);
        await PostgreSqlServer.ExecuteAsync(Address, "update seedance.meta set system_identifier = system_identifier + 1");
        foreach (var send in new Func<Task>[] { async () => await journal.BeginAsync(Intent("one", null, "a"), Cancelled), async () => await journal.TakeAsync("run_1", Cancelled) })
        {
            var told = await Assert.ThrowsAsync<SeedanceException>(send);
            Assert.Equal((SeedanceErrorKind.JournalUnavailable, Delivery.NotSent), (told.Kind, told.Delivery));
            Assert.Contains("another server than before", told.Message, StringComparison.Ordinal);
            Assert.Contains("Install-SeedanceJournal -Force", told.RecommendedAction, StringComparison.Ordinal);
        }

        Assert.Contains("another server than before", Assert.Single((await journal.TestAsync(Cancelled)).Problems), StringComparison.Ordinal);
        await PostgreSqlJournal.InstallAsync(Options, [], confirmsServer: true, Cancelled);
        Assert.Equal("queued", (await journal.TakeAsync("run_1", Cancelled)).Intent?.IntentId);

        static async Task<IAsyncDisposable> BeginRunnerAsync(PostgreSqlJournal journal)
        {
            await journal.CreateListAsync("list", mayExist: false, Cancelled);
            await journal.EnqueueAsync("list", Intent("queued", null, "q"), "payload", Cancelled);
            return await journal.BeginRunAsync(new JournalRun("run_1") { ListName = "list" }, Cancelled);
        }
    }

    [Fact]
    public async Task A_server_that_keeps_its_identity_from_the_owner_is_used_all_the_same_and_what_it_tells_is_compared()
    {
        // As a managed service may have it: the owner is no superuser. What one database revokes is no other's.
        var (owner, runner) = ($"managed_{Guid.NewGuid():N}", $"runner_{Guid.NewGuid():N}");
        var address = await Server.CreateDatabaseAsync();
        await PostgreSqlServer.ExecuteAsync(address, $"create role {owner} login; create role {runner} login; alter database {address.Database} owner to {owner}");
        await RevokeAsync("pg_control_system()");
        var asOwner = new PostgreSqlJournalOptions(address with { User = owner });
        Assert.Empty((await PostgreSqlJournal.InstallAsync(asOwner, [runner], cancellationToken: Cancelled)).Problems);
        await using var journal = Open(new PostgreSqlJournalOptions(address with { User = runner }));
        await MustGoOn("one", warnings: ["identity of the server cannot be checked"]);

        await PostgreSqlServer.ExecuteAsync(address, "update seedance.meta set timeline = '0000000A'");
        await MustStop("standby that was promoted", "timeline 00000001, and before 0000000A");
        await ConfirmAsync();
        await MustGoOn("two", warnings: ["identity of the server cannot be checked"]);

        // What was told before and is not any more is another server's.
        await RevokeAsync("pg_current_wal_lsn()");
        await MustStop("standby that was promoted", "timeline not told, and before 00000001");
        await ConfirmAsync();
        await MustGoOn("three", warnings: ["identity of the server cannot be checked", "failover cannot be noticed"]);
        await PostgreSqlServer.ExecuteAsync(address, $"grant execute on function pg_control_system(), pg_current_wal_lsn() to {owner}");
        await ConfirmAsync();
        await MustGoOn("four", warnings: []);
        await PostgreSqlServer.ExecuteAsync(address, $"revoke execute on function pg_control_system() from {owner}");
        await MustStop("another server than before", "system identifier not told, and before ");

        Task RevokeAsync(string function) => PostgreSqlServer.ExecuteAsync(address, $"revoke execute on function {function} from public");

        Task<JournalHealth> ConfirmAsync() => PostgreSqlJournal.InstallAsync(asOwner, [], confirmsServer: true, Cancelled);

        async Task MustGoOn(string id, string[] warnings)
        {
            Assert.Empty(await journal.BeginAsync(Intent(id, null, id), Cancelled));
            await journal.EndAsync(new JournalOutcome { IntentId = id, State = JournalState.Accepted, TaskId = id }, Cancelled);
            var health = await journal.TestAsync(Cancelled);
            Assert.True(health.IsReady);
            Assert.Equal(warnings.Length, health.Warnings.Count);
            Assert.All(warnings.Zip(health.Warnings), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
        }

        async Task MustStop(params string[] words)
        {
            var told = await Assert.ThrowsAsync<SeedanceException>(async () => await journal.BeginAsync(Intent("stopped", null, "stopped"), Cancelled));
            var problem = Assert.Single((await journal.TestAsync(Cancelled)).Problems);
            Assert.All(words, word => Assert.Contains(word, told.Message, StringComparison.Ordinal));
            Assert.All(words, word => Assert.Contains(word, problem, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("db.example.com", SslMode.VerifyFull)]
    [InlineData("10.0.0.1", SslMode.VerifyFull)]
    [InlineData("localhost", SslMode.Prefer)]
    [InlineData("127.0.0.1", SslMode.Prefer)]
    [InlineData("/var/run/postgresql", SslMode.Prefer)]
    public void A_server_elsewhere_is_verified_in_full(string host, SslMode mode) =>
        Assert.Equal(mode, new NpgsqlConnectionStringBuilder(NpgsqlStatements.ConnectionString(new PostgreSqlJournalOptions(Address with { Host = host }))).SslMode);

    [Fact]
    public async Task Nothing_is_sent_to_a_server_elsewhere_that_offers_no_tls()
    {
        var host = System.Net.Dns.GetHostName();
        var addresses = await System.Net.Dns.GetHostAddressesAsync(host, Cancelled);
        Assert.SkipUnless(addresses.Any(address => address.ToString() == "127.0.0.1"), "This machine's own name does not lead to 127.0.0.1.");
        await using var journal = Open(new PostgreSqlJournalOptions(Address with { Host = host }));
        var refused = await Assert.ThrowsAsync<SeedanceException>(async () => await journal.GetPositionAsync(Cancelled));
        Assert.Contains("TLS", refused.Message, StringComparison.Ordinal);
    }

    private PostgreSqlJournalOptions Options => new(Address);

    private static async Task<JournalState?> StateAsync(PostgreSqlJournal journal, string name) => (await journal.FindAsync([Key(name)], Cancelled))[0]?.State;
}
