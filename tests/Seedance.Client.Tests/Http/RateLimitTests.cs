namespace Seedance.Client.Tests.Http;

/// <summary>Requests per second, requests at once, and the one pause of the whole connection after a 429.</summary>
public sealed class RateLimitTests
{
    [Fact]
    public void Requests_keep_to_the_rate_from_the_first_one_on()
    {
        var bench = new ClientFixture(with: options => options with { RequestsPerSecond = 10 });
        Ask(bench, 50);
        bench.Time.Until(() => bench.Network.Calls.Count == 50);

        Assert.InRange(bench.Network.Calls[^1].At.TotalSeconds, 4.8, 5.0);
        Assert.True(BusiestSecond(bench) <= 11, $"{BusiestSecond(bench)} in one second");
    }

    [Fact]
    public void An_idle_hour_saves_nothing_up()
    {
        var bench = new ClientFixture(with: options => options with { RequestsPerSecond = 10 });
        Ask(bench, 1);
        bench.Time.Advance(TimeSpan.FromHours(1));
        Ask(bench, 30);
        bench.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(31, bench.Network.Calls.Count);
        Assert.True(BusiestSecond(bench) <= 11, $"{BusiestSecond(bench)} in one second");
    }

    [Fact]
    public void A_high_rate_is_reached()
    {
        var bench = new ClientFixture(with: options => options with { RequestsPerSecond = 1_000 });
        Ask(bench, 2_000);
        bench.Time.Until(() => bench.Network.Calls.Count == 2_000);

        Assert.InRange(bench.Network.Calls[^1].At.TotalSeconds, 1.97, 2.01);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void No_more_are_under_way_at_once_than_allowed(int concurrency)
    {
        var bench = new ClientFixture(with: options => options with { Concurrency = concurrency });
        bench.Network.Latency = TimeSpan.FromSeconds(1);
        bench.Network.Script = _ => Answers.Task();
        var asking = bench.Time.Begin(() => Task.WhenAll(Enumerable.Range(0, 12).Select(_ => bench.Client.SubmitAssetsAsync(ClientFixture.Batch(), TestContext.Current.CancellationToken))));
        bench.Time.Finish(asking);

        Assert.Equal(concurrency, bench.Network.MostAtOnce);
        Assert.InRange(bench.Time.Elapsed.TotalSeconds, 12 / concurrency, (12 / concurrency) + 0.1);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(8, 6)]
    [InlineData(64, 48)]
    public void Looks_leave_a_quarter_of_the_places_free(int concurrency, int ofLooks)
    {
        var bench = new ClientFixture(with: options => options with { Concurrency = concurrency });
        bench.Time.Finish(Ask(bench, 100));

        Assert.Equal(ofLooks, bench.Network.MostAtOnce);
    }

    /// <summary>Many looks that are never answered: submissions go on at their pace all the same.</summary>
    [Fact]
    public void Looks_that_hang_do_not_hold_submissions_up()
    {
        var bench = new ClientFixture(with: options => options with { Concurrency = 8, RequestsPerSecond = 1_000 });
        bench.Network.Hangs = call => !call.IsPost;
        Ask(bench, 200);
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        var before = bench.Time.Elapsed;
        bench.Time.Finish(bench.Time.Begin(() => Task.WhenAll(Enumerable.Range(0, 100).Select(_ => bench.Client.SubmitAssetsAsync(ClientFixture.Batch(), TestContext.Current.CancellationToken)))));

        Assert.Equal(100, bench.Network.Posts.Count());
        Assert.InRange(bench.Time.Elapsed - before, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_clock_that_is_set_holds_nobody_up_and_lets_nobody_through()
    {
        foreach (var hours in (int[])[-1, 1])
        {
            var bench = new ClientFixture(with: options => options with { RequestsPerSecond = 10 });
            bench.Network.Script = call => call.Number == 1 ? Answers.Error(429, TimeSpan.FromSeconds(20)) : Answers.Task();
            var asking = Ask(bench, 10);
            bench.Time.Until(() => bench.Network.Calls.Count == 1);
            bench.Time.Advance(TimeSpan.FromSeconds(5));
            bench.Time.World.SetWallClock(bench.Time.World.GetUtcNow().AddHours(hours));
            bench.Time.Finish(asking);

            Assert.InRange(bench.Time.Elapsed, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(25));
            Assert.All(bench.Network.Calls.Skip(1), call => Assert.True(call.At > TimeSpan.FromSeconds(20)));
        }
    }

    [Theory]
    [InlineData(5, 5.0)]
    [InlineData(null, 1.0)]
    public void A_429_holds_every_other_request_of_the_connection_too(int? retryAfter, double pause)
    {
        var bench = new ClientFixture(with: options => options with { RequestsPerSecond = 10 });
        bench.Network.Script = call => call.Number > 1 ? Answers.Task()
            : retryAfter is { } seconds ? Answers.Error(429, TimeSpan.FromSeconds(seconds)) : Answers.Error(429);
        Ask(bench, 1);
        bench.Time.Until(() => bench.Network.Calls.Count == 1);
        bench.Time.Advance(bench.Network.Latency);
        var answered = bench.Time.Elapsed;
        Ask(bench, 20);
        bench.Time.Until(() => bench.Network.Calls.Count == 22);

        Assert.All(bench.Network.Calls.Skip(1), call => Assert.True((call.At - answered).TotalSeconds >= pause, $"left {call.At - answered} after the 429"));
        Assert.True(BusiestSecond(bench) <= 11, "After the pause they come one by one again.");
    }

    [Fact]
    public void Requests_that_were_waiting_for_their_turn_are_held_as_well()
    {
        var bench = new ClientFixture(with: options => options with { RequestsPerSecond = 10 });
        bench.Network.Script = call => call.Number == 3 ? Answers.Error(429, TimeSpan.FromSeconds(30)) : Answers.Task();
        Ask(bench, 20);
        bench.Time.Until(() => bench.Network.Calls.Count == 21);

        var third = bench.Network.Calls[2].At;
        Assert.All(bench.Network.Calls.Skip(3), call => Assert.True(call.At >= third + TimeSpan.FromSeconds(30), $"left at {call.At}"));
    }

    [Theory]
    [InlineData(100, 60)]
    [InlineData(86_400, 1)]
    [InlineData(int.MaxValue, 1)]
    public void A_delay_beyond_reason_is_that_requests_own(int seconds, int pause)
    {
        var bench = new ClientFixture();
        bench.Network.Script = call => call.Number == 1 ? Answers.Error(429, TimeSpan.FromSeconds(seconds)) : Answers.Task();
        Ask(bench, 1);
        bench.Time.Advance(TimeSpan.FromMilliseconds(500));
        bench.Time.Run(() => bench.Client.GetTaskAsync("task_1", cancellationToken: TestContext.Current.CancellationToken));

        Assert.InRange(bench.Time.Elapsed.TotalSeconds, pause, pause + 0.1);
    }

    [Fact]
    public void The_longest_date_there_is_breaks_nothing()
    {
        var bench = new ClientFixture();
        bench.Network.Script = call =>
        {
            var answer = call.Number <= 100 ? Answers.Error(429) : Answers.Task();
            answer.Headers.RetryAfter = new(DateTimeOffset.MaxValue);
            return answer;
        };
        var failed = bench.Time.Begin(() => Task.WhenAll(Enumerable.Range(0, 100).Select(_ => bench.Client.GetTaskAsync("task_1", cancellationToken: TestContext.Current.CancellationToken))));
        bench.Time.Finish(failed);
        Assert.All(failed.Exception!.InnerExceptions, e => Assert.IsType<SeedanceException>(e));
        Assert.Equal("task_1", bench.Time.Run(() => bench.Client.GetTaskAsync("task_1", cancellationToken: TestContext.Current.CancellationToken)).TaskId);
    }

    [Fact]
    public void A_503_pauses_nobody_else()
    {
        var bench = new ClientFixture();
        bench.Network.Script = call => call.Number == 1 ? Answers.Error(503, TimeSpan.FromSeconds(60)) : Answers.Task();
        Ask(bench, 1);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        Ask(bench, 1);
        bench.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(2, bench.Network.Calls.Count);
    }

    [Fact]
    public void Who_gives_up_waiting_is_not_sent_and_takes_nobodys_place()
    {
        var bench = new ClientFixture(with: options => options with { Concurrency = 1 });
        bench.Network.Latency = TimeSpan.FromSeconds(10);
        using var stop = new CancellationTokenSource();
        Ask(bench, 1);
        var impatient = bench.Time.Begin(() => bench.Client.SubmitAssetsAsync(ClientFixture.Batch(), stop.Token));
        var patient = bench.Time.Begin(() => bench.Client.GetTaskAsync("patient", cancellationToken: TestContext.Current.CancellationToken));
        bench.Network.Script = _ => Answers.Task();
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        stop.Cancel();
        bench.Time.Settle();

        Assert.IsAssignableFrom<OperationCanceledException>(impatient.Exception?.InnerException);
        bench.Time.Finish(patient);
        Assert.Equal(2, bench.Network.Calls.Count);
        Assert.Equal(TimeSpan.FromSeconds(20), bench.Time.Elapsed);
    }

    private static Task<SeedanceTask[]> Ask(ClientFixture bench, int count)
    {
        bench.Network.Script ??= _ => Answers.Task();
        return bench.Time.Begin(() => Task.WhenAll(Enumerable.Range(0, count).Select(_ => bench.Client.GetTaskAsync("task_1", cancellationToken: TestContext.Current.CancellationToken))));
    }

    private static int BusiestSecond(ClientFixture bench) =>
        bench.Network.Calls.Max(first => bench.Network.Calls.Count(call => call.At >= first.At && call.At < first.At + TimeSpan.FromSeconds(1)));
}
