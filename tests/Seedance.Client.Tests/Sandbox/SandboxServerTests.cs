using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Seedance.Sandbox;
using Seedance.Sandbox.Faults;
using Seedance.SandboxServer;

namespace Seedance.Client.Tests;

public sealed class SandboxServerTests : IAsyncLifetime
{
    // What waits for the other side of a socket would wait for ever if that side were broken.
    private const int Hopeless = 60_000;

    private readonly ManualTimeProvider _time = new();
    private SandboxHost _host = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await SandboxHost.StartAsync(new SandboxHostOptions { Time = _time, KeepRequests = 5 }, Cancel);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = _host.Address,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", "key") },
        };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task It_listens_on_the_loopback_address_and_answers()
    {
        using var answer = await SubmitAsync();

        Assert.True(IPAddress.IsLoopback(IPAddress.Parse(_host.Address.Host)));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var request = Assert.Single(_host.Requests);
        Assert.Equal(("POST", SandboxCaller.PrivateAvatar, "Bearer key"), (request.Method, request.Path, request.Headers["authorization"]));
        Assert.Equal(SandboxCaller.Batch("g", "a"), request.Body);
    }

    [Theory]
    [InlineData(FaultKind.ResetBefore, 0)]
    [InlineData(FaultKind.ResetAfter, 1)]
    [InlineData(FaultKind.Truncated, 1)]
    public async Task A_broken_connection_takes_effect_or_not_as_ordered(FaultKind kind, int accepted)
    {
        _host.Faults.Order(new FaultOrder { Kind = kind, Count = 1 });

        await Assert.ThrowsAsync<HttpRequestException>(SubmitAsync);
        Assert.Equal(accepted, _host.Stats.PostsAccepted);
        Assert.Equal(1, _host.Stats.PostsReceived);
        Assert.Equal(kind, _host.Requests[^1].Fault);
        using var next = await SubmitAsync();
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task A_truncated_answer_still_promises_its_whole_length()
    {
        _host.Faults.Order(new FaultOrder { Kind = FaultKind.Truncated });
        using var answer = await _http.SendAsync(Submission(), HttpCompletionOption.ResponseHeadersRead, Cancel);
        await using var content = await answer.Content.ReadAsStreamAsync(Cancel);
        using var body = new MemoryStream();

        await Assert.ThrowsAsync<HttpIOException>(() => content.CopyToAsync(body, Cancel));
        Assert.Equal(answer.Content.Headers.ContentLength / 2, body.Length);
    }

    [Theory(Timeout = Hopeless)]
    [InlineData(FaultKind.Hang, 0)]
    [InlineData(FaultKind.HangAfter, 1)]
    public async Task A_silent_server_takes_effect_or_not_as_ordered(FaultKind kind, int accepted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        _host.Faults.Order(new FaultOrder { Kind = kind, Count = 1 });
        var sending = _http.SendAsync(Submission(), patience.Token);
        await UntilAsync(() => _host.Faults.Orders[0].Struck == 1 && _host.Stats.PostsAccepted == accepted);

        Assert.False(sending.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Fact(Timeout = Hopeless)]
    public async Task A_slow_server_acts_even_when_the_caller_has_left()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        _host.Faults.Order(new FaultOrder { Kind = FaultKind.Slow, Delay = TimeSpan.FromSeconds(9) });
        var sending = _http.SendAsync(Submission(), patience.Token);
        await UntilAsync(() => _time.NextDue is not null);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await UntilAsync(() => _host.Stats.Unanswered == 1);
        Assert.Equal(0, _host.Stats.PostsAccepted);

        _time.Advance(TimeSpan.FromSeconds(9));
        await UntilAsync(() => _host.Stats.PostsAccepted == 1);
    }

    [Theory]
    [InlineData("""{"kind":"status","status":503,"retryAfter":"7"}""", HttpStatusCode.ServiceUnavailable, 0)]
    [InlineData("""{"kind":"status","status":429}""", HttpStatusCode.TooManyRequests, 0)]
    [InlineData("""{"kind":"status"}""", HttpStatusCode.InternalServerError, 0)]
    [InlineData("""{"kind":"status","status":504,"processed":true}""", HttpStatusCode.GatewayTimeout, 1)]
    [InlineData("""{"kind":"status","status":503,"processed":true}""", HttpStatusCode.ServiceUnavailable, 1)]
    [InlineData("""{"kind":"text","processed":true}""", HttpStatusCode.ServiceUnavailable, 1)]
    [InlineData("""{"kind":"text","status":429}""", HttpStatusCode.TooManyRequests, 0)]
    [InlineData("""{"kind":"unwrapped","status":403}""", HttpStatusCode.Forbidden, 0)]
    [InlineData("""{"kind":"empty","status":524,"processed":true}""", (HttpStatusCode)524, 1)]
    [InlineData("""{"kind":"html"}""", HttpStatusCode.BadGateway, 0)]
    [InlineData("""{"kind":"html","status":200,"processed":true}""", HttpStatusCode.OK, 1)]
    [InlineData("""{"kind":"garbage"}""", HttpStatusCode.OK, 1)]
    [InlineData("""{"kind":"empty"}""", HttpStatusCode.OK, 1)]
    [InlineData("""{"kind":"truncated-clean"}""", HttpStatusCode.OK, 1)]
    [InlineData("""{"kind":"code-in-200"}""", HttpStatusCode.OK, 0)]
    [InlineData("""{"kind":"redirect","location":"https://elsewhere.invalid/x"}""", HttpStatusCode.TemporaryRedirect, 0)]
    public async Task An_answer_is_spoiled_as_ordered_over_http(string order, HttpStatusCode status, int accepted)
    {
        using var ordered = await _http.PostAsync("_sandbox/faults", new StringContent(order), Cancel);
        ordered.EnsureSuccessStatusCode();
        using var answer = await SubmitAsync();

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(accepted, _host.Stats.PostsAccepted);
        Assert.Equal(order.Contains("retryAfter", StringComparison.Ordinal) ? "7" : null, answer.Headers.RetryAfter?.ToString());
        Assert.Equal(order.Contains("location", StringComparison.Ordinal) ? "https://elsewhere.invalid/x" : null, answer.Headers.Location?.OriginalString);
        if (status is HttpStatusCode.OK && !order.Contains("code-in-200", StringComparison.Ordinal))
        {
            Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(Read(answer)));
        }
    }

    [Theory]
    [InlineData("""[{"kind":"no-such-kind"}]""")]
    [InlineData("""[{"kind":"empty","colour":"red"}]""")]
    [InlineData("""[{"kind":"hang","processed":true}]""")]
    [InlineData("""{"kind":"slow","delay":"5 parsecs"}""")]
    [InlineData("nonsense")]
    public async Task A_wrong_order_is_refused_and_changes_nothing(string order)
    {
        _host.Faults.Order(new FaultOrder { Kind = FaultKind.Empty });
        using var refused = await _http.PostAsync("_sandbox/faults", new StringContent(order), Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(FaultKind.Empty, Assert.Single(_host.Faults.Orders).Order.Kind);
    }

    [Fact]
    public async Task Requests_tell_what_the_service_made_of_them_whatever_the_caller_saw()
    {
        _host.Faults.Order(
            new FaultOrder { Kind = FaultKind.ResetAfter, Count = 1 },
            new FaultOrder { Kind = FaultKind.ResetBefore, Count = 1 },
            new FaultOrder { Kind = FaultKind.Text, Processed = true, Count = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(SubmitAsync);
        await Assert.ThrowsAsync<HttpRequestException>(SubmitAsync);
        using var unknown = await SubmitAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, unknown.StatusCode);
        Assert.Equal([200, null, 200], _host.Requests.Select(request => request.Status));
        Assert.Equal([.. _host.Api.Submissions.Select(submission => submission.TaskId)], _host.Requests.Select(request => request.TaskId).OfType<string>());
        var row = Assert.Single(await _http.GetFromJsonAsync<JsonElement[]>("_sandbox/rows", Cancel) ?? []);
        Assert.Equal(2, row.GetProperty("times").GetInt32());
        Assert.Equal("https://example.com/a.png", row.GetProperty("content").GetString());
        Assert.Equal(2, row.GetProperty("taskIds").GetArrayLength());
    }

    [Fact]
    public async Task Task_faults_can_be_ordered_over_http_until_a_reset()
    {
        using var ordered = await _http.PostAsync("_sandbox/task-faults", new StringContent("""{"hiddenFor":"2s","hiddenStatus":400,"nameChanges":["lower-case"],"groupId":"late"}"""), Cancel);
        ordered.EnsureSuccessStatusCode();
        using var submitted = await SubmitAsync();
        var data = JsonDocument.Parse(Read(submitted)).RootElement.GetProperty("data");
        using var unknown = await _http.GetAsync("v1/tasks/" + data.GetProperty("id").GetString(), Cancel);

        Assert.False(data.TryGetProperty("group_id", out _));
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        var orders = await _http.GetFromJsonAsync<JsonElement>("_sandbox/task-faults", Cancel);
        Assert.Equal(1, orders[0].GetProperty("struck").GetInt32());
        Assert.Equal("late", orders[0].GetProperty("order").GetProperty("groupId").GetString());

        using var reset = await _http.PostAsync("_sandbox/reset", null, Cancel);
        Assert.Empty(_host.TaskFaults.Orders);
    }

    [Fact]
    public async Task Options_can_be_changed_over_http_until_a_reset()
    {
        using var changed = await _http.PostAsync("_sandbox/options", new StringContent("""{"clockOffset":"-1h","reviewTime":"5s..7s","returnGroupId":false}"""), Cancel);
        changed.EnsureSuccessStatusCode();
        using var submitted = await SubmitAsync();

        Assert.Equal(_host.Api.Now, _time.GetUtcNow().AddHours(-1));
        Assert.Equal(_host.Api.Now.ToUnixTimeSeconds(), submitted.Headers.Date?.ToUnixTimeSeconds());
        Assert.Equal(TimeRange.Seconds(5, 7), _host.Api.Options.ReviewTime);
        Assert.False(JsonDocument.Parse(Read(submitted)).RootElement.GetProperty("data").TryGetProperty("group_id", out _));

        using var wrong = await _http.PostAsync("_sandbox/options", new StringContent("""{"noSuchOption":1}"""), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using var reset = await _http.PostAsync("_sandbox/reset", null, Cancel);
        Assert.Equal((TimeSpan.Zero, true), (_host.Api.Options.ClockOffset, _host.Api.Options.ReturnGroupId));
    }

    [Fact]
    public async Task A_library_can_be_filled_by_hand_over_http()
    {
        using var group = await _http.PostAsync("_sandbox/groups", new StringContent("""{"groupId":"group_1","name":"g"}"""), Cancel);
        using var asset = await _http.PostAsync("_sandbox/assets", new StringContent("""{"assetId":"asset_1","name":"a","groupId":"group_1"}"""), Cancel);
        using var wrong = await _http.PostAsync("_sandbox/assets", new StringContent("""{"assetId":"asset_2","name":"a","groupId":"none"}"""), Cancel);
        using var incomplete = await _http.PostAsync("_sandbox/assets", new StringContent("""{"assetId":"asset_2"}"""), Cancel);
        var list = await _http.GetFromJsonAsync<JsonElement>("v1/seedance2/private-avatar/assets?group_id=group_1", Cancel);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (wrong.StatusCode, incomplete.StatusCode));
        Assert.Equal("asset_1", list.GetProperty("Result").GetProperty("Items")[0].GetProperty("Id").GetString());
    }

    [Fact]
    public async Task Idempotency_is_known_over_http_where_that_is_ordered()
    {
        using var changed = await _http.PostAsync("_sandbox/options", new StringContent("""{"idempotency":{"support":"videos"}}"""), Cancel);
        changed.EnsureSuccessStatusCode();
        using var first = await _http.SendAsync(Video("""{"model":"m","prompt":"x"}""", "k"), Cancel);
        using var second = await _http.SendAsync(Video("""{"model":"m","prompt":"x"}""", "k"), Cancel);

        Assert.Equal(Read(first), Read(second));
        Assert.Equal("true", Assert.Single(second.Headers.GetValues("idempotency-replayed")));
        Assert.Equal(1, _host.Stats.PostsAccepted);
    }

    [Theory(Timeout = Hopeless)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_webhook_is_called_at_the_end_and_again_after_an_error(int calls)
    {
        await using var listener = await SandboxHost.StartAsync(new SandboxHostOptions { Time = _time }, TestContext.Current.CancellationToken);
        listener.Faults.Order(new FaultOrder { Kind = FaultKind.Html, Path = "/callback", Count = 1 });
        _host.TaskFaults.Order(new TaskFault { WebhookCalls = calls });
        using var submitted = await _http.SendAsync(Video($$"""{"model":"m","prompt":"reject","webhook":"{{listener.Address}}"}"""), Cancel);
        await UntilAsync(() => _time.NextDue is not null);
        Assert.Empty(listener.Requests);
        _time.Advance(TimeSpan.FromSeconds(6));
        await UntilAsync(() => _host.WebhookAttempts == 1 && _time.NextDue is not null);
        Assert.Single(listener.Requests);
        _time.Advance(TimeSpan.FromSeconds(10));
        await UntilAsync(() => _host.WebhookAttempts == 1 + calls);

        var told = JsonDocument.Parse(listener.Requests[^1].Body).RootElement;
        Assert.Equal(("POST", "/callback"), (listener.Requests[^1].Method, listener.Requests[^1].Path));
        Assert.Equal(_host.Api.Submissions[0].TaskId, told.GetProperty("id").GetString());
        Assert.Equal("failed", told.GetProperty("status").GetString());
        Assert.All(
            JsonDocument.Parse(SandboxCaller.Sample("webhook.task.json")).RootElement.EnumerateObject(),
            member => Assert.True(told.TryGetProperty(member.Name, out _), member.Name));
        Assert.Equal(1 + calls, listener.Requests.Count);
    }

    [Fact(Timeout = Hopeless)]
    public async Task Connections_can_stay_silent()
    {
        _host.SilenceConnections(1);
        using var silent = new TcpClient();
        await silent.ConnectAsync(IPAddress.Loopback, _host.Address.Port, TestContext.Current.CancellationToken);
        await UntilAsync(() => _host.Stats.OpenConnections == 1);
        await silent.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /v1/balance HTTP/1.1\r\nHost: x\r\n\r\n"), Cancel);
        var reading = silent.GetStream().ReadAsync(new byte[1], Cancel).AsTask();
        using var response = await _http.GetAsync("v1/balance", Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(reading.IsCompleted);
        Assert.Single(_host.Requests);
    }

    [Fact]
    public async Task Statistics_tell_duplicates_and_can_be_reset()
    {
        for (var count = 0; count < 3; count++)
        {
            (await SubmitAsync()).Dispose();
        }

        var stats = await _http.GetFromJsonAsync<JsonElement>("_sandbox/stats", Cancel);
        var submissions = await _http.GetFromJsonAsync<JsonElement>("_sandbox/submissions", Cancel);

        Assert.Equal(3, stats.GetProperty("postsAccepted").GetInt32());
        Assert.Equal(3, stats.GetProperty("rowsAccepted").GetInt32());
        Assert.Equal(1, stats.GetProperty("distinctRows").GetInt32());
        Assert.Equal(2, stats.GetProperty("duplicates").GetInt32());
        Assert.Equal(1, stats.GetProperty("maxConcurrentRequests").GetInt32());
        Assert.Equal("https://example.com/a.png", submissions[0].GetProperty("assets")[0].GetProperty("url").GetString());

        using var reset = await _http.PostAsync("_sandbox/reset", null, Cancel);
        Assert.Equal(0, _host.Stats.RowsAccepted + _host.Stats.PostsReceived + _host.Requests.Count);
    }

    [Fact]
    public async Task Only_the_most_recent_requests_are_kept()
    {
        for (var count = 0; count < 7; count++)
        {
            (await _http.GetAsync("v1/balance", Cancel)).Dispose();
        }

        Assert.Equal([3L, 4, 5, 6, 7], _host.Requests.Select(request => request.Number));
        Assert.Equal(7, _host.Stats.GetsReceived);
    }

    [Fact]
    public async Task The_phone_can_be_played_over_http()
    {
        using var opened = await PostAsync(SandboxCaller.RealAvatar, """{"callback_url":"https://cb.example/"}""");
        var id = JsonDocument.Parse(Read(opened)).RootElement.GetProperty("data").GetProperty("id").GetString();
        var task = await _http.GetFromJsonAsync<JsonElement>("v1/tasks/" + id, Cancel);
        var result = task.GetProperty("data").GetProperty("result");
        var token = result.GetProperty("byted_token").GetString();
        Assert.StartsWith(_host.Address.ToString(), result.GetProperty("h5_link").GetString());

        using var played = await _http.PostAsync($"_sandbox/liveness?token={token}&code=10001", null, Cancel);
        Assert.Contains("resultCode=10001", JsonDocument.Parse(Read(played)).RootElement.GetProperty("callbackUrl").GetString());
        using var unknown = await _http.PostAsync("_sandbox/liveness?token=none", null, Cancel);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task A_download_breaks_off_at_half()
    {
        using var submitted = await PostAsync(SandboxCaller.Videos, """{"model":"m","prompt":"x"}""");
        var id = JsonDocument.Parse(Read(submitted)).RootElement.GetProperty("data")[0].GetProperty("task_id").GetString();
        _time.Advance(TimeSpan.FromSeconds(6));
        _host.Faults.Order(new FaultOrder { Kind = FaultKind.Truncated, Path = "/files/", Count = 1 });
        using var answer = await _http.GetAsync($"files/{id}.mp4", HttpCompletionOption.ResponseHeadersRead, Cancel);
        await using var content = await answer.Content.ReadAsStreamAsync(Cancel);
        using var body = new MemoryStream();

        await Assert.ThrowsAsync<HttpIOException>(() => content.CopyToAsync(body, Cancel));
        Assert.Equal(new SandboxOptions().VideoBytes / 2, body.Length);
    }

    private Task<HttpResponseMessage> SubmitAsync() => _http.SendAsync(Submission(), Cancel);

    private Task<HttpResponseMessage> PostAsync(string path, string json) =>
        _http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), Cancel);

    private static HttpRequestMessage Video(string json, string? idempotencyKey = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, SandboxCaller.Videos) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }
        return request;
    }

    private static async Task UntilAsync(Func<bool> isTrue)
    {
        while (!isTrue())
        {
            Cancel.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static HttpRequestMessage Submission() => new(HttpMethod.Post, SandboxCaller.PrivateAvatar)
    {
        Content = new StringContent(SandboxCaller.Batch("g", "a"), Encoding.UTF8, "application/json"),
    };

    private static byte[] Read(HttpResponseMessage answer)
    {
        using var body = new MemoryStream();
        answer.Content.CopyTo(body, null, Cancel);
        return body.ToArray();
    }
}
