using Seedance.Sandbox;

namespace Seedance.Client.Tests.Tasks;

public sealed class TaskWaiterTests
{
    [Fact]
    public void The_wait_begins_with_the_first_task_while_more_may_come()
    {
        var bench = new ClientFixture(Reviews(2, 2));
        var watch = Watch.Begin(bench, CancellationToken.None);
        watch.Add(Submit(bench));
        bench.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Single(watch.Ended);
        Assert.False(watch.Running.IsCompleted);

        watch.Add(Submit(bench, "b"));
        bench.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(2, watch.Ended.Count);
        watch.Complete();
        bench.Time.Settle();
        Assert.True(watch.Running.IsCompletedSuccessfully);
    }

    [Fact]
    public void Every_task_is_told_once_as_it_ends_whatever_its_end()
    {
        var bench = new ClientFixture(Reviews(1, 60));
        SeedanceTask[] tasks = [.. Enumerable.Range(0, 30).Select(i => Submit(bench, i % 3 == 0 ? $"reject-{i}" : $"a-{i}"))];
        var watch = Watch.All(bench, tasks);

        Assert.Equal(tasks.Select(task => task.TaskId).Order(), watch.Ended.Select(ended => ended.Task.TaskId).Order());
        Assert.Equal(10, watch.Ended.Count(ended => ended.Task.Status == SeedanceTaskStatus.Failed && ended.Task.FailedAssets.Count == 1));
        Assert.Empty(watch.NotEnded);

        // In the order of their ends, as nearly as the looks tell.
        var late = watch.Ended.Select(ended => (ended.At - ended.Task.CompletedAt!.Value).TotalSeconds).ToList();
        Assert.All(late, seconds => Assert.InRange(seconds, -1, 15));
    }

    [Fact]
    public void A_task_that_is_final_already_is_told_without_a_look()
    {
        var bench = new ClientFixture();
        var watch = Watch.All(bench, [new SeedanceTask { TaskId = "t", Status = SeedanceTaskStatus.Completed }]);

        Assert.Single(watch.Ended);
        Assert.Empty(bench.Network.Calls);
    }

    [Fact]
    public void At_the_timeout_each_unfinished_task_is_one_error_that_carries_it()
    {
        var bench = new ClientFixture(Reviews(600, 600));
        SeedanceTask[] tasks = [Submit(bench, "a"), Submit(bench, "b")];
        var before = bench.Time.Elapsed;
        var watch = Watch.All(bench, tasks, new() { Timeout = TimeSpan.FromSeconds(90) });

        Assert.Equal(tasks.Select(task => task.TaskId), watch.NotEnded.Select(end => end.Task.TaskId));
        Assert.All(watch.NotEnded, end =>
        {
            Assert.Equal((SeedanceErrorKind.TimedOut, "Seedance.TimedOut"), (end.Error.Kind, end.Error.ErrorId));
            Assert.Contains(end.Task.TaskId, end.Error.Message, StringComparison.Ordinal);
            Assert.Contains($"-TaskId {end.Task.TaskId}", end.Error.RecommendedAction, StringComparison.Ordinal);
            Assert.InRange(end.Task.Progress, 10, 20);
            Assert.Single(end.Task.Sources);
        });
        Assert.Equal(TimeSpan.FromSeconds(90), bench.Time.Elapsed - before);
    }

    [Theory]
    [InlineData(30, 28.5)]
    [InlineData(300, 298.5)]
    [InlineData(2, 1.7)]
    public void What_ends_shortly_before_the_timeout_is_not_given_up(double timeout, double review)
    {
        var bench = new ClientFixture(Reviews(review, review));
        var watch = Watch.All(bench, [Submit(bench)], new() { Timeout = TimeSpan.FromSeconds(timeout) });

        Assert.Single(watch.Ended);
    }

