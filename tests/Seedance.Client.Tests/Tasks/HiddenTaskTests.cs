using Seedance.Sandbox;

namespace Seedance.Client.Tests.Tasks;

/// <summary>The API may know a task only a while after it has accepted it.</summary>
public sealed class HiddenTaskTests
{
    [Theory]
    [InlineData(404, 0.5)]
    [InlineData(404, 45)]
    [InlineData(404, 60)]
    [InlineData(400, 45)]
    public void A_task_that_was_accepted_is_waited_for_while_it_is_hidden(int status, double seconds)
    {
        var (bench, task) = Submit();
        bench.Network.Script = call => call.IsPost || bench.Time.Elapsed > TimeSpan.FromSeconds(seconds) ? null : Absent(status);
        var watch = Watch.All(bench, [task]);

        Assert.Single(watch.Ended);
        Assert.Empty(watch.NotEnded);
        Assert.InRange(bench.Time.Elapsed.TotalSeconds, seconds, (seconds * 1.5) + 7);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(400)]
    public void After_a_minute_it_is_given_up_and_nobody_is_told_to_submit_again(int status)
    {
        var (bench, task) = Submit();
        bench.Network.Script = call => call.IsPost ? null : Absent(status);
        var watch = Watch.All(bench, [task]);

        var end = Assert.Single(watch.NotEnded);
        Assert.Equal((SeedanceErrorKind.NotFound, "Seedance.NotFound"), (end.Error.Kind, end.Error.ErrorId));
        Assert.Contains($"{task.TaskId} was accepted", end.Error.Message, StringComparison.Ordinal);
        Assert.Contains("Do not submit", end.Error.RecommendedAction, StringComparison.Ordinal);
        Assert.InRange(bench.Time.Elapsed.TotalSeconds, 60, 75);
        Assert.InRange(bench.Network.Calls.Count, 5, 25);
    }

    [Fact]
    public void An_id_that_was_given_by_hand_is_looked_for_for_some_seconds()
    {
        var bench = new ClientFixture();
        var watch = Watch.All(bench, [new SeedanceTask { TaskId = "gone" }]);

        var error = Assert.Single(watch.NotEnded).Error;
        Assert.Equal((SeedanceErrorKind.NotFound, Delivery.Refused), (error.Kind, error.Delivery));
        Assert.Contains("Check the id", error.RecommendedAction, StringComparison.Ordinal);
        Assert.InRange(bench.Time.Elapsed.TotalSeconds, 10, 15);
    }

    [Fact]
    public void An_id_that_the_journal_knows_is_an_accepted_one()
    {
        var (bench, task) = Submit();
        bench.Network.Script = call => call.IsPost || bench.Time.Elapsed > TimeSpan.FromSeconds(45) ? null : Absent(404);

        Assert.Single(Watch.All(bench, [new SeedanceTask { TaskId = task.TaskId }]).Ended);
    }

    [Fact]
    public void The_timeout_ends_it_sooner_with_what_is_known()
    {
        var (bench, task) = Submit();
        bench.Network.Script = call => call.IsPost ? null : Absent(404);
        var before = bench.Time.Elapsed;
        var watch = Watch.All(bench, [task], new() { Timeout = TimeSpan.FromSeconds(5) });

        Assert.Equal(SeedanceErrorKind.NotFound, Assert.Single(watch.NotEnded).Error.Kind);
        Assert.Equal(5, (bench.Time.Elapsed - before).TotalSeconds, 0.02);
    }

    [Fact]
    public void A_fixed_interval_is_kept_meanwhile()
    {
        var (bench, task) = Submit();
        bench.Network.Script = call => call.IsPost ? null : Absent(404);
        Watch.All(bench, [task], new() { PollInterval = TimeSpan.FromSeconds(20) });

        Assert.Equal(5, bench.Network.Calls.Count);
    }

    private static HttpResponseMessage Absent(int status) => status == 404
        ? Answers.Error(404)
        : Answers.Json(400, """{"code":"task_not_exist","message":"task_not_exist"}""");

    private static (ClientFixture Bench, SeedanceTask Task) Submit()
    {
        var bench = new ClientFixture(new SandboxOptions { ReviewTime = TimeRange.Seconds(3, 3) });
        return (bench, bench.Submit(ClientFixture.Rows(2, new AvatarGroup { Name = "cast" })).Events.OfType<TaskAccepted>().Single().Task);
    }
}
