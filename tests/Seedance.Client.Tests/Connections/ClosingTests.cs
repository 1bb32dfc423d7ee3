using System.Net;
using System.Threading.Channels;
using Seedance.Sandbox;

namespace Seedance.Client.Tests.Connections;

/// <summary>A connection that is closed under a run loses nothing: what has left is awaited, recorded and given out.</summary>
public sealed class ClosingTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly Network _network;
    private readonly SeedanceConnection _connection;

    public ClosingTests()
    {
        var sandbox = new SandboxApi(time: _time);
        sandbox.AddGroup("group_1", "known");
        _network = new Network { InnerHandler = new SandboxMessageHandler(sandbox, _time) };
        _connection = Connect();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_has_left_is_awaited_recorded_and_given_out_and_nothing_more_is_sent()
    {
        var run = new Run(_connection, Rows(100));
        await _network.ArrivedAsync(posts: 4);
        var closing = _connection.DisposeAsync().AsTask();
        Assert.False(closing.IsCompleted);
        _network.Answer();
        await Task.WhenAll(closing, run.Ended);

        Assert.Equal(SeedanceErrorKind.ConnectionClosed, run.End?.Kind);
        Assert.Equal(4, _network.Posts);
        Assert.Equal(4, run.Events.OfType<TaskAccepted>().Count());

        await using var later = Connect();
        var again = new Run(later, Rows(100), new SubmitOptions { Resume = true, BatchSize = 10 });
        await again.Ended;
        Assert.Null(again.End);
        Assert.Equal(
            run.Events.OfType<TaskAccepted>().Select(one => one.Task.TaskId).Order(),
            again.Events.OfType<TaskAccepted>().Where(one => one.Resumed).Select(one => one.Task.TaskId).Order());
        Assert.Equal(10, _network.Posts);
        Assert.Empty(again.Events.OfType<RowFailed>());
    }

    [Fact]
    public async Task What_is_not_answered_within_five_seconds_is_recorded_as_unknown()
    {
        var run = new Run(_connection, Rows(100));
        await _network.ArrivedAsync(posts: 4);
        var closing = _connection.DisposeAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(6));
        await Task.WhenAll(closing, run.Ended);

        Assert.Equal(40, run.Events.OfType<RowFailed>().Count(row => row.Error.Delivery == Delivery.Unknown));
        _network.Answer();
        await using var later = Connect();
        var again = new Run(later, Rows(100), new SubmitOptions { Resume = true, BatchSize = 10 });
        await again.Ended;
        Assert.Equal(40, again.Events.OfType<RowFailed>().Count(row => row.Error.Delivery == Delivery.Unknown));
        Assert.Equal(6, again.Events.OfType<TaskAccepted>().Count());
    }

    [Fact]
    public async Task A_run_that_waits_for_rows_or_for_tasks_ends_too()
    {
        var rows = new Run(_connection, Channel.CreateUnbounded<AssetSource>().Reader);
        var wait = WaitForTaskAsync();
        await _network.ArrivedAsync(gets: 1);
        await _connection.DisposeAsync();
        await rows.Ended;

        Assert.Equal(SeedanceErrorKind.ConnectionClosed, rows.End?.Kind);
        Assert.Equal(SeedanceErrorKind.ConnectionClosed, (await Assert.ThrowsAsync<SeedanceException>(() => wait)).Kind);

        async Task WaitForTaskAsync()
        {
            await foreach (var next in _connection.CreateWaiter().WaitAsync([new SeedanceTask { TaskId = "task_1" }], cancellationToken: Cancel))
            {
            }
        }
    }

    [Fact]
    public async Task A_query_that_is_under_way_ends_and_none_is_begun_after()
    {
        var client = _connection.GetClient();
        var query = client.GetTaskAsync("task_1", cancellationToken: Cancel);
        await _network.ArrivedAsync(gets: 1);
        await _connection.DisposeAsync();

        Assert.Equal(SeedanceErrorKind.ConnectionClosed, (await Assert.ThrowsAsync<SeedanceException>(() => query)).Kind);
        var after = await Assert.ThrowsAsync<SeedanceException>(() => client.GetTaskAsync("task_2", cancellationToken: Cancel));
        Assert.Equal((SeedanceErrorKind.ConnectionClosed, Delivery.NotSent), (after.Kind, after.Delivery));
        Assert.Equal(1, _network.Gets);
    }

    [Fact]
    public async Task A_run_that_is_called_off_by_its_caller_says_so_even_when_the_connection_closes_as_well()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var channel = Channel.CreateUnbounded<AssetSource>();
        var reading = _connection.CreateSubmitter().SubmitAsync(channel.Reader, cancellationToken: stop.Token).GetAsyncEnumerator(Cancel);
        var next = reading.MoveNextAsync().AsTask();
        stop.Cancel();
        await _connection.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    private static AssetSource[] Rows(int count) => ClientFixture.Rows(count, new AvatarGroup { GroupId = "group_1" });

    private SeedanceConnection Connect() => new(new SeedanceConnectionOptions
    {
        Handler = _network,
        TimeProvider = _time,
        JournalPath = _folder.File("journal.jsonl"),
        RequestsPerSecond = 10_000,
        Concurrency = 64,
        RetryBudget = TimeSpan.Zero,
    });

    /// <summary>A run of submissions, and what became of it.</summary>
    private sealed class Run
    {
        public Run(SeedanceConnection connection, AssetSource[] rows, SubmitOptions? options = null)
            : this(connection.CreateSubmitter().SubmitAsync(rows, options ?? new SubmitOptions { BatchSize = 10 }, Cancel))
        {
        }

        public Run(SeedanceConnection connection, ChannelReader<AssetSource> rows)
            : this(connection.CreateSubmitter().SubmitAsync(rows, cancellationToken: Cancel))
        {
        }

        private Run(IAsyncEnumerable<SubmitEvent> events) => Ended = ReadAsync(events);

        public List<SubmitEvent> Events { get; } = [];

        public SeedanceException? End { get; private set; }

        public Task Ended { get; }

        private async Task ReadAsync(IAsyncEnumerable<SubmitEvent> events)
        {
            try
            {
                await foreach (var next in events)
                {
                    Events.Add(next);
                }
            }
            catch (SeedanceException e)
            {
                End = e;
            }
        }
    }

    /// <summary>Holds every request back until it may be answered.</summary>
    private sealed class Network : DelegatingHandler
    {
        private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Channel<HttpMethod> _arrived = Channel.CreateUnbounded<HttpMethod>();
        private int _posts;
        private int _gets;

        public int Posts => Volatile.Read(ref _posts);

        public int Gets => Volatile.Read(ref _gets);

        public void Answer() => _answered.TrySetResult();

        public async Task ArrivedAsync(int posts = 0, int gets = 0)
        {
            while (Posts < posts || Gets < gets)
            {
                await _arrived.Reader.ReadAsync(Cancel);
            }
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // The body has left before the answer is awaited.
            await (request.Content?.LoadIntoBufferAsync(cancellationToken) ?? Task.CompletedTask);
            _ = request.Method == HttpMethod.Post ? Interlocked.Increment(ref _posts) : Interlocked.Increment(ref _gets);
            _arrived.Writer.TryWrite(request.Method);
            await _answered.Task.WaitAsync(cancellationToken);
            return request.Method == HttpMethod.Post ? await base.SendAsync(request, cancellationToken) : new HttpResponseMessage(HttpStatusCode.NotFound);
        }
    }
}
