using Npgsql;

namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>What a queue that many runners take from promises: a request is one runner's at a time, and its rows go out with one request.</summary>
public sealed class SharedQueueTests(PostgreSqlServer server) : DatabaseTests(server)
{
    private const string Remove = "select seedance.remove_list_v2('tests', 'night')";
    private const string Enqueue =
        """
        select seedance.enqueue_intent_v2('tests', 'two', 'night', '{"type":"Intent"}', '{}', null, 'group_1', false, false,
          array[gen_random_uuid()], array[null]::uuid[], array[null]::uuid[], array[null]::text[], array[false])
        """;

    private static readonly AvatarGroup s_cast = new() { GroupId = "group_1" };

    /// <summary>Some times, and not at once: whatever was in the way may pass.</summary>
    [Fact]
    public async Task What_did_not_leave_is_queued_again()
    {
        await using var journal = await QueueAsync("one", "a");
        await using var run = await StartAsync(journal, "run_1");
        for (var time = 1; time <= 5; time++)
        {
            Assert.Equal("one", (await journal.TakeAsync("run_1", Cancelled)).Intent?.IntentId);
            await EndAsync(journal, JournalState.Unsent);
            Assert.Equal(JournalState.Queued, await StateAsync(journal, "a"));
            Assert.False(await journal.HasWorkAsync("run_1", Cancelled));
            Assert.Null((await journal.TakeAsync("run_1", Cancelled)).Intent);
            await PassAsync();
            Assert.True(await journal.HasWorkAsync("run_1", Cancelled));
        }

        await journal.TakeAsync("run_1", Cancelled);
        await EndAsync(journal, JournalState.Unsent);
        Assert.Equal(JournalState.Unsent, await StateAsync(journal, "a"));
        Assert.Null((await journal.TakeAsync("run_1", Cancelled)).Intent);
    }

    [Fact]
    public async Task A_request_that_was_refused_because_of_one_row_is_queued_again_without_it()
    {
        await using var journal = await QueueAsync("one", "a", "b", "c");
        await using var run = await StartAsync(journal, "run_1");
        await journal.TakeAsync("run_1", Cancelled);
        await SplitAsync(journal);
        Assert.Equal((JournalState.Queued, JournalState.Refused, JournalState.Queued), (await StateAsync(journal, "a"), await StateAsync(journal, "b"), await StateAsync(journal, "c")));
        var list = await ((IRunnerJournal)journal).GetListAsync("night", Cancelled);
        Assert.Equal((3, 2, 1), (list.Rows, list.Queued, list.Refused));

        var taken = await journal.TakeAsync("run_1", Cancelled);
        Assert.Equal(("rest", "[\"a\",\"c\"]"), (taken.Intent?.IntentId, taken.Payload));
        Assert.Equal(["a", "c"], taken.Intent!.Rows.Select(row => row.Source.Name));
        Assert.Null((await journal.TakeAsync("run_1", Cancelled)).Intent);
    }

    [Fact]
    public async Task Rows_that_have_gone_out_with_another_request_are_not_queued_by_a_late_refusal()
    {
        await using var journal = await QueueAsync("one", "a", "b", "c");
        await using var run = await StartAsync(journal, "run_1");
        await journal.TakeAsync("run_1", Cancelled);
        await LapseAsync();
        await using var other = Open();
        Assert.Empty(await other.BeginAsync(Intent("two", null, "one", "a"), Cancelled));
        await SplitAsync(journal);
        await using var otherRun = await StartAsync(other, "run_2");
        Assert.Null((await other.TakeAsync("run_2", Cancelled)).Intent);
        Assert.Equal(JournalState.Unsent, await StateAsync(journal, "c"));
    }

