using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Seedance.Sandbox;
using Seedance.Sandbox.Faults;

namespace Seedance.Client.Tests;

/// <summary>Faults behind an HttpClient, with no network between.</summary>
public sealed class FaultPlayerTests : IDisposable
{
    private readonly SandboxCaller _caller = new();
    private readonly HttpClient _http;

    public FaultPlayerTests() => _http = new HttpClient(new SandboxMessageHandler(_caller.Api, _caller.Time))
    {
        BaseAddress = new Uri("https://api.example/"),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", "key") },
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    public static TheoryData<FaultKind, int?, bool> InAnIntermediarysWords()
    {
        var cases = new TheoryData<FaultKind, int?, bool>();
        foreach (var kind in new[] { FaultKind.Html, FaultKind.Text, FaultKind.Unwrapped, FaultKind.Empty })
        {
            foreach (var status in new[] { 400, 403, 404, 429, 444, 451, 460, 499, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527 })
            {
                cases.Add(kind, status, false);
                cases.Add(kind, status, true);
            }
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(InAnIntermediarysWords))]
    public async Task Any_status_comes_in_an_intermediarys_words_before_or_after_the_service_has_acted(FaultKind kind, int? status, bool processed)
    {
        _caller.Api.Faults.Order(new FaultOrder { Kind = kind, Status = status, Processed = processed });
        using var response = await SubmitAsync();
        var body = await response.Content.ReadAsStringAsync(Cancel);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.DoesNotContain("\"error\"", body, StringComparison.Ordinal);
        Assert.Equal(kind == FaultKind.Empty, body.Length == 0);
        Assert.Equal(kind == FaultKind.Html ? "text/html" : kind == FaultKind.Text ? "text/plain" : "application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(processed ? 1 : 0, _caller.Api.Tally.PostsAccepted);
    }

    [Theory]
    [InlineData(429, false)]
    [InlineData(503, true)]
    [InlineData(418, true)]
    public async Task Any_status_comes_in_the_services_own_envelope_too(int status, bool processed)
    {
        _caller.Api.Faults.Order(new FaultOrder { Kind = FaultKind.Status, Status = status, Processed = processed });
        using var response = await SubmitAsync();

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status, (await ReadAsync(response)).GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(processed ? 1 : 0, _caller.Api.Tally.PostsAccepted);
    }

    [Theory]
    [InlineData("insufficient_quota", 429, "insufficient_quota")]
    [InlineData("insufficient_user_quota", 403, "insufficient_user_quota")]
    [InlineData("idempotency_in_progress", 409, "invalid_request_error")]
    public async Task Code_type_and_message_can_be_chosen(string code, int status, string type)
    {
        _caller.Api.Faults.Order(new FaultOrder { Kind = FaultKind.Status, Status = status, Code = code, Type = type, Message = "chosen" });
        using var response = await SubmitAsync();
        var error = (await ReadAsync(response)).GetProperty("error");

        Assert.Equal(
            (code, type, "chosen"),
            (error.GetProperty("code").GetString(), error.GetProperty("type").GetString(), error.GetProperty("message").GetString()));
    }

    [Theory]
    [InlineData(FaultKind.Status, 503, HttpStatusCode.ServiceUnavailable)]
    [InlineData(FaultKind.Unwrapped, 503, HttpStatusCode.ServiceUnavailable)]
    [InlineData(FaultKind.CodeIn200, 503, HttpStatusCode.OK)]
    [InlineData(FaultKind.CodeIn200, 429, HttpStatusCode.OK)]
    public async Task An_error_can_carry_the_id_of_what_was_accepted(FaultKind kind, int status, HttpStatusCode expected)
    {
        _caller.Api.Faults.Order(new FaultOrder { Kind = kind, Status = status, Processed = true, IncludesData = true });
        using var response = await SubmitAsync();
        var root = await ReadAsync(response);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(Assert.Single(_caller.Api.Submissions).TaskId, root.GetProperty("data").GetProperty("id").GetString());
        Assert.Equal(status, (kind == FaultKind.Status ? root.GetProperty("error") : root).GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData(null, false, 429)]
    [InlineData(503, false, 503)]
    [InlineData(503, true, 503)]
    public async Task A_code_inside_a_success_comes_before_or_after_the_service_has_acted(int? status, bool processed, int code)
    {
        _caller.Api.Faults.Order(new FaultOrder { Kind = FaultKind.CodeIn200, Status = status, Processed = processed });
        using var response = await SubmitAsync();
        var root = await ReadAsync(response);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(code, root.GetProperty("code").GetInt32());
        Assert.False(root.TryGetProperty("data", out _));
        Assert.Equal(processed ? 1 : 0, _caller.Api.Tally.PostsAccepted);
    }

    [Theory]
    [InlineData(FaultKind.Status)]
    [InlineData(FaultKind.Text)]
    public void Data_needs_an_effect_and_a_place(FaultKind kind) => Assert.Throws<ArgumentException>(() =>
        _caller.Api.Faults.Order(new FaultOrder { Kind = kind, IncludesData = true, Processed = kind == FaultKind.Text }));

    [Theory]
    [InlineData(FaultKind.ResetBefore, 0)]
    [InlineData(FaultKind.ResetAfter, 1)]
    public async Task A_connection_is_cut_before_or_after_the_service_has_acted(FaultKind kind, int accepted)
    {
        _caller.Api.Faults.Order(new FaultOrder { Kind = kind });

        var exception = await Assert.ThrowsAsync<HttpRequestException>(SubmitAsync);
        Assert.Equal(HttpRequestError.ResponseEnded, exception.HttpRequestError);
        Assert.Equal(accepted, _caller.Api.Tally.PostsAccepted);
    }

    [Fact]
    public async Task Half_an_answer_ends_with_the_connection()
    {
        _caller.Api.Faults.Order(new FaultOrder { Kind = FaultKind.Truncated });
        using var response = await _http.SendAsync(Submission(), HttpCompletionOption.ResponseHeadersRead, Cancel);
        await using var content = await response.Content.ReadAsStreamAsync(Cancel);
        using var body = new MemoryStream();

        await Assert.ThrowsAsync<HttpIOException>(() => content.CopyToAsync(body, Cancel));
        Assert.Equal(response.Content.Headers.ContentLength / 2, body.Length);
    }

    [Fact]
    public async Task Half_an_answer_can_be_followed_by_silence()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        _caller.Api.Faults.Order(new FaultOrder { Kind = FaultKind.Stalled });
        var sending = _http.SendAsync(Submission(), patience.Token);

        Assert.False(sending.IsCompleted);
        Assert.Equal(1, _caller.Api.Tally.PostsAccepted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Fact]
    public async Task Queries_alone_can_hang()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        _caller.Api.Faults.Order(new FaultOrder { Kind = FaultKind.Hang, Method = "GET", Path = "/v1/tasks/" });
        using var response = await SubmitAsync();
        var querying = _http.GetAsync("v1/tasks/task_1", patience.Token);
        using var balance = await _http.GetAsync("v1/balance", Cancel);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (response.StatusCode, balance.StatusCode));
        Assert.False(querying.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => querying);
    }

    [Fact]
    public async Task A_slow_service_acts_even_when_the_caller_has_left()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        _caller.Api.Faults.Order(new FaultOrder { Kind = FaultKind.Slow, Delay = TimeSpan.FromSeconds(9) });
        var sending = _http.SendAsync(Submission(), patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal(0, _caller.Api.Tally.PostsAccepted);

        _caller.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(1, _caller.Api.Tally.PostsAccepted);
    }

    [Fact]
    public async Task A_service_can_act_at_once_and_answer_late()
    {
        _caller.Api.Faults.Order(new FaultOrder { Kind = FaultKind.Slow, Processed = true, Delay = TimeSpan.FromSeconds(9) });
        var sending = SubmitAsync();

        Assert.Equal((false, 1), (sending.IsCompleted, _caller.Api.Tally.PostsAccepted));
        _caller.Time.Advance(TimeSpan.FromSeconds(9));
        using var response = await sending;
        Assert.Equal((HttpStatusCode.OK, 1), (response.StatusCode, _caller.Api.Tally.PostsAccepted));
    }

    [Fact]
    public async Task A_body_can_be_chosen_to_the_letter()
    {
        const string Body = """{"error":{"code":"bad","message":"key \u0073\/1 is not valid"}}""";
        _caller.Api.Faults.Order(new FaultOrder
        {
            Kind = FaultKind.Text, Status = 400, Message = Body, Headers = new Dictionary<string, string> { ["Content-Type"] = "application/json" },
        });
        using var response = await SubmitAsync();

        Assert.Equal(Body, await response.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task Orders_can_be_for_what_a_request_contains()
    {
        _caller.Api.Faults.Order(new FaultOrder { Kind = FaultKind.Text, Contains = "b.png" });
        using var a = await SubmitAsync("a");
        using var b = await SubmitAsync("b");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (a.StatusCode, b.StatusCode));
    }

    [Fact]
    public async Task Headers_can_be_added()
    {
        _caller.Api.Faults.Order(new FaultOrder { Kind = FaultKind.Text, Headers = new Dictionary<string, string> { ["server"] = "envoy" } });
        using var response = await SubmitAsync();

        Assert.Equal("envoy", response.Headers.Server.ToString());
    }

    [Theory]
    [InlineData("3")]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT")]
    public async Task Retry_After_is_sent_as_it_is_ordered(string value)
    {
        _caller.Api.Faults.Order(new FaultOrder { Kind = FaultKind.Status, Status = 429, RetryAfter = value });
        using var response = await SubmitAsync();

        Assert.Equal(value, response.Headers.NonValidated["Retry-After"].ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3600)]
    [InlineData(-86400)]
    public async Task The_service_has_a_clock_of_its_own(int offset)
    {
        var caller = new SandboxCaller(new SandboxOptions
        {
            ClockOffset = TimeSpan.FromSeconds(offset),
            Faults = [new FaultOrder { Kind = FaultKind.Status, Status = 429, Count = 1, RetryAfterDate = TimeSpan.FromSeconds(2) }],
        });
        using var http = new HttpClient(new SandboxMessageHandler(caller.Api, caller.Time)) { DefaultRequestHeaders = { Authorization = new("Bearer", "key") } };
        var now = DateTimeOffset.FromUnixTimeSeconds(caller.Time.GetUtcNow().ToUnixTimeSeconds() + offset);

        using var refused = await http.SendAsync(Submission(), Cancel);
        Assert.Equal(now, refused.Headers.Date);
        Assert.Equal(now.AddSeconds(2), refused.Headers.RetryAfter?.Date);

        using var accepted = await http.SendAsync(Submission(), Cancel);
        var id = (await ReadAsync(accepted)).GetProperty("data").GetProperty("id").GetString()!;
        caller.Time.Advance(TimeSpan.FromSeconds(3));
        var task = caller.Task(id);
        Assert.Equal(now, accepted.Headers.Date);
        Assert.Equal(now.ToUnixTimeSeconds(), task.GetProperty("created").GetInt64());
        Assert.InRange(task.GetProperty("completed").GetInt64(), now.ToUnixTimeSeconds() + 1, now.ToUnixTimeSeconds() + 3);
    }

    private Task<HttpResponseMessage> SubmitAsync() => SubmitAsync("a");

    private Task<HttpResponseMessage> SubmitAsync(string name) => _http.SendAsync(Submission(name), Cancel);

    private static HttpRequestMessage Submission(string name = "a") => new(HttpMethod.Post, "https://api.example" + SandboxCaller.PrivateAvatar)
    {
        Content = new StringContent(SandboxCaller.Batch("g", name), Encoding.UTF8, "application/json"),
    };

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel)).RootElement;
}
