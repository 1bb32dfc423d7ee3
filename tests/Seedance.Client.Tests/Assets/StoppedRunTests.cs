namespace Seedance.Client.Tests.Assets;

/// <summary>One bad row costs one error; what nothing could succeed after stops the run; a run that is called off leaves nothing behind.</summary>
public sealed class StoppedRunTests
{
    private static readonly AvatarGroup s_known = new() { GroupId = "group_1" };

    [Theory]
    [InlineData(401, SeedanceErrorKind.AuthenticationFailed)]
    [InlineData(402, SeedanceErrorKind.PaymentRequired)]
    [InlineData(403, SeedanceErrorKind.PermissionDenied)]
    public void What_nothing_can_succeed_after_stops_the_run_with_one_exception(int status, SeedanceErrorKind kind)
    {
        var bench = Known();
        bench.Network.Script = call => call.Number == 3 ? Answers.Error(status) : null;
        var (events, end) = bench.Submit(ClientFixture.Rows(200, s_known), new SubmitOptions { ThrottleLimit = 1 });

        Assert.Equal(kind, Assert.IsType<SeedanceException>(end).Kind);
        Assert.Equal(3, bench.Network.Posts.Count());
        Assert.Equal(2, events.OfType<TaskAccepted>().Count());
        Assert.Empty(events.OfType<RowFailed>());
    }

    [Fact]
    public void What_is_under_way_when_the_run_stops_is_still_given_out()
    {
        var bench = Known();
        bench.Network.Script = call => call.Number == 1 ? Answers.Error(401) : null;
        bench.Network.Latency = TimeSpan.FromSeconds(1);
        var (events, end) = bench.Submit(ClientFixture.Rows(200, s_known), new SubmitOptions { ThrottleLimit = 4 });

        Assert.IsType<SeedanceException>(end);
        Assert.Equal(4, bench.Network.Posts.Count());
        Assert.Equal(3, events.OfType<TaskAccepted>().Count());
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(413)]
    [InlineData(422)]
    public void A_refused_request_is_one_error_a_row_and_the_rest_goes_on(int status)
    {
        var bench = Known();
        bench.Network.Script = call => call.Number == 2 ? Answers.Error(status, "unreachable url") : null;
        var (events, end) = bench.Submit(ClientFixture.Rows(50, s_known), new SubmitOptions { ThrottleLimit = 1 });

        Assert.Null(end);
        Assert.Equal(2, events.OfType<TaskAccepted>().Count());
        var failed = events.OfType<RowFailed>().ToList();
        Assert.Equal(Enumerable.Range(21, 20), failed.Select(row => row.Row.Row));
        Assert.All(failed, row => Assert.Equal((Delivery.Refused, "unreachable url"), (row.Error.Delivery, row.Error.ApiMessage)));
    }

    [Fact]
    public void An_unanswered_request_is_an_unknown_outcome_for_each_of_its_rows_and_is_not_sent_again()
    {
        var bench = Known();
        bench.Network.Script = call => call.Number == 1 ? Answers.Error(500) : null;
        var (events, end) = bench.Submit(ClientFixture.Rows(40, s_known), new SubmitOptions { ThrottleLimit = 1 });

        Assert.Null(end);
        Assert.Equal(2, bench.Network.Posts.Count());
        Assert.Equal(20, events.OfType<RowFailed>().Count(row => row.Error.Delivery == Delivery.Unknown));
    }

    [Fact]
    public void A_cancelled_run_sends_nothing_more_and_gives_out_what_was_answered_meanwhile()
    {
        var bench = Known();
        bench.Network.Latency = TimeSpan.FromSeconds(4);
        using var stop = new CancellationTokenSource();
        List<SubmitEvent> events = [];
        var running = bench.Time.Begin(() => bench.SubmitAsync(events, ClientFixture.Rows(500, s_known), new SubmitOptions { ThrottleLimit = 2 }, stop.Token));
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        stop.Cancel();
        bench.Time.Finish(running);

        Assert.True(running.IsCanceled);
        Assert.Equal(2, bench.Network.Posts.Count());
        Assert.Equal(2, events.OfType<TaskAccepted>().Count());
        Assert.Equal(TimeSpan.FromSeconds(4), bench.Time.Elapsed);
    }

    [Fact]
    public void A_cancelled_run_gives_what_is_under_way_five_seconds_and_calls_it_unknown_after()
    {
        var bench = Known();
        bench.Network.Hangs = _ => true;
        using var stop = new CancellationTokenSource();
        List<SubmitEvent> events = [];
        var running = bench.Time.Begin(() => bench.SubmitAsync(events, ClientFixture.Rows(500, s_known), new SubmitOptions { ThrottleLimit = 2 }, stop.Token));
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        stop.Cancel();
        bench.Time.Finish(running);

        Assert.Equal(TimeSpan.FromSeconds(6), bench.Time.Elapsed);
        Assert.Equal(40, events.OfType<RowFailed>().Count(row => row.Error.Delivery == Delivery.Unknown));
    }

    [Fact]
    public void A_caller_that_has_seen_enough_leaves_nothing_running()
    {
        var bench = Known();
        var running = bench.Time.Begin(async () =>
        {
            await foreach (var next in bench.Connection.CreateSubmitter().SubmitAsync(ClientFixture.Rows(2_000, s_known), null, TestContext.Current.CancellationToken))
            {
                break;
            }
        });
        bench.Time.Finish(running);
        Assert.Null(running.Exception);
        var (sent, answered) = (bench.Network.Posts.Count(), bench.Network.Sandbox.Tally.PostsAccepted);
        bench.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(sent, bench.Network.Posts.Count());
        Assert.InRange(sent, 1, 12);
        Assert.Equal(sent, answered);
        Assert.Equal(sent, bench.Connection.GetJournal().ReadTasks().Count());
    }

    [Fact]
    public void An_input_that_breaks_ends_the_run_with_its_own_error_once_nothing_is_under_way()
    {
        var bench = Known();
        bench.Network.Latency = TimeSpan.FromSeconds(3);
        var (events, end) = bench.Submit(Broken());

        Assert.Equal("line 41 is no row", Assert.IsType<FormatException>(end).Message);
        Assert.Equal(2, events.OfType<TaskAccepted>().Count());

        static IEnumerable<AssetSource> Broken() => ClientFixture.Rows(40, s_known).Concat(Enumerable.Range(0, 1).Select<int, AssetSource>(_ => throw new FormatException("line 41 is no row")));
    }

    [Fact]
    public void A_fault_of_the_programs_own_is_not_swallowed()
    {
        var bench = Known();
        bench.Network.Script = _ => throw new NotImplementedException("a bug");
        var (_, end) = bench.Submit(ClientFixture.Rows(40, s_known));

        Assert.IsType<NotImplementedException>(end);
    }

    private static ClientFixture Known()
    {
        var bench = new ClientFixture();
        bench.Network.Sandbox.AddGroup("group_1", "known");
        return bench;
    }
}