    [Fact]
    public async Task A_call_that_is_repeated_after_another_has_the_request_changes_nothing()
    {
        await using var journal = await QueueAsync("one", "a");
        await using var other = Open();
        await using var run = await StartAsync(journal, "run_1");
        await using var otherRun = await StartAsync(other, "run_2");
        await journal.TakeAsync("run_1", Cancelled);
        var take = await ReadAsync("select take_id from seedance.intent");
        await EndAsync(journal, JournalState.Unsent);
        await PassAsync();
        Assert.Equal("one", (await other.TakeAsync("run_2", Cancelled)).Intent?.IntentId);

        await using var database = new Database(Options);
        await database.CallAsync("end_intent_v2", "tests", "one", take, "Unsent", (string?)null, (string?)null, """{"type":"Outcome"}""");
        Assert.Equal(JournalState.UnderWay, await StateAsync(journal, "a"));
        Assert.Null((await journal.TakeAsync("run_1", Cancelled)).Intent);
        await EndAsync(other, JournalState.Accepted, "task_1");
        Assert.Equal(JournalState.Accepted, await StateAsync(journal, "a"));
    }

    [Fact]
    public async Task What_has_gone_out_with_another_request_is_not_queued_again()
    {
        await using var journal = await QueueAsync("one", "a");
        await using var run = await StartAsync(journal, "run_1");
        await journal.TakeAsync("run_1", Cancelled);
        await LapseAsync();
        await using var other = Open();
        Assert.Empty(await other.BeginAsync(Intent("two", null, "one", "a"), Cancelled));

        await EndAsync(journal, JournalState.Unsent);
        await using var last = await StartAsync(other, "run_2");
        await PassAsync();
        Assert.Null((await other.TakeAsync("run_2", Cancelled)).Intent);
    }

    /// <summary>The claim is decided first, though it is not committed yet: whoever queues the rows again waits for it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_just_being_claimed_is_not_queued_again(bool isSplit)
    {
        await using var journal = await QueueAsync("one", "a", "b", "c");
        await using var run = await StartAsync(journal, "run_1");
        await journal.TakeAsync("run_1", Cancelled);
        await LapseAsync();
        await using var source = NpgsqlDataSource.Create(NpgsqlStatements.ConnectionString(Options));
        await using var claimer = await source.OpenConnectionAsync(Cancelled);
        await using var claim = await claimer.BeginTransactionAsync(Cancelled);
        await using var command = new NpgsqlCommand(
            """
            select seedance.begin_intent_v2('tests', 'two', null, '{"type":"Intent"}', null, 'group_1', false, false,
              array(select hash from seedance.intent_row where ordinal = 0), array[null]::uuid[], array[null]::uuid[], array['one'], array[true])
            """,
            claimer);
        Assert.Empty((int[])(await command.ExecuteScalarAsync(Cancelled))!);

        var ending = isSplit ? SplitAsync(journal).AsTask() : EndAsync(journal, JournalState.Unsent).AsTask();
        await UntilItWaitsAsync(ending);
        await claim.CommitAsync(Cancelled);
        await ending;
        Assert.Equal("one Unsent", await ReadAsync("select string_agg(intent_id || ' ' || state, ', ') from seedance.intent where state is not null"));
    }

    /// <summary>Whoever saw that its outcome was unknown, and was told to send it again, comes too late.</summary>
    [Fact]
    public async Task What_is_queued_again_or_taken_again_is_nobody_elses()
    {
        await using var journal = await QueueAsync("one", "a");
        await using var run = await StartAsync(journal, "run_1");
        await journal.TakeAsync("run_1", Cancelled);
        await LapseAsync();
        await using var other = Open();
        Assert.Equal(JournalState.Unknown, await StateAsync(other, "a"));
        await EndAsync(journal, JournalState.Unsent);
        Assert.Equal([0], await other.BeginAsync(Intent("two", null, "one", "a"), Cancelled));
        await using var otherRun = await StartAsync(other, "run_2");
        await PassAsync();
        Assert.NotNull((await other.TakeAsync("run_2", Cancelled)).Intent);
        Assert.Equal([0], await journal.BeginAsync(Intent("two", null, "one", "a"), Cancelled));
    }

    [Fact]
    public async Task What_was_found_in_the_library_stays_accepted_whatever_its_sender_says()
    {
        await using var journal = await QueueAsync("one", "a");
        await using var run = await StartAsync(journal, "run_1");
        await journal.TakeAsync("run_1", Cancelled);
        await LapseAsync();
        Assert.True(await journal.SettleAsync("one", new SeedanceTask { TaskId = "task_1", Kind = TaskKind.Asset }, Cancelled));
        await EndAsync(journal, JournalState.Unknown);
        Assert.Equal("Accepted", await ReadAsync("select state from seedance.intent"));
    }

