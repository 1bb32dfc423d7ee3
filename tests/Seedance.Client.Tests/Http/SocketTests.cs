using System.Net;
using System.Net.Sockets;
using System.Text;
using Seedance.Sandbox.Faults;
using Seedance.SandboxServer;

namespace Seedance.Client.Tests.Http;

/// <summary>The same promises over real sockets: what a connection's end, silence or half an answer means is the network's to say.</summary>
public sealed class SocketTests : IAsyncLifetime
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(25);
    private readonly ManualTimeProvider _time = new();
    private SandboxHost _server = null!;
    private SeedanceConnection _connection = null!;

    // How many silences of the server have been waited out: each costs one request its timeout, and no later one.
    private int _silences;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await SandboxHost.StartAsync(new SandboxHostOptions { Time = _time }, Cancel);
        _connection = new SeedanceConnection(new() { ApiKey = ClientFixture.Key, BaseUri = _server.Address, TimeProvider = _time, Timeout = s_timeout, RetryBudget = TimeSpan.FromMinutes(10), NoJournal = true, RequestsPerSecond = 10_000 });
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _server.DisposeAsync();
    }

    public static TheoryData<FaultOrder, int> Doubtful() => new()
    {
        // What goes wrong, and whether it took effect.
        { new() { Kind = FaultKind.ResetBefore }, 0 },
        { new() { Kind = FaultKind.ResetAfter }, 1 },
        { new() { Kind = FaultKind.Hang }, 0 },
        { new() { Kind = FaultKind.HangAfter }, 1 },
        { new() { Kind = FaultKind.Truncated }, 1 },
        { new() { Kind = FaultKind.TruncatedClean }, 1 },
        { new() { Kind = FaultKind.Stalled }, 1 },
        { new() { Kind = FaultKind.Html }, 0 },
        { new() { Kind = FaultKind.Html, Status = 200, Processed = true }, 1 },
        { new() { Kind = FaultKind.Garbage }, 1 },
        { new() { Kind = FaultKind.Empty }, 1 },
        { new() { Kind = FaultKind.Status, Status = 500 }, 0 },
        { new() { Kind = FaultKind.Status, Status = 502, Processed = true }, 1 },
        { new() { Kind = FaultKind.Status, Status = 504 }, 0 },
        { new() { Kind = FaultKind.Html, Status = 503 }, 0 },
        { new() { Kind = FaultKind.CodeIn200 }, 0 },
    };

    public static TheoryData<FaultOrder> Later() =>
    [
        new FaultOrder { Kind = FaultKind.Status, Status = 429 },
        new FaultOrder { Kind = FaultKind.Status, Status = 429, RetryAfter = "3" },
        new FaultOrder { Kind = FaultKind.Status, Status = 503, RetryAfter = "3" },
    ];

    [Theory]
    [MemberData(nameof(Doubtful))]
    public async Task A_submission_whose_answer_is_lost_is_of_unknown_outcome_and_arrives_once(FaultOrder order, int accepted)
    {
        _server.Faults.Order(order with { Count = 1 });
        var failure = await Assert.ThrowsAsync<SeedanceException>(() => PassTimeAsync(SubmitAsync()));

        Assert.Equal(Delivery.Unknown, failure.Delivery);
        Assert.Equal((1, accepted), (_server.Stats.PostsReceived, _server.Stats.PostsAccepted));
        Assert.DoesNotContain(ClientFixture.Key, failure.ToString(), StringComparison.Ordinal);
        Assert.NotNull((await PassTimeAsync(SubmitAsync())).TaskId);
    }

    [Theory]
    [MemberData(nameof(Later))]
    public async Task A_submission_that_was_told_to_come_later_does_and_is_accepted_once(FaultOrder order)
    {
        _server.Faults.Order(order with { Count = 2 });
        await PassTimeAsync(SubmitAsync());

        Assert.Equal((3, 1), (_server.Stats.PostsReceived, _server.Stats.PostsAccepted));
    }

    [Fact]
    public async Task A_query_gets_through_every_fault()
    {
        var task = await SubmitAsync();
        FaultOrder[] faults = [.. Enum.GetValues<FaultKind>().Where(kind => kind is not (FaultKind.Slow or FaultKind.Redirect)).Select(kind => new FaultOrder { Kind = kind, Count = 1 })];
        _server.Faults.Order(faults);
        var seen = await PassTimeAsync(_connection.GetClient().GetTaskAsync(task.TaskId, cancellationToken: Cancel));

        Assert.Equal(task.TaskId, seen.TaskId);
        Assert.Equal(faults.Length + 1, _server.Stats.GetsReceived);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_the_key_stays_here()
    {
        await using var elsewhere = await SandboxHost.StartAsync(new SandboxHostOptions { Time = _time }, Cancel);
        _server.Faults.Order(new FaultOrder { Kind = FaultKind.Redirect, Location = new Uri(elsewhere.Address, "v1/seedance2/private-avatar?token=s3cret").ToString() });
        var failure = await Assert.ThrowsAsync<SeedanceException>(SubmitAsync);

        Assert.Equal((Delivery.Refused, 307), (failure.Delivery, failure.StatusCode));
        Assert.DoesNotContain("s3cret", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(elsewhere.Requests);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task An_address_where_nobody_listens_took_nothing()
    {
        using var reserved = new TcpListener(IPAddress.Loopback, 0);
        reserved.Start();
        var free = ((IPEndPoint)reserved.LocalEndpoint).Port;
        reserved.Stop();
        await using var connection = new SeedanceConnection(new() { ApiKey = ClientFixture.Key, BaseUri = new Uri($"http://127.0.0.1:{free}"), TimeProvider = _time, NoJournal = true });
        var failure = await Assert.ThrowsAsync<SeedanceException>(() => PassTimeAsync(connection.GetClient().SubmitAssetsAsync(Described(), Cancel)));

        Assert.Equal((SeedanceErrorKind.ConnectionFailed, Delivery.NotSent), (failure.Kind, failure.Delivery));
        Assert.Contains("could not be sent", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_broken_compression_is_a_lost_answer(string encoding)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = AnswerOnceAsync(listener, $"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: 30\r\n\r\n{{\"code\":200,\"data\":{{\"id\":\"t\"}}}}..");
        await using var connection = new SeedanceConnection(new() { ApiKey = ClientFixture.Key, BaseUri = new Uri($"http://{listener.LocalEndpoint}"), TimeProvider = _time, NoJournal = true });
        var failure = await Assert.ThrowsAsync<SeedanceException>(() => connection.GetClient().SubmitAssetsAsync(Described(), Cancel));
        await serving;

        Assert.Equal(Delivery.Unknown, failure.Delivery);
    }

    [Fact]
    public async Task No_more_connections_are_open_than_requests_at_once()
    {
        await using var connection = new SeedanceConnection(new() { ApiKey = ClientFixture.Key, BaseUri = _server.Address, TimeProvider = _time, NoJournal = true, Concurrency = 3, RequestsPerSecond = 10_000 });
        var task = await SubmitAsync();
        await PassTimeAsync(Task.WhenAll(Enumerable.Range(0, 200).Select(_ => connection.GetClient().GetTaskAsync(task.TaskId, cancellationToken: Cancel))));

        Assert.InRange(_server.Stats.MaxConcurrentRequests, 1, 3);
        Assert.InRange(_server.Stats.OpenConnections, 1, 4);
    }

    [Fact]
    public async Task The_key_travels_in_its_header_alone()
    {
        await SubmitAsync();
        var request = Assert.Single(_server.Requests);

        Assert.Equal($"Bearer {ClientFixture.Key}", request.Headers["Authorization"]);
        Assert.StartsWith("application/json", request.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.DoesNotContain(ClientFixture.Key, request.Path + request.Query + request.Body + string.Concat(request.Headers.Where(header => header.Key != "Authorization")), StringComparison.Ordinal);
    }

    private static AssetBatch Described() => ClientFixture.Batch(new AvatarGroup { Name = "cast" });

    private Task<SeedanceTask> SubmitAsync() => _connection.GetClient().SubmitAssetsAsync(Described(), Cancel);

    /// <summary>
    /// Lets time pass while something is not done: to the end of a wait for a retry or a turn; past the timeout of a
    /// request only once the server has fallen silent on it. What the network does takes no time of this clock.
    /// </summary>
    private async Task<T> PassTimeAsync<T>(Task<T> task)
    {
        for (; !task.IsCompleted; await Task.WhenAny(task, Task.Delay(1, Cancel)))
        {
            var silent = _server.Faults.Orders.Where(order => order.Order.Kind is FaultKind.Hang or FaultKind.HangAfter or FaultKind.Stalled).Sum(order => order.Struck);
            if (silent > _silences)
            {
                _silences++;
                _time.Advance(s_timeout);
            }
            else if (_time.NextDue - _time.GetUtcNow() < s_timeout)
            {
                _time.AdvanceToNext();
            }
        }

        return await task;
    }

    private static async Task AnswerOnceAsync(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync(Cancel);
        var stream = client.GetStream();
        var buffer = new byte[4096];
        var seen = "";
        while (!seen.Contains("\"url\"", StringComparison.Ordinal))
        {
            seen += Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, Cancel));
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), Cancel);
    }
}
