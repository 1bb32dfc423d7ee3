namespace Seedance.Client.Tests.Http;

/// <summary>A request has its turn before it is recorded: whoever dies while he waits for one leaves nothing of unknown outcome.</summary>
public sealed class TurnTests
{
    private static readonly AvatarGroup s_known = new() { GroupId = "group_1" };

    [Fact]
    public void What_waits_for_its_turn_is_not_recorded_yet()
    {
        var bench = Bench(perSecond: 1);
        List<SubmitEvent> events = [];
        var running = Submit(bench, events, rows: 200);
        while (!running.IsCompleted)
        {
            bench.Time.Advance(TimeSpan.FromMilliseconds(100));
            Assert.True(Open(bench) <= bench.Network.UnderWay, $"{Open(bench)} stand open after {bench.Time.Elapsed}, and {bench.Network.UnderWay} have left");
        }

        Assert.Equal(10, events.OfType<TaskAccepted>().Count());
    }

    [Fact]
    public void What_waits_for_its_place_is_not_recorded_yet()
    {
        var bench = Bench(concurrency: 2);
        bench.Network.Latency = TimeSpan.FromSeconds(10);
        var running = Submit(bench, [], rows: 200);
        bench.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(2, Open(bench));
        bench.Time.Finish(running);
        Assert.Equal(2, bench.Network.MostAtOnce);
    }

    [Fact]
    public void A_run_that_is_called_off_while_it_waits_has_recorded_nothing_of_what_waits()
    {
        var bench = Bench(perSecond: 1);
        using var stop = new CancellationTokenSource();
        var running = bench.Time.Begin(() => bench.SubmitAsync([], ClientFixture.Rows(200, s_known), new SubmitOptions { ThrottleLimit = 4 }, stop.Token));
        bench.Time.Advance(TimeSpan.FromMilliseconds(1_500));
        stop.Cancel();
        bench.Time.Finish(running);

        Assert.Equal(2, bench.Network.Posts.Count());
        Assert.Equal(2, Count(bench, "Intent"));
    }

    [Fact]
    public void A_pause_that_begins_between_turn_and_departure_holds()
    {
        var bench = Bench(perSecond: 100);
        var disk = new TaskCompletionSource();
        bench.Network.Script = call => call.IsPost ? null : Answers.Error(429, TimeSpan.FromSeconds(30));
        ((FakeJournalFile)bench.JournalFile!).Wait = () => Count(bench, "Run") == 0 ? Task.CompletedTask : disk.Task;
        var running = Submit(bench, [], rows: 20);
        bench.Time.Advance(TimeSpan.FromSeconds(0.1));
        _ = bench.Time.Begin(() => bench.Client.GetTaskAsync("task_1", cancellationToken: TestContext.Current.CancellationToken));
        bench.Time.Advance(TimeSpan.FromSeconds(0.1));
        disk.SetResult();
        bench.Time.Finish(running);

        Assert.InRange(Assert.Single(bench.Network.Posts).At, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(31));
    }

    [Fact]
    public void Turns_that_were_waited_out_by_a_slow_journal_are_not_used_all_at_once()
    {
        var bench = Bench(perSecond: 1);
        var disk = new TaskCompletionSource();
        ((FakeJournalFile)bench.JournalFile!).Wait = () => Count(bench, "Run") == 0 ? Task.CompletedTask : disk.Task;
        var running = Submit(bench, [], rows: 80);
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        disk.SetResult();
        bench.Time.Finish(running);

        var left = bench.Network.Posts.Select(call => call.At).ToList();
        Assert.Equal(4, left.Count);
        Assert.All(left.Zip(left.Skip(1)), pair => Assert.True(pair.Second - pair.First > TimeSpan.FromSeconds(0.9), $"{string.Join(' ', left)}"));
    }

    [Fact]
    public void A_request_that_is_sent_again_waits_for_a_turn_of_its_own()
    {
        var bench = Bench(perSecond: 1);
        bench.Network.Script = call => call.Number == 1 ? Answers.Error(503, TimeSpan.Zero) : null;
        bench.Time.Finish(Submit(bench, [], rows: 20));

        Assert.Equal(2, bench.Network.Posts.Count());
        Assert.InRange(bench.Network.Calls[1].At, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(2));
    }

    /// <summary>Rows that another runner has taken meanwhile use no request up: their turn costs nothing but itself, and their place is free again.</summary>
    [Fact]
    public void A_turn_that_is_not_used_holds_nobody_up()
    {
        var bench = Bench(concurrency: 1);
        List<SubmitEvent> events = [];
        var running = Task.WhenAll(Submit(bench, events, rows: 200), Submit(bench, events, rows: 200));
        bench.Time.Finish(running);

        Assert.Equal(10, bench.Network.Posts.Count());
    }

    /// <summary>A process may be suspended between two attempts, for longer than its run is taken for alive.</summary>
    [Fact]
    public void A_request_that_may_not_leave_any_more_is_not_repeated()
    {
        var bench = Bench();
        var isOver = false;
        bench.Network.Script = _ => Answers.Error(429, TimeSpan.FromSeconds(10));
        var sending = bench.Time.Begin(async () =>
        {
            using var turn = await bench.Client.TakeTurnAsync(TestContext.Current.CancellationToken);
            turn.Guard = () => _ = isOver ? throw new SeedanceException(SeedanceErrorKind.JournalUnavailable, Delivery.NotSent, "over") : true;
            var over = await Assert.ThrowsAsync<SeedanceException>(() => bench.Client.WithTurn(turn).SubmitAssetsAsync(
                new AssetBatch(s_known, null, AssetType.Image, [.. ClientFixture.Rows(1, s_known)]), TestContext.Current.CancellationToken));
            Assert.Equal("over", over.Message);
        });
        bench.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(2, bench.Network.Posts.Count());
        isOver = true;
        bench.Time.Finish(sending);
        Assert.Equal(2, bench.Network.Posts.Count());
    }

    private static ClientFixture Bench(int perSecond = 1_000, int concurrency = 256)
    {
        var bench = new ClientFixture(with: options => options with { RequestsPerSecond = perSecond, Concurrency = concurrency }) { JournalFile = new FakeJournalFile() };
        bench.Network.Sandbox.AddGroup("group_1", "known");
        return bench;
    }

    private static Task Submit(ClientFixture bench, List<SubmitEvent> events, int rows) =>
        bench.Time.Begin(() => bench.SubmitAsync(events, ClientFixture.Rows(rows, s_known), new SubmitOptions { ThrottleLimit = 4, Resume = true }, TestContext.Current.CancellationToken));

    private static int Open(ClientFixture bench) => Count(bench, "Intent") - Count(bench, "Outcome");

    private static int Count(ClientFixture bench, string type) =>
        ((FakeJournalFile)bench.JournalFile!).Lines.Count(line => line.Contains($"\"type\":\"{type}\"", StringComparison.OrdinalIgnoreCase));
}