    /// <summary>Queued for hours, perhaps: its first sender may have been suspended, and the library may have shown it late.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_queued_to_go_out_again_does_not_once_it_was_accepted_after_all(bool isFound)
    {
        await using var journal = await QueueAsync("one", "a");
        await using var run = await StartAsync(journal, "run_1");
        await journal.TakeAsync("run_1", Cancelled);
        await LapseAsync();
        await using var other = Open();
        var again = Intent("two", null, null, "a", "b");
        again = again with { Rows = [again.Rows[0] with { Supersedes = "one", WasUnknown = true }, again.Rows[1]] };
        Assert.Empty(await other.EnqueueAsync("night", again, "{}", Cancelled));
        if (isFound)
        {
            var asset = new SeedanceAsset { AssetId = "asset_a", AssetUrl = "asset://asset_a", IsUsable = true, MatchedBy = MatchedBy.Name, SourceIndex = 0, TaskId = "task_1" };
            Assert.True(await other.SettleAsync("one", new SeedanceTask { TaskId = "task_1", Kind = TaskKind.Asset, Status = SeedanceTaskStatus.Completed, Assets = [asset] }, Cancelled));
        }
        else
        {
            await EndAsync(journal, JournalState.Accepted, "task_1");
        }

        await using var otherRun = await StartAsync(other, "run_2");
        Assert.Null((await other.TakeAsync("run_2", Cancelled)).Intent);
        Assert.Equal((JournalState.Accepted, JournalState.Unsent), (await StateAsync(other, "a"), await StateAsync(other, "b")));
        Assert.Null(await ReadAsync("select max(record) from seedance.payload"));
        Assert.Contains("Outcome", await ReadAsync("select outcome::text from seedance.intent where intent_id = 'two'"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(JournalState.Accepted)]
    [InlineData(JournalState.Refused)]
    [InlineData(JournalState.Unknown)]
    public async Task AnAddress_is_gone_with_the_outcome(JournalState state)
    {
        await using var journal = await QueueAsync("one", "a");
        await using var run = await StartAsync(journal, "run_1");
        await journal.TakeAsync("run_1", Cancelled);
        Assert.Equal("one", await ReadAsync("select i.intent_id from seedance.payload join seedance.intent i using (position)"));
        await EndAsync(journal, state, "task_1");
        Assert.Null(await ReadAsync("select max(record) from seedance.payload"));
    }

    [Fact]
    public async Task Addresses_of_a_runner_that_was_killed_go_when_another_ends()
    {
        await using var journal = await QueueAsync("one", "a");
        await using var run = await StartAsync(journal, "run_1");
        await journal.TakeAsync("run_1", Cancelled);
        await using var other = Open();
        await using (await StartAsync(other, "run_2"))
        {
        }

        Assert.NotNull(await ReadAsync("select max(record) from seedance.payload"));
        await LapseAsync();
        await using (await StartAsync(other, "run_3"))
        {
        }

        Assert.Null(await ReadAsync("select max(record) from seedance.payload"));
        Assert.Equal(JournalState.Unknown, await StateAsync(journal, "a"));
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private PostgreSqlJournalOptions Options => new(Address);

    private static JournalKey Key(string name) => JournalKey.Create("Image", "default", $"https://example.com/{name}.png", s_cast);

    private static JournalIntent Intent(string id, string? runId, string? supersedes, params string[] names) => new()
    {
        IntentId = id,
        RunId = runId,
        Kind = TaskKind.Asset,
        Group = s_cast,
        AssetType = AssetType.Image,
        Rows = [.. names.Select(name => new JournalRow(Key(name), new AssetSource($"https://example.com/{name}.png") { Name = name }, supersedes))],
    };

    private static async Task<JournalState?> StateAsync(PostgreSqlJournal journal, string name) => (await journal.FindAsync([Key(name)], Cancelled))[0]?.State;

    /// <summary>A call whose connection was cut may come about after it was repeated: nobody waits for what it would take.</summary>
    [Fact]
    public async Task A_call_that_comes_late_takes_nothing()
    {
        await using var journal = await QueueAsync("one", "a");
        Assert.Empty(await journal.EnqueueAsync("night", Intent("two", null, null, "b"), "{}", Cancelled));
        await using var run = await StartAsync(journal, "run_1");
        Assert.Equal("one", await TakeAsync("take_1"));
        Assert.Equal("one", await TakeAsync("take_1"));
        await PostgreSqlServer.ExecuteAsync(Address, "select seedance.end_intent_v2('tests', 'one', 'take_1', 'Accepted', 'task_1', null, '{}')");
        await PostgreSqlServer.ExecuteAsync(Address, "update seedance.intent set watched_by = null");
        Assert.Null(await TakeAsync("take_1"));
        Assert.Equal("task_1", await WatchAsync("call_2", again: false));
        Assert.Equal("task_1", await WatchAsync("call_2", again: false));
        await PostgreSqlServer.ExecuteAsync(Address, "update seedance.intent set watched_by = null");
        Assert.Null(await WatchAsync("call_2", again: false));
        Assert.Null(await WatchAsync("call_1", again: true));
        Assert.Equal("two", await TakeAsync("take_2"));
        Assert.Null(await TakeAsync("take_1"));

        Task<string?> TakeAsync(string takeId) => ReadAsync($"select t.intent_id from seedance.take_intent_v2('tests', 'run_1', '{takeId}') t");
        Task<string?> WatchAsync(string callId, bool again) =>
            ReadAsync($"select max(t.task_id) from seedance.watch_tasks_v2('tests', 'run_1', '{callId}', 10, {again}) t");
    }

    /// <summary>Whichever is decided first, though it is not committed yet, the other knows of it.</summary>
    [Theory]
    [InlineData(Enqueue, Remove)]
    [InlineData(Remove, Enqueue)]
    public async Task A_list_that_is_removed_leaves_nothing_that_is_queued_at_the_same_time(string first, string second)
    {
        await using var journal = await QueueAsync("one", "a");
        await using var source = NpgsqlDataSource.Create(NpgsqlStatements.ConnectionString(Options));
        await using var connection = await source.OpenConnectionAsync(Cancelled);
        await using var transaction = await connection.BeginTransactionAsync(Cancelled);
        await using var command = new NpgsqlCommand(first, connection);
        await command.ExecuteNonQueryAsync(Cancelled);

        var other = PostgreSqlServer.ExecuteAsync(Address, second);
        await UntilItWaitsAsync(other);
        await transaction.CommitAsync(Cancelled);
        var refusal = await Record.ExceptionAsync(() => other);
        Assert.Equal(second == Enqueue ? "SD003" : null, (refusal as PostgresException)?.SqlState);
        Assert.Equal("0", await ReadAsync("select count(*)::text from seedance.intent"));
    }

    /// <summary>A repeated call that overtakes nothing: the later one is decided, though not committed yet.</summary>
    [Fact]
    public async Task A_call_that_comes_while_a_later_one_is_under_way_gives_nothing()
    {
        await using var journal = await QueueAsync("one", "a");
        Assert.Empty(await journal.EnqueueAsync("night", Intent("two", null, null, "b"), "{}", Cancelled));
        await using var run = await StartAsync(journal, "run_1");
        await AcceptAllAsync();
        await using var source = NpgsqlDataSource.Create(NpgsqlStatements.ConnectionString(Options));
        await using var connection = await source.OpenConnectionAsync(Cancelled);
        await using var later = await connection.BeginTransactionAsync(Cancelled);
        await using var command = new NpgsqlCommand("select task_id from seedance.watch_tasks_v2('tests', 'run_1', 'call_2', 1, false)", connection);
        Assert.Equal("task_one", await command.ExecuteScalarAsync(Cancelled));

        var late = ReadAsync("select max(task_id) from seedance.watch_tasks_v2('tests', 'run_1', 'call_1', 10, false)");
        await UntilItWaitsAsync(late);
        await later.CommitAsync(Cancelled);
        Assert.Null(await late);
    }

    /// <summary>Whoever waited for it would fail here.</summary>
    [Fact]
    public async Task What_another_call_holds_is_passed_over()
    {
        await using var journal = await QueueAsync("one", "a");
        Assert.Empty(await journal.EnqueueAsync("night", Intent("two", null, null, "b"), "{}", Cancelled));
        await using var run = await StartAsync(journal, "run_1");
        await using var source = NpgsqlDataSource.Create(NpgsqlStatements.ConnectionString(Options));
        await using var holder = await source.OpenConnectionAsync(Cancelled);
        await using var taker = await source.OpenConnectionAsync(Cancelled);
        await using (await HoldAsync("one"))
        {
            Assert.Equal("two", await AskAsync("select intent_id from seedance.take_intent_v2('tests', 'run_1', 'take_1')"));
        }

        await AcceptAllAsync();
        await using (await HoldAsync("one"))
        {
            Assert.Equal("task_two", await AskAsync("select string_agg(task_id, ' ') from seedance.watch_tasks_v2('tests', 'run_1', 'call_1', 10, false)"));
        }

        async Task<NpgsqlTransaction> HoldAsync(string id)
        {
            var transaction = await holder.BeginTransactionAsync(Cancelled);
            await using var command = new NpgsqlCommand($"select from seedance.intent where intent_id = '{id}' for update", holder);
            await command.ExecuteNonQueryAsync(Cancelled);
            return transaction;
        }

        async Task<object?> AskAsync(string sql)
        {
            await using var command = new NpgsqlCommand($"set lock_timeout = '1s'; {sql}", taker);
            return await command.ExecuteScalarAsync(Cancelled);
        }
    }

    private static async Task<IAsyncDisposable> StartAsync(PostgreSqlJournal journal, string runId) =>
        await journal.BeginRunAsync(new JournalRun(runId) { ListName = "night" }, Cancelled);

    private static ValueTask EndAsync(PostgreSqlJournal journal, JournalState state, string? taskId = null) =>
        journal.EndAsync(new JournalOutcome { IntentId = "one", State = state, TaskId = state == JournalState.Accepted ? taskId : null }, Cancelled);

    /// <summary>Records that the request was refused because of its second row.</summary>
    private static ValueTask SplitAsync(PostgreSqlJournal journal) => journal.SplitAsync(
        new JournalOutcome { IntentId = "one", State = JournalState.Unsent },
        Intent("refused", "run_1", "one", "b"), new JournalOutcome { IntentId = "refused", State = JournalState.Refused },
        Intent("rest", null, "one", "a", "c"), "[\"a\",\"c\"]", Cancelled);

    /// <summary>A journal with a list that has one request.</summary>
    private async Task<PostgreSqlJournal> QueueAsync(string id, params string[] names)
    {
        var journal = Open();
        Assert.True(await journal.CreateListAsync("night", mayExist: false, Cancelled));
        Assert.Empty(await journal.EnqueueAsync("night", Intent(id, null, null, names), "{}", Cancelled));
        return journal;
    }

    private Task LapseAsync() => PostgreSqlServer.ExecuteAsync(Address, "update seedance.run set lease_until = clock_timestamp()");

    /// <summary>Has all requests accepted, and nobody watch their tasks.</summary>
    private async Task AcceptAllAsync()
    {
        await PostgreSqlServer.ExecuteAsync(Address, "select seedance.end_intent_v2('tests', i.intent_id, i.take_id, 'Accepted', 'task_' || i.intent_id, null, '{}') from seedance.intent i");
        await PostgreSqlServer.ExecuteAsync(Address, "update seedance.intent set watched_by = null");
    }

    /// <summary>Until a call waits for another's lock, or is over.</summary>
    private async Task UntilItWaitsAsync(Task call)
    {
        while (!call.IsCompleted && await ReadAsync("select max(wait_event) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") is null)
        {
        }
    }

    /// <summary>Lets the time pass in which nobody takes what is queued again.</summary>
    private Task PassAsync() => PostgreSqlServer.ExecuteAsync(Address, "update seedance.intent set not_before = clock_timestamp()");

    private async Task<string?> ReadAsync(string sql)
    {
        await using var database = new Database(Options);
        return (await database.QueryAsync(sql, [], row => row.IsDBNull(0) ? null : row.GetString(0), TimeSpan.Zero, Cancelled))[0];
    }

    private PostgreSqlJournal Open() => new(Options, JournalAccount.Create("tests", "sk-key", new Uri("https://example.com")));
}