    [Fact]
    public void Without_any_time_a_task_is_still_looked_at_once()
    {
        var bench = new ClientFixture(Reviews(1, 1));
        var task = Submit(bench);
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        var watch = Watch.All(bench, [task], new() { Timeout = TimeSpan.Zero });

        Assert.Single(watch.Ended);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(1e6)]
    public void A_timeout_longer_than_any_timer_is_as_good_as_none(double days)
    {
        var bench = new ClientFixture(Reviews(20, 20));
        var watch = Watch.All(bench, [Submit(bench)], new() { Timeout = days > 1e5 ? TimeSpan.MaxValue : TimeSpan.FromDays(days) });

        Assert.Single(watch.Ended);
        Assert.True(bench.Time.Elapsed < TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(7)]
    public void A_fixed_interval_is_kept(double seconds)
    {
        var bench = new ClientFixture(Reviews(100, 100));
        Watch.All(bench, [Submit(bench)], new() { PollInterval = TimeSpan.FromSeconds(seconds) });

        var gaps = Looks(bench).Zip(Looks(bench).Skip(1), (one, next) => (next - one - bench.Network.Latency).TotalSeconds).ToList();
        Assert.Equal((int)Math.Ceiling(100 / (seconds + 0.01)) - 1, gaps.Count, 1.0);
        Assert.All(gaps, gap => Assert.Equal(seconds, gap, 3));
    }

    [Fact]
    public void Passing_failures_do_not_end_a_wait_and_are_told_once()
    {
        var bench = new ClientFixture(Reviews(30, 30));
        SeedanceTask[] tasks = [Submit(bench, "a"), Submit(bench, "b")];
        bench.Network.Script = call => bench.Time.Elapsed < TimeSpan.FromMinutes(10) && !call.IsPost
            ? (call.Number % 3) switch { 0 => Answers.Error(500), 1 => Answers.Json(200, "<html>"), _ => throw new HttpRequestException("reset") }
            : null;
        var watch = Watch.All(bench, tasks);

        Assert.Equal(2, watch.Ended.Count);
        Assert.Single(watch.Events.OfType<WaitNotice>());
        Assert.InRange(bench.Time.Elapsed.TotalMinutes, 10, 12);
    }

    [Fact]
    public void What_the_api_refuses_ends_its_own_wait_alone()
    {
        var bench = new ClientFixture(Reviews(3, 3));
        bench.Network.Script = call => call.Address.AbsolutePath.EndsWith("odd", StringComparison.Ordinal) ? Answers.Error(400) : null;
        var watch = Watch.All(bench, [new SeedanceTask { TaskId = "odd" }, Submit(bench)]);

        Assert.Equal(("odd", Delivery.Refused), (Assert.Single(watch.NotEnded).Task.TaskId, watch.NotEnded[0].Error.Delivery));
        Assert.Single(watch.Ended);
        Assert.Single(bench.Network.Calls, call => call.Address.AbsolutePath.EndsWith("odd", StringComparison.Ordinal));
    }

    /// <summary>What stands before the API answers in its place, for a while.</summary>
    [Theory]
    [InlineData(403, "<html>Just a moment...</html>")]
    [InlineData(401, "<html>Sign in</html>")]
    [InlineData(421, "")]
    [InlineData(421, """{"error":{"message":"misdirected"}}""")]
    [InlineData(451, "<html>")]
    [InlineData(499, "")]
    [InlineData(400, "<html>Bad Request</html>")]
    [InlineData(302, "")]
    [InlineData(502, "<html>")]
    [InlineData(523, "")]
    [InlineData(200, "<html>")]
    public void Who_answers_in_the_apis_place_ends_no_wait(int status, string body)
    {
        var bench = new ClientFixture(Reviews(3, 3));
        SeedanceTask[] tasks = [Submit(bench, "a"), Submit(bench, "b")];
        bench.Network.Script = call => !call.IsPost && bench.Time.Elapsed < TimeSpan.FromMinutes(5) ? Answers.Json(status, body) : null;
        var watch = Watch.All(bench, tasks);

        Assert.True(watch.Running.IsCompletedSuccessfully, watch.Running.Exception?.ToString());
        Assert.Equal(2, watch.Ended.Count);
        Assert.Single(watch.Events.OfType<WaitNotice>());
    }

    [Theory]
    [InlineData(401)]
    [InlineData(402)]
    [InlineData(403)]
    public void What_no_poll_can_succeed_after_ends_the_wait(int status)
    {
        var bench = new ClientFixture(Reviews(30, 30));
        SeedanceTask[] tasks = [.. Enumerable.Range(0, 20).Select(i => Submit(bench, $"a-{i}"))];
        var sent = bench.Network.Calls.Count;
        bench.Network.Script = _ => Answers.Error(status);
        var watch = Watch.All(bench, tasks);

        Assert.Equal(status, Assert.IsType<SeedanceException>(watch.Running.Exception?.InnerException).StatusCode);
        Assert.Empty(watch.NotEnded);
        Assert.InRange(bench.Network.Calls.Count - sent, 1, 20);
        var looked = bench.Network.Calls.Count;
        bench.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(looked, bench.Network.Calls.Count);
    }

    [Fact]
    public void A_wait_that_is_called_off_joins_its_looks_and_leaves_no_timer()
    {
        var bench = new ClientFixture(Reviews(300, 300));
        SeedanceTask[] tasks = [.. Enumerable.Range(0, 20).Select(i => Submit(bench, $"a-{i}"))];
        bench.Network.Hangs = call => !call.IsPost;
        using var stop = new CancellationTokenSource();
        var watch = Watch.Begin(bench, stop.Token);
        Array.ForEach(tasks, watch.Add);
        bench.Time.Advance(TimeSpan.FromSeconds(200));
        Assert.True(bench.Network.UnderWay > 0);
        stop.Cancel();
        bench.Time.Settle();

        Assert.True(watch.Running.IsCanceled);
        Assert.Equal(0, bench.Network.UnderWay);
        Assert.Null(bench.Time.World.NextDue);
    }

    [Fact]
    public void A_caller_that_has_seen_enough_leaves_no_look_behind()
    {
        var bench = new ClientFixture(Reviews(5, 300));
        SeedanceTask[] tasks = [.. Enumerable.Range(0, 20).Select(i => Submit(bench, $"a-{i}"))];
        var running = bench.Time.Begin(async () =>
        {
            await foreach (var next in bench.Connection.CreateWaiter().WaitAsync(tasks, null, TestContext.Current.CancellationToken))
            {
                if (next is TaskEnded)
                {
                    break;
                }
            }
        });
        bench.Time.Finish(running);

        Assert.Equal(0, bench.Network.UnderWay);
        Assert.Null(bench.Time.World.NextDue);
    }

    [Fact]
    public void A_journal_that_cannot_be_written_is_told_once_and_the_wait_goes_on()
    {
        var file = new FakeJournalFile();
        var bench = new ClientFixture(Reviews(3, 3)) { JournalFile = file };
        SeedanceTask[] tasks = [Submit(bench, "a"), Submit(bench, "b")];
        file.FullAfter = 0;
        var watch = Watch.All(bench, tasks, journal: bench.OpenJournal());

        Assert.Equal(2, watch.Ended.Count);
        Assert.Contains("No space left", Assert.Single(watch.Events.OfType<WaitNotice>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_of_the_programs_own_ends_the_wait()
    {
        var bench = new ClientFixture(Reviews(3, 3));
        var task = Submit(bench);
        bench.Network.Script = _ => throw new NotImplementedException("a bug");

        Assert.IsType<NotImplementedException>(Watch.All(bench, [task]).Running.Exception?.InnerException);
    }

    [Fact]
    public void The_language_goes_with_every_look()
    {
        var bench = new ClientFixture(Reviews(3, 3));
        var watch = Watch.All(bench, [Submit(bench, "reject")], new() { Language = "en" });

        Assert.All(bench.Network.Calls.Where(call => !call.IsPost), call => Assert.Equal("?language=en", call.Address.Query));
        Assert.Matches("^[ -~]+$", watch.Ended[0].Task.Error!.Message);
    }

    [Fact]
    public void Progress_counts_up_to_all_and_time_left_comes_down()
    {
        var bench = new ClientFixture(Reviews(20, 40));
        var watch = Watch.All(bench, [.. Enumerable.Range(0, 20).Select(i => Submit(bench, $"a-{i}"))]);
        var told = watch.Events.OfType<WaitProgress>().ToList();

        Assert.Equal(told.Select(progress => progress.Done).Order(), told.Select(progress => progress.Done));
        Assert.Equal(20, told[^1].Total);
        Assert.InRange(told[^1].Done, 18, 20);
        Assert.Contains(told, progress => progress.TimeLeft > TimeSpan.Zero);
        Assert.InRange(told.Max(progress => progress.TimeLeft) ?? default, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(45));
    }

    [Fact]
    public void While_more_tasks_may_come_nothing_tells_how_long_the_rest_will_take()
    {
        var bench = new ClientFixture(Reviews(20, 40));
        var watch = Watch.Begin(bench, CancellationToken.None);
        for (var i = 0; i < 20; i++)
        {
            watch.Add(Submit(bench, $"a-{i}"));
        }

        bench.Time.Advance(TimeSpan.FromSeconds(15));
        var told = watch.Events.OfType<WaitProgress>().ToList();
        Assert.NotEmpty(told);
        Assert.All(told, progress => Assert.Null(progress.TimeLeft));

        watch.Complete();
        bench.Time.Finish(watch.Running);
        Assert.Contains(watch.Events.OfType<WaitProgress>(), progress => progress.TimeLeft > TimeSpan.Zero);
    }

    private static SandboxOptions Reviews(double from, double to) => new() { ReviewTime = TimeRange.Seconds(from, to) };

    private static SeedanceTask Submit(ClientFixture bench, string name = "a") =>
        bench.Submit(ClientFixture.Rows(1, new AvatarGroup { Name = "cast" }, prefix: name)).Events.OfType<TaskAccepted>().Single().Task;

    private static List<TimeSpan> Looks(ClientFixture bench) => [.. bench.Network.Calls.Where(call => !call.IsPost).Select(call => call.At)];
}
