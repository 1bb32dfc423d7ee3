using Npgsql;

namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>Of two calls at once one is decided first, though it is not committed yet, and the other knows of it.</summary>
public sealed class CallsAtOnceTests(PostgreSqlServer server) : QueueTests(server)
{
    private const string Hold = "select from seedance.intent where intent_id = 'one' for update";
    private const string Remove = "select seedance.remove_list_v2('tests', 'night')";
    private const string Enqueue =
        """
        select seedance.enqueue_intent_v4('tests', 'two', 'night', '{"type":"Intent"}', '{}', null, 'group_1', false, false,
          array[gen_random_uuid()], array[null]::uuid[], array[null]::uuid[], array[null]::text[], array[false])
        """;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_just_being_claimed_is_not_queued_again(bool isSplit)
    {
        await using var journal = await QueueAsync("one", "a", "b", "c");
        await using var run = await TakeAndLapseAsync(journal);
        const string Claim =
            """
            select seedance.begin_intent_v4('tests', 'two', null, '{"type":"Intent"}', null, 'group_1', false, false,
              array(select hash from seedance.intent_row where ordinal = 0), array[null]::uuid[], array[null]::uuid[], array['one'], array[true])
            """;
        await await MeetAsync(Claim, () => isSplit ? SplitAsync(journal).AsTask() : EndAsync(journal, JournalState.Unsent).AsTask());
        Assert.Equal("one Unsent, two -", await ReadAsync("select string_agg(intent_id || ' ' || coalesce(state, '-'), ', ' order by position) from seedance.intent"));
    }

    [Fact]
    public async Task What_two_sessions_find_is_recorded_once()
    {
        await using var journal = await QueueAsync("one", "a");
        await using var run = await TakeAndLapseAsync(journal);
        var second = await MeetAsync(Settle("task_1"), () => ReadAsync($"{Settle("task_2")}::text"));
        Assert.Equal(("false", "task_1"), (await second, await ReadAsync("select task_id from seedance.intent")));

        static string Settle(string taskId) =>
            $$"""select seedance.settle_intent_v1('tests', 'one', '{{taskId}}', null, '{"type":"Settled","task":"{{taskId}}"}', gen_random_uuid())""";
    }

    [Theory]
    [InlineData(Enqueue, Remove)]
    [InlineData(Remove, Enqueue)]
    public async Task A_list_that_is_removed_leaves_nothing_queued(string first, string second)
    {
        await using var journal = await QueueAsync("one", "a");
        var call = await MeetAsync(first, () => PostgreSqlServer.ExecuteAsync(Address, second));
        var refusal = await Record.ExceptionAsync(() => call);
        Assert.Equal(second == Enqueue ? "SD003" : null, (refusal as PostgresException)?.SqlState);
        Assert.Equal("0", await ReadAsync("select count(*)::text from seedance.intent"));
    }

    /// <summary>What a run does not see then, another has sent beside it.</summary>
    [Fact]
    public async Task What_lies_before_a_position_is_there_when_it_is_told()
    {
        await using var journal = await QueueAsync("one", "a");
        Assert.Equal("2", await await MeetAsync(Enqueue, async () =>
        {
            await journal.GetPositionAsync(Cancelled);
            return await ReadAsync("select count(*)::text from seedance.intent");
        }));
    }

    [Fact]
    public async Task A_call_that_comes_behind_a_later_one_gives_nothing()
    {
        await using var journal = await QueueAsync("one", "a");
        Assert.Empty(await journal.EnqueueAsync("night", Intent("two", null, null, "b"), "{}", Cancelled));
        await using var run = await StartAsync(journal, "run_1");
        await AcceptAllAsync();
        var late = await MeetAsync(
            "select task_id from seedance.watch_tasks_v2('tests', 'run_1', 'call_2', 1, false)",
            () => ReadAsync("select max(task_id) from seedance.watch_tasks_v2('tests', 'run_1', 'call_1', 10, false)"));
        Assert.Null(await late);
    }

    [Fact]
    public async Task What_another_call_holds_is_passed_over()
    {
        await using var journal = await QueueAsync("one", "a");
        Assert.Empty(await journal.EnqueueAsync("night", Intent("two", null, null, "b"), "{}", Cancelled));
        await using var run = await StartAsync(journal, "run_1");
        Assert.Equal("two", await await MeetAsync(Hold, () => ReadAsync("select intent_id from seedance.take_intent_v2('tests', 'run_1', 'take_1')")));
        await AcceptAllAsync();
        Assert.Equal("task_two", await await MeetAsync(Hold, () => ReadAsync("select string_agg(task_id, ' ') from seedance.watch_tasks_v2('tests', 'run_1', 'call_1', 10, false)")));
    }

    private async Task<IAsyncDisposable> TakeAndLapseAsync(PostgreSqlJournal journal)
    {
        var run = await StartAsync(journal, "run_1");
        await journal.TakeAsync("run_1", Cancelled);
        await LapseAsync();
        return run;
    }

    /// <summary>Has all requests accepted, and nobody watch their tasks.</summary>
    private async Task AcceptAllAsync()
    {
        await PostgreSqlServer.ExecuteAsync(Address, "select seedance.end_intent_v2('tests', i.intent_id, i.take_id, 'Accepted', 'task_' || i.intent_id, null, '{}') from seedance.intent i");
        await PostgreSqlServer.ExecuteAsync(Address, "update seedance.intent set watched_by = null");
    }

    /// <summary>Begins a call when a first is decided, and has the first commit once the call waits for it, or is over; then returns the call.</summary>
    private async Task<TCall> MeetAsync<TCall>(string first, Func<TCall> begin)
        where TCall : Task
    {
        await using var source = NpgsqlDataSource.Create(NpgsqlStatements.ConnectionString(Options));
        await using var connection = await source.OpenConnectionAsync(Cancelled);
        await using var transaction = await connection.BeginTransactionAsync(Cancelled);
        await using var command = new NpgsqlCommand(first, connection);
        await command.ExecuteNonQueryAsync(Cancelled);
        var call = begin();
        while (!call.IsCompleted && await ReadAsync("select max(wait_event) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") is null)
        {
        }

        await transaction.CommitAsync(Cancelled);
        return call;
    }
}
