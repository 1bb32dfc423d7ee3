using System.Text.Json;
using Seedance.Sandbox;

namespace Seedance.Client.Tests.Tasks;

/// <summary>A task that is final without its whole result is polled for a while longer, and what then lacks is said.</summary>
public sealed class IncompleteResultTests
{
    private const string Completed = "completed";

    [Theory]
    [InlineData(0.1)]
    [InlineData(10)]
    [InlineData(55)]
    public void A_result_that_comes_after_the_word_for_it_is_waited_for(double seconds)
    {
        var (bench, task) = Submit(3);
        bench.Network.Script = call => call.IsPost || bench.Time.Elapsed > TimeSpan.FromSeconds(5 + seconds) ? null : Answers.Task(Completed);
        var watch = Watch.All(bench, [task]);

        Assert.Equal(3, Assert.Single(watch.Ended).Task.Assets.Count);
        Assert.Empty(watch.Events.OfType<WaitNotice>());
        Assert.Equal(3, Recall(bench, task).Assets.Count);
        Assert.InRange(bench.Time.Elapsed.TotalSeconds, 5, 5 + (seconds * 1.5) + 2);
        Assert.InRange(bench.Network.Calls.Count, 3, 20);
    }

    [Fact]
    public void What_does_not_come_within_a_minute_is_given_out_with_a_warning_that_names_the_rows()
    {
        var (bench, task) = Submit(8);
        bench.Network.Script = call => call.IsPost ? null : Result(Completed, "a-2", "a-1", "a-8");
        var watch = Watch.All(bench, [task]);

        var ended = Assert.Single(watch.Ended).Task;
        Assert.Equal((5, 3), (ended.MissingCount, ended.UsableAssets.Count));
        Assert.Equal(["a-3", "a-4", "a-5", "a-6", "a-7"], ended.SourcesWithoutResult.Select(source => source.Name));
        var notice = Assert.Single(watch.Events.OfType<WaitNotice>());
        Assert.Equal("Seedance.IncompleteResult", notice.ErrorId);
        Assert.Contains(task.TaskId, notice.Message, StringComparison.Ordinal);
        Assert.Contains("5 of its 8 rows", notice.Message, StringComparison.Ordinal);
        Assert.All(ended.SourcesWithoutResult, source => Assert.Contains(source.Name!, notice.Message, StringComparison.Ordinal));
        Assert.InRange(bench.Time.Elapsed.TotalSeconds, 60, 75);
        Assert.Equal(3, Recall(bench, task).Assets.Count);
    }

    [Fact]
    public void At_the_timeout_it_is_given_out_as_it_is()
    {
        var (bench, task) = Submit(2);
        bench.Network.Script = call => call.IsPost ? null : Answers.Task(Completed);
        var before = bench.Time.Elapsed;
        var watch = Watch.All(bench, [task], new() { Timeout = TimeSpan.FromSeconds(10) });

        Assert.Equal(2, Assert.Single(watch.Ended).Task.MissingCount);
        Assert.Single(watch.Events.OfType<WaitNotice>());
        Assert.True(Recall(bench, task).IsFinal);
        Assert.Equal(10, (bench.Time.Elapsed - before).TotalSeconds, 0.02);
    }

