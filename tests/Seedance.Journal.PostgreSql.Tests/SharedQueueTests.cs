namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>What a queue that many runners take from promises: a request is one runner's at a time, and its rows go out with one request.</summary>
public sealed class SharedQueueTests(PostgreSqlServer server) : QueueTests(server)
{
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

    /// <summary>A turn that is taken for nothing is lost to the whole account.</summary>
    [Fact]
    public async Task What_waits_for_its_group_to_be_made_is_no_work_yet()
    {
        var group = new AvatarGroup { Name = "crew" };
        await using var journal = await QueueAsync("one", "a");
        Assert.Empty(await journal.EnqueueAsync("night", Intent("two", null, null, "b") with { Group = group }, "{}", Cancelled));
        Assert.Empty(await journal.EnqueueAsync("night", Intent("three", null, null, "c") with { Group = group }, "{}", Cancelled));
        await using var other = Open();
        await using var run = await StartAsync(journal, "run_1");
        await using var otherRun = await StartAsync(other, "run_2");
        Assert.Equal("one", (await journal.TakeAsync("run_1", Cancelled)).Intent?.IntentId);
        Assert.Equal("two", (await journal.TakeAsync("run_1", Cancelled)).Intent?.IntentId);
        Assert.False(await other.HasWorkAsync("run_2", Cancelled));
        Assert.Null((await other.TakeAsync("run_2", Cancelled)).Intent);

        await journal.EndAsync(new JournalOutcome { IntentId = "two", State = JournalState.Accepted, TaskId = "task_2", GroupId = "group_2" }, Cancelled);
        Assert.True(await other.HasWorkAsync("run_2", Cancelled));
        Assert.Equal("three", (await other.TakeAsync("run_2", Cancelled)).Intent?.IntentId);
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
}
