using System.Globalization;
using System.Net;
using Npgsql;
using Seedance.Client.Tests;
using Seedance.Http;

namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>The rate and the pause of an account, which all machines of a journal keep to together, by the database's clock.</summary>
public sealed class SharedRateTests(PostgreSqlServer server) : DatabaseTests(server)
{
    private static readonly TimeSpan s_ahead = TimeSpan.FromSeconds(0.5);

    /// <summary>Turns are nowhere nearer to each other than the rate's spacing.</summary>
    [Fact]
    public async Task However_many_sessions_lease_at_once_their_turns_are_one_row_of_the_rates_spacing()
    {
        const int PerSecond = 1_000;
        const int Wanted = 1_500;
        List<DateTime> turns = [];
        await Task.WhenAll(Enumerable.Range(1, 8).Select(async session =>
        {
            await using var database = new Database(Options);
            await using var connection = await database.OpenAsync(Cancelled);
            for (var isEnough = false; !isEnough;)
            {
                var leased = await LeaseAsync(connection, PerSecond, session * 5);
                lock (turns)
                {
                    turns.AddRange(leased);
                    isEnough = turns.Count >= Wanted;
                }
            }
        }));

        turns.Sort();
        var busiest = turns.Select((turn, i) => turns.Skip(i).TakeWhile(other => other < turn.AddSeconds(0.1)).Count()).Max();
        TestContext.Current.TestOutputHelper?.WriteLine($"{turns.Count} turns over {turns[^1] - turns[0]}, at most {busiest} in a tenth of a second");
        Assert.Empty(turns.Zip(turns.Skip(1)).Where(pair => pair.Second - pair.First < TimeSpan.FromSeconds(1.0 / PerSecond)).Take(5));
        Assert.InRange(busiest, 1, PerSecond / 10);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(30)]
    [InlineData(40)]
    [InlineData(7_777)]
    [InlineData(10_000)]
    public async Task A_lease_holds_no_more_than_begins_within_half_a_second_and_its_spacing_is_never_too_narrow(int perSecond)
    {
        await using var journal = Open();
        var lease = await LeaseAsync(journal, perSecond, count: 100_000);

        // Ten seconds see what belongs to them, and what was late by 0.6 s at most.
        Assert.True(lease.Spacing * perSecond * 10 >= TimeSpan.FromSeconds(10.6), $"{lease.Spacing}");
        Assert.Equal(1 + (int)(s_ahead / lease.Spacing), lease.Count);
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (lease.Wait, lease.Pause));
        await using var stranger = Open(account: "another");
        Assert.Equal(2, (await LeaseAsync(stranger, perSecond: 10, count: 2)).Count);
    }

    [Fact]
    public async Task Turns_that_were_not_used_lapse()
    {
        await using var journal = Open();
        var first = await LeaseAsync(journal, perSecond: 10, count: 1_000);
        await PostgreSqlServer.ExecuteAsync(Address, "update seedance.account_rate set next_turn = clock_timestamp() - interval '1 hour'");
        var later = await LeaseAsync(journal, perSecond: 10, count: 1_000);

        Assert.Equal((5, 5, TimeSpan.Zero), (first.Count, later.Count, later.Wait));
    }

    [Fact]
    public async Task A_pause_silences_every_session_and_no_shorter_one_ends_it()
    {
        await using var one = Open();
        await PauseAsync(one, TimeSpan.FromSeconds(55));
        await PauseAsync(one, TimeSpan.FromSeconds(1));
        for (var i = 0; i < 4; i++)
        {
            await using var other = Open();
            var lease = await LeaseAsync(other, perSecond: 40, count: 10);
            Assert.Equal((0, lease.Pause), (lease.Count, lease.Wait));
            Assert.InRange(lease.Pause, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(55));
        }

        await using var stranger = Open(account: "another");
        Assert.Equal(10, (await LeaseAsync(stranger, perSecond: 40, count: 10)).Count);
        await PostgreSqlServer.ExecuteAsync(Address, "update seedance.account_rate set paused_until = clock_timestamp()");
        Assert.Equal(10, (await LeaseAsync(one, perSecond: 40, count: 10)).Count);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_holds_nobody_up_for_longer_than_a_pause_may_last()
    {
        await using var journal = Open();
        await LeaseAsync(journal, perSecond: 40, count: 1);
        await PostgreSqlServer.ExecuteAsync(Address, "update seedance.account_rate set next_turn = clock_timestamp() + interval '1 day', per_second_at = clock_timestamp() + interval '1 day'");
        var lease = await LeaseAsync(journal, perSecond: 20, count: 1);
        Assert.Equal(new TurnLease(TimeSpan.FromSeconds(1.25), 0, TimeSpan.FromMilliseconds(53), TimeSpan.Zero), lease);

        await PauseAsync(journal, TimeSpan.FromDays(1));
        Assert.InRange((await LeaseAsync(journal, perSecond: 20, count: 1)).Pause, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_session_with_a_lower_rate_does_not_slow_the_others_and_decides_when_they_are_gone()
    {
        await using var fast = Open();
        await using var slow = Open();
        await LeaseAsync(fast, perSecond: 100, count: 1);
        Assert.Equal(TimeSpan.FromMilliseconds(10.6), (await LeaseAsync(slow, perSecond: 1, count: 1)).Spacing);

        await PostgreSqlServer.ExecuteAsync(Address, "update seedance.account_rate set per_second_at = clock_timestamp() - interval '11 seconds'");
        Assert.Equal(TimeSpan.FromSeconds(1.06), (await LeaseAsync(slow, perSecond: 1, count: 1)).Spacing);
    }

    [Fact]
    public async Task A_429_on_one_machine_holds_the_next_request_of_another()
    {
        using var limited = new Network { Status = HttpStatusCode.TooManyRequests };
        await using (var one = Connect(limited, options => options with { RetryBudget = TimeSpan.FromMinutes(1) }))
        {
            using var stop = new CancellationTokenSource();
            var looking = one.GetClient().GetTaskAsync("task_1", cancellationToken: stop.Token);
            await UntilAsync("select count(*) > 0 from seedance.account_rate where paused_until > clock_timestamp() + interval '10 seconds'");
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => looking);
        }

        var clock = new ManualTimeProvider();
        using var network = new Network();
        await using var other = Connect(network, options => options with { TimeProvider = clock, Timeout = TimeSpan.FromDays(1) });
        var held = other.GetClient().GetTaskAsync("task_1", cancellationToken: Cancelled);

        // It has been told as soon as it waits for longer than it would for an answer of the database.
        while (!(clock.NextDue - clock.Moment > TimeSpan.FromSeconds(5)))
        {
            Cancelled.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.Equal(0, network.Requests);
        await PostgreSqlServer.ExecuteAsync(Address, "update seedance.account_rate set paused_until = clock_timestamp()");
        while (network.Requests == 0)
        {
            Cancelled.ThrowIfCancellationRequested();
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal("task_1", (await held).TaskId);
        Assert.Equal(1, network.Requests);
    }

    [Fact]
    public async Task A_look_goes_on_without_the_database()
    {
        using var network = new Network();
        await using var connection = Connect(network, options => options, Address with { Port = 1 });
        Assert.Equal("task_1", (await connection.GetClient().GetTaskAsync("task_1", cancellationToken: Cancelled)).TaskId);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private PostgreSqlJournalOptions Options => new(Address);

    private PostgreSqlJournal Open(JournalAddress? address = null, string account = "tests") =>
        new(new PostgreSqlJournalOptions(address ?? Address), JournalAccount.Create(account, "sk-key", new Uri("https://example.com")));

    private static Task<TurnLease> LeaseAsync(PostgreSqlJournal journal, int perSecond, int count) => ((ISharedRate)journal).LeaseTurnsAsync(perSecond, count, Cancelled);

    private static Task PauseAsync(PostgreSqlJournal journal, TimeSpan span) => ((ISharedRate)journal).PauseAsync(span, Cancelled);

    /// <summary>Leases turns, and reads by the database's clock when they are: until the transaction ends nobody else leases any.</summary>
    private static async Task<IEnumerable<DateTime>> LeaseAsync(NpgsqlConnection connection, int perSecond, int count)
    {
        await using var transaction = await connection.BeginTransactionAsync(Cancelled);
        var (granted, spacing) = await ReadAsync(
            connection, string.Create(CultureInfo.InvariantCulture, $"select granted, spacing from seedance.lease_turns_v2('tests', {perSecond}, {count})"), row => (row.GetInt32(0), row.GetTimeSpan(1)));
        var next = await ReadAsync(connection, "select next_turn from seedance.account_rate where account = 'tests'", row => row.GetDateTime(0));
        await transaction.CommitAsync(Cancelled);
        return Enumerable.Range(1, granted).Select(i => next - (i * spacing));
    }

    private static async Task<T> ReadAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> map)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(Cancelled);
        Assert.True(await reader.ReadAsync(Cancelled));
        return map(reader);
    }

    private async Task UntilAsync(string sql)
    {
        await using var database = new Database(Options);
        while (!(await database.QueryAsync(sql, [], row => row.GetBoolean(0), TimeSpan.Zero, Cancelled))[0])
        {
            Cancelled.ThrowIfCancellationRequested();
        }
    }

    private SeedanceConnection Connect(Network network, Func<SeedanceConnectionOptions, SeedanceConnectionOptions> with, JournalAddress? address = null) => new(with(new SeedanceConnectionOptions
    {
        AccountName = "tests",
        Handler = network,
        JournalStore = new JournalStore("shared", _ => Open(address)),
    }));

    /// <summary>An API that answers everything alike.</summary>
    private sealed class Network : HttpMessageHandler
    {
        private int _requests;

        public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

        public int Requests => Volatile.Read(ref _requests);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _requests);
            var response = new HttpResponseMessage(Status)
            {
                Content = new StringContent(Status == HttpStatusCode.OK
                    ? """{"code":200,"data":{"id":"task_1","status":"processing"}}"""
                    : """{"error":{"code":429,"message":"too many","type":"x"}}"""),
            };
            response.Headers.RetryAfter = Status == HttpStatusCode.OK ? null : new(TimeSpan.FromSeconds(40));
            return Task.FromResult(response);
        }
    }
}
