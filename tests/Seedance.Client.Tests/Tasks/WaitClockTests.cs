namespace Seedance.Client.Tests.Tasks;

/// <summary>Waits go by a clock that only goes forward, and by our own time of submission: neither the server's clock nor one that is set disturbs them.</summary>
public sealed class WaitClockTests
{
    private static readonly TimeSpan s_review = TimeSpan.FromSeconds(90);

    [Theory]
    [InlineData(-86_400)]
    [InlineData(-600)]
    [InlineData(600)]
    [InlineData(86_400)]
    public void A_server_whose_clock_is_another_is_polled_no_more_and_no_less(double offset)
    {
        var (looks, noticed) = Wait(offset);
        Assert.Equal(Wait(0), (looks, noticed));
        Assert.InRange(noticed, s_review, s_review * 1.25);
    }

    [Theory]
    [InlineData(-86_400)]
    [InlineData(-60)]
    [InlineData(60)]
    [InlineData(86_400)]
    public void A_clock_that_is_set_under_a_wait_changes_nothing(double offset) =>
        Assert.Equal(Wait(0), Wait(0, bench => bench.Time.World.SetWallClock(bench.Time.World.Moment + TimeSpan.FromSeconds(offset))));

    [Theory]
    [InlineData(-86_400)]
    [InlineData(86_400)]
    public void A_clock_that_is_set_does_not_change_the_timeout(double offset)
    {
        var bench = new ClientFixture();
        var task = Submit(bench, 0, () => false);
        var watch = Watch.Begin(bench, CancellationToken.None, new() { Timeout = TimeSpan.FromSeconds(300) });
        watch.Add(task);
        watch.Complete();
        bench.Time.Advance(TimeSpan.FromSeconds(20));
        bench.Time.World.SetWallClock(bench.Time.World.Moment + TimeSpan.FromSeconds(offset));
        bench.Time.Finish(watch.Running);

        Assert.Single(watch.NotEnded);
        Assert.InRange(bench.Time.Elapsed.TotalSeconds, 300, 301);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_a_suspension_a_task_is_polled_once_more_before_it_is_given_up(bool whilePolling)
    {
        var bench = new ClientFixture();
        var ends = TimeSpan.FromMinutes(10);
        var task = Submit(bench, 0, () => bench.Time.Elapsed >= ends);
        bench.Network.Hangs = call => whilePolling && call.Number > 3 && bench.Time.Elapsed < ends;
        var watch = Watch.Begin(bench, CancellationToken.None, new() { Timeout = TimeSpan.FromMinutes(5) });
        watch.Add(task);
        watch.Complete();
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(whilePolling, bench.Network.UnderWay > 0);
        bench.Time.World.Suspend(TimeSpan.FromHours(1));
        bench.Time.Finish(watch.Running);

        Assert.Single(watch.Ended);
        Assert.Empty(watch.NotEnded);
    }

    [Fact]
    public void After_a_suspension_what_has_not_ended_is_given_up()
    {
        var bench = new ClientFixture();
        var task = Submit(bench, 0, () => false);
        var watch = Watch.Begin(bench, CancellationToken.None, new() { Timeout = TimeSpan.FromMinutes(5) });
        watch.Add(task);
        watch.Complete();
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        bench.Time.World.Suspend(TimeSpan.FromHours(1));
        bench.Time.Finish(watch.Running);

        Assert.Single(watch.NotEnded);
        Assert.InRange(bench.Time.Elapsed.TotalMinutes, 61, 62);
    }

    /// <summary>How many polls a wait took, and when it noticed the end.</summary>
    private static (int Polls, TimeSpan Noticed) Wait(double offset, Action<ClientFixture>? meanwhile = null)
    {
        var bench = new ClientFixture();
        var task = Submit(bench, offset, () => bench.Time.Elapsed >= s_review);
        var watch = Watch.Begin(bench, CancellationToken.None);
        watch.Add(task);
        watch.Complete();
        bench.Time.Advance(TimeSpan.FromSeconds(30));
        meanwhile?.Invoke(bench);
        bench.Time.Finish(watch.Running);
        Assert.Single(watch.Ended);
        return (bench.Network.Calls.Count, bench.Time.Elapsed);
    }

    private static SeedanceTask Submit(ClientFixture bench, double offset, Func<bool> hasEnded)
    {
        var created = (bench.Time.World.Moment + TimeSpan.FromSeconds(offset)).ToUnixTimeSeconds();
        bench.Network.Script = call => Answers.Task(!call.IsPost && hasEnded() ? "failed" : "processing",
            $",\"created\":{created}" + (call.IsPost ? "" : ""","result":{"assets":[{"asset_id":"x","status":"Failed"}]}"""));
        return bench.Submit(ClientFixture.Rows(1, new AvatarGroup { Name = "cast" })).Events.OfType<TaskAccepted>().Single().Task;
    }
}