    [Fact]
    public void A_poll_that_hangs_until_the_timeout_does_not_take_the_end_away()
    {
        var (bench, task) = Submit(2);
        bench.Network.Script = call => call.IsPost ? null : Answers.Task(Completed);
        bench.Network.Hangs = call => call.Number > 3;
        var watch = Watch.All(bench, [task], new() { Timeout = TimeSpan.FromSeconds(20) });

        Assert.Single(watch.Ended);
        Assert.True(Recall(bench, task).IsFinal);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(400)]
    public void What_the_api_then_does_not_know_any_more_is_given_out_as_it_was(int status)
    {
        var (bench, task) = Submit(2);
        bench.Network.Script = call => call.IsPost ? null : call.Number < 4 ? Answers.Task(Completed) : Answers.Error(status);
        var watch = Watch.All(bench, [task]);

        Assert.Single(watch.Ended);
        Assert.Empty(watch.NotEnded);
        Assert.InRange(bench.Time.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public void A_review_whose_end_was_seen_too_early_is_polled_when_it_is_waited_for_again()
    {
        var (bench, task) = Submit(2);
        bench.Time.Advance(TimeSpan.FromSeconds(10));
        var watch = Watch.All(bench, [task with { Status = SeedanceTaskStatus.Completed }]);

        Assert.Equal(2, Assert.Single(watch.Ended).Task.Assets.Count);
        Assert.Equal(2, Recall(bench, task).Assets.Count);
    }

    [Fact]
    public void A_review_that_failed_as_a_whole_says_so_after_some_seconds()
    {
        var (bench, task) = Submit(2);
        bench.Network.Script = call => call.IsPost ? null : Answers.Task("failed", ""","error":{"code":"task_failed","message":"no"}""");
        var watch = Watch.All(bench, [task]);

        Assert.Equal((2, "no"), (Assert.Single(watch.Ended).Task.MissingCount, watch.Ended[0].Task.Error?.Message));
        Assert.Contains("2 of its 2 rows", Assert.Single(watch.Events.OfType<WaitNotice>()).Message, StringComparison.Ordinal);
        Assert.InRange(bench.Time.Elapsed.TotalSeconds, 10, 20);
    }

    [Fact]
    public void An_asset_that_is_under_review_in_a_completed_task_is_waited_for()
    {
        var (bench, task) = Submit(2);
        bench.Network.Script = call => call.IsPost || bench.Time.Elapsed > TimeSpan.FromSeconds(30) ? null
            : Answers.Task(Completed, ""","result":{"assets":[{"asset_id":"x","status":"Active"},{"asset_id":"y","status":"Processing"}]}""");
        var watch = Watch.All(bench, [task]);

        Assert.Equal(2, Assert.Single(watch.Ended).Task.UsableAssets.Count);
    }

    [Fact]
    public void A_video_that_comes_after_the_word_for_it_is_waited_for()
    {
        var bench = new ClientFixture();
        var task = new SeedanceTask { TaskId = "task_1", Kind = TaskKind.Video };
        bench.Network.Script = _ => Answers.Task(Completed, bench.Time.Elapsed < TimeSpan.FromSeconds(20) ? "" : ""","result":{"videos":[{"url":"u"}]}""");

        Assert.Single(Assert.Single(Watch.All(bench, [task]).Ended).Task.Videos);
    }

    [Fact]
    public void One_asset_for_two_rows_is_said()
    {
        var (bench, task) = Submit(2);
        bench.Network.Script = call => call.IsPost ? null
            : Answers.Task(Completed, ""","result":{"assets":[{"asset_id":"x","status":"Active","name":"a-1"},{"asset_id":"x","status":"Active","name":"a-2"}]}""");
        var watch = Watch.All(bench, [task]);

        Assert.Equal([("x", "a-1"), ("x", "a-2")], watch.Ended[0].Task.Assets.Select(asset => (asset.AssetId, asset.Name!)));
        Assert.Matches("x for row 1 .*, row 2", Assert.Single(watch.Events.OfType<WaitNotice>()).Message);
    }

    [Fact]
    public void What_lacks_when_a_task_is_asked_for_is_said_and_what_came_later_is_kept()
    {
        var (bench, task) = Submit(2);
        bench.Time.Advance(TimeSpan.FromSeconds(10));
        bench.Network.Script = _ => Answers.Task(Completed);
        Assert.Contains("2 of its 2 rows", Look(bench, task.TaskId).Notice, StringComparison.Ordinal);
        Assert.Equal(2, Recall(bench, task).MissingCount);

        bench.Network.Script = null;
        Assert.Null(Look(bench, task.TaskId).Notice);
        Assert.True(Recall(bench, task).IsFinal);
    }

    private static (SeedanceTask? Task, SeedanceException? Failure, string? Notice) Look(ClientFixture bench, string id) => bench.Time.Run(async () =>
    {
        var ids = System.Threading.Channels.Channel.CreateUnbounded<string>();
        ids.Writer.TryWrite(id);
        ids.Writer.Complete();
        await foreach (var (_, task, failure, notice) in bench.Connection.LookAsync(ids.Reader))
        {
            return (task, failure, notice);
        }

        throw new InvalidOperationException("Nothing came.");
    });

    private static SeedanceTask Recall(ClientFixture bench, SeedanceTask task) =>
        bench.Time.Run(async () => await bench.Connection.GetJournal().FindTaskAsync(task.TaskId, CancellationToken.None))!;

    private static HttpResponseMessage Result(string status, params string[] names) =>
        Answers.Task(status, ",\"result\":" + JsonSerializer.Serialize(new { assets = names.Select(name => new { asset_id = $"id-{name}", status = "Active", name }) }));

    private static (ClientFixture Bench, SeedanceTask Task) Submit(int rows)
    {
        var bench = new ClientFixture(new SandboxOptions { ReviewTime = TimeRange.Seconds(3, 3) });
        return (bench, bench.Submit(ClientFixture.Rows(rows, new AvatarGroup { Name = "cast" })).Events.OfType<TaskAccepted>().Single().Task);
    }
}
