namespace Seedance.Client.Tests.Http;

/// <summary>Promise 1: a query is asked again after any passing fault, a submission only when it surely took no effect.</summary>
public sealed class RetryTests
{
    private static readonly string[] s_passing =
    [
        "408", "429", "500", "502", "503", "504", "code 429 in 200", "code 503 in 200", "429 of a proxy", "503 of a proxy", "503 without a word", "503 with a task", "refused connection", "no such host", "reset", "cut off", "web page", "empty", "timeout", "timeout before it left",
    ];

    public static TheoryData<string> Passing() => [.. s_passing];

    public static TheoryData<string> Harmless() => ["429", "503", "refused connection", "no such host", "timeout before it left"];

    public static TheoryData<string> Doubtful() => [.. s_passing.Except(Harmless().Select(row => row.Data)), "code 500 in 200", "no task id", "garbage", "403 of a guard", "499", "444", "460"];

    [Theory]
    [MemberData(nameof(Passing))]
    public void A_query_is_asked_again_after_a_passing_fault(string fault)
    {
        var bench = Faulty(fault, times: 2, then: Answers.Task());
        var task = bench.Time.Run(() => bench.Client.GetTaskAsync("task_1", cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(SeedanceTaskStatus.Processing, task.Status);
        Assert.Equal(3, _attempts);
    }

    [Theory]
    [InlineData("400")]
    [InlineData("401")]
    [InlineData("402")]
    [InlineData("403")]
    [InlineData("404")]
    [InlineData("413")]
    [InlineData("422")]
    [InlineData("redirect")]
    public void What_will_fail_again_is_asked_once(string fault)
    {
        // Of the two addresses for virtual persons' material, a 404 asks for the other one.
        var person = new AvatarGroup { GroupId = "group_1", IsRealPerson = true };
        foreach (var isPost in (bool[])[true, false])
        {
            var bench = Faulty(fault, times: 1, then: Answers.Task());
            var failure = bench.Fail(client => isPost
                ? client.SubmitAssetsAsync(ClientFixture.Batch(person), TestContext.Current.CancellationToken)
                : client.GetTaskAsync("task_1", cancellationToken: TestContext.Current.CancellationToken));
            Assert.Equal((Delivery.Refused, 1), (failure.Delivery, _attempts));
        }
    }

    [Theory]
    [MemberData(nameof(Harmless))]
    public void A_submission_that_surely_took_no_effect_is_sent_again(string fault)
    {
        var bench = Faulty(fault, times: 3, then: Answers.Task());
        var task = bench.Time.Run(() => bench.Client.SubmitAssetsAsync(ClientFixture.Batch(), TestContext.Current.CancellationToken));

        Assert.Equal("task_1", task.TaskId);
        Assert.Equal(4, _attempts);
        Assert.Single(bench.Network.Posts.Select(post => post.Body).Distinct());
    }

    [Theory]
    [MemberData(nameof(Doubtful))]
    public void A_submission_that_may_have_taken_effect_is_never_sent_again(string fault)
    {
        var bench = Faulty(fault, times: 1, then: Answers.Task());
        var failure = bench.Fail(client => client.SubmitAssetsAsync(ClientFixture.Batch(), TestContext.Current.CancellationToken));

        Assert.Equal(1, _attempts);
        Assert.Equal((Delivery.Unknown, "Seedance.OutcomeUnknown"), (failure.Delivery, failure.ErrorId));
        Assert.Contains("-RetryUnknown", failure.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains("Whether it took effect is not known", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>The body is asked for anew at every attempt: one that has been buffered on its way would not tell that it left.</summary>
    [Fact]
    public void A_later_attempt_that_is_lost_is_as_unknown_as_a_first_one()
    {
        var bench = new ClientFixture();
        bench.Network.Script = call => call.Number == 1 ? Answers.Error(503) : throw Reset();
        var failure = bench.Fail(client => client.SubmitAssetsAsync(ClientFixture.Batch(), TestContext.Current.CancellationToken));

        Assert.Equal((Delivery.Unknown, 2), (failure.Delivery, bench.Network.Calls.Count));
    }

    [Theory]
    [InlineData(0, 0.75)]
    [InlineData(1, 1)]
    public void Waits_double_up_to_twenty_seconds_and_jitter_spreads_them(double jitter, double factor)
    {
        var bench = new ClientFixture(with: options => options with { Jitter = () => jitter, RetryBudget = TimeSpan.FromMinutes(5) });
        bench.Network.Latency = TimeSpan.FromTicks(1);
        bench.Network.Script = _ => Answers.Error(503);
        bench.Fail(client => client.GetTaskAsync("task_1", cancellationToken: TestContext.Current.CancellationToken));

        double[] expected = [0.5, 1, 2, 4, 8, 16, 20, 20, 20];
        Assert.Equal(expected.Select(wait => wait * factor), Waits(bench).Take(9).Select(wait => Math.Round(wait.TotalSeconds, 3)));
    }

    [Fact]
    public void Retry_After_in_seconds_is_kept()
    {
        var bench = new ClientFixture();
        bench.Network.Script = call => call.Number == 1 ? Answers.Error(503, TimeSpan.FromSeconds(7)) : Answers.Task();
        bench.Time.Run(() => bench.Client.SubmitAssetsAsync(ClientFixture.Batch(), TestContext.Current.CancellationToken));

        Assert.InRange(Assert.Single(Waits(bench)).TotalSeconds, 7, 7.5);
    }

    [Fact]
    public void Retry_After_as_a_date_is_kept()
    {
        var bench = new ClientFixture();
        bench.Network.Script = call =>
        {
            var answer = call.Number == 1 ? Answers.Error(429) : Answers.Task();
            answer.Headers.RetryAfter = new(bench.Time.World.GetUtcNow().AddSeconds(9));
            return answer;
        };
        bench.Time.Run(() => bench.Client.SubmitAssetsAsync(ClientFixture.Batch(), TestContext.Current.CancellationToken));

        // A date has whole seconds: up to one is lost.
        Assert.InRange(Assert.Single(Waits(bench)).TotalSeconds, 8, 9.5);
    }

    /// <summary>The server's clock is an hour ahead of ours, or behind it: its own Date says so.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Retry_After_as_a_date_is_one_of_the_servers_clock(int hours)
    {
        var bench = new ClientFixture();
        bench.Network.Script = call =>
        {
            var answer = call.Number == 1 ? Answers.Error(429) : Answers.Task();
            answer.Headers.Date = bench.Time.World.GetUtcNow().AddHours(hours);
            answer.Headers.RetryAfter = new(bench.Time.World.GetUtcNow().AddHours(hours).AddSeconds(9));
            return answer;
        };
        bench.Time.Run(() => bench.Client.SubmitAssetsAsync(ClientFixture.Batch(), TestContext.Current.CancellationToken));

        Assert.InRange(Assert.Single(Waits(bench)).TotalSeconds, 8, 9.5);
    }

    [Fact]
    public void A_proxy_that_refuses_its_password_is_told_at_once_and_ends_the_run()
    {
        var bench = new ClientFixture();
        bench.Network.Connect = (_, _) => throw new HttpRequestException(
            HttpRequestError.ProxyTunnelError, "The proxy tunnel request to proxy 'http://svc-user:S3cretPw@127.0.0.1:8080/' failed with status code '407'.", null, System.Net.HttpStatusCode.ProxyAuthenticationRequired);
        var failure = bench.Fail(client => client.SubmitAssetsAsync(ClientFixture.Batch(), TestContext.Current.CancellationToken));

        Assert.Equal((Delivery.NotSent, 407, true, TimeSpan.Zero), (failure.Delivery, failure.StatusCode, failure.StopsTheRun, bench.Time.Elapsed));
        Assert.DoesNotContain("S3cretPw", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("svc-user", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_date_that_has_passed_means_now()
    {
        var bench = new ClientFixture();
        bench.Network.Script = call =>
        {
            var answer = call.Number == 1 ? Answers.Error(503) : Answers.Task();
            answer.Headers.RetryAfter = new(bench.Time.World.GetUtcNow().AddDays(-1));
            return answer;
        };
        bench.Time.Run(() => bench.Client.SubmitAssetsAsync(ClientFixture.Batch(), TestContext.Current.CancellationToken));

        Assert.InRange(Assert.Single(Waits(bench)).TotalSeconds, 0, 0.5);
    }

    [Theory]
    [InlineData("503", SeedanceErrorKind.ServerError)]
    [InlineData("429", SeedanceErrorKind.RateLimited)]
    [InlineData("refused connection", SeedanceErrorKind.ConnectionFailed)]
    public void The_budget_ends_it_and_the_last_failure_is_told(string fault, SeedanceErrorKind kind)
    {
        var bench = Faulty(fault, times: int.MaxValue, then: Answers.Task());
        var failure = bench.Fail(client => client.SubmitAssetsAsync(ClientFixture.Batch(), TestContext.Current.CancellationToken));

        Assert.Equal((kind, Delivery.NotSent), (failure.Kind, failure.Delivery));
        Assert.InRange(bench.Time.Elapsed, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(121));
        Assert.InRange(_attempts, 8, 15);
    }

    [Fact]
    public void A_wait_beyond_the_budget_is_not_begun()
    {
        var bench = new ClientFixture();
        bench.Network.Script = _ => Answers.Error(429, TimeSpan.FromHours(1));
        var failure = bench.Fail(client => client.SubmitAssetsAsync(ClientFixture.Batch(), TestContext.Current.CancellationToken));

        Assert.Equal((TimeSpan.FromHours(1), 1), (failure.RetryAfter, bench.Network.Calls.Count));
        Assert.Contains("asks to wait 3600 s", failure.Message, StringComparison.Ordinal);
        Assert.True(bench.Time.Elapsed < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Each_attempt_has_the_whole_timeout_to_itself()
    {
        var bench = new ClientFixture(with: options => options with { Timeout = TimeSpan.FromSeconds(10) });
        bench.Network.Latency = TimeSpan.FromSeconds(9);
        bench.Network.Script = call => call.Number < 3 ? Answers.Error(503) : Answers.Task();
        bench.Time.Run(() => bench.Client.GetTaskAsync("task_1", cancellationToken: TestContext.Current.CancellationToken));

        Assert.True(bench.Time.Elapsed > TimeSpan.FromSeconds(27));
    }

    private int _attempts;

    private static HttpRequestException Reset() => new(HttpRequestError.ResponseEnded, "Connection reset by peer");

    private static List<TimeSpan> Waits(ClientFixture bench) =>
        [.. bench.Network.Calls.Zip(bench.Network.Calls.Skip(1), (one, next) => next.At - one.At - bench.Network.Latency)];

    private ClientFixture Faulty(string fault, int times, HttpResponseMessage then)
    {
        _attempts = 0;
        var bench = new ClientFixture(with: options => options with { Timeout = TimeSpan.FromSeconds(5) });
        bench.Network.Hangs = call => fault == "timeout" && call.Number <= times;
        bench.Network.Connect = (_, cancellationToken) => ++_attempts > times ? Task.CompletedTask : fault switch
        {
            "refused connection" => throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"),
            "no such host" => throw new HttpRequestException(HttpRequestError.NameResolutionError, "Name or service not known"),
            "timeout before it left" => Task.Delay(Timeout.InfiniteTimeSpan, bench.Time.Clock, cancellationToken),
            _ => Task.CompletedTask,
        };
        bench.Network.Script = call => call.Number > times ? then : fault switch
        {
            "code 429 in 200" => Answers.Json(200, """{"code":429,"message":"rate limited"}"""),
            "code 500 in 200" => Answers.Json(200, """{"code":500,"message":"oops"}"""),
            "code 503 in 200" => Answers.Json(200, """{"code":503,"message":"upstream timeout"}"""),
            "429 of a proxy" => Answers.Json(429, "<html><body>slow down</body></html>"),
            "503 of a proxy" => Answers.Json(503, "upstream connect error or disconnect/reset before headers. reset reason: connection termination"),
            "503 without a word" => Answers.Json(503, ""),
            "503 with a task" => Answers.Json(503, """{"error":{"code":503,"message":"later"},"data":[{"task_id":"task_7"}]}"""),
            "403 of a guard" => Answers.Json(403, "<html><title>Just a moment...</title></html>"),
            "no task id" => Answers.Json(200, """{"code":200,"data":{"status":"processing"}}"""),
            "garbage" => Answers.Json(200, "\u0001\u0002{{"),
            "reset" => throw Reset(),
            "cut off" => Answers.Json(200, """{"code":200,"data":{"id":"task_1","sta"""),
            "web page" => Answers.Json(200, "<html><body>sign in</body></html>"),
            "empty" => Answers.Json(200, ""),
            "redirect" => Answers.Json(307, ""),
            _ when int.TryParse(fault, out var status) => Answers.Error(status),
            _ => then,
        };
        return bench;
    }
}
