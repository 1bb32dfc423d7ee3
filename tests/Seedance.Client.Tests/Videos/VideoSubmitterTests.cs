using System.Text;
using System.Threading.Channels;

namespace Seedance.Client.Tests.Videos;

public sealed class VideoSubmitterTests : IDisposable
{
    private readonly ClientFixture _bench = new();
    private readonly FakeJournalFile _file = new();

    public VideoSubmitterTests() => _bench.JournalFile = _file;

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Each_video_is_a_request_and_a_task()
    {
        var (events, end) = Order(Videos(3));

        Assert.Null(end);
        Assert.Equal(3, _bench.Network.Posts.Count());
        Assert.All(_bench.Network.Posts, post => Assert.Equal("/v1/videos/generations", post.Address.AbsolutePath));
        var tasks = events.Cast<TaskAccepted>().Select(accepted => accepted.Task).ToList();
        Assert.All(tasks, task => Assert.Equal((TaskKind.Video, SeedanceTaskStatus.Pending), (task.Kind, task.Status)));
        Assert.Equal(["prompt 1", "prompt 2", "prompt 3"], tasks.Select(task => task.Sources[0].Name).Order());
    }

    [Fact]
    public void No_more_go_out_at_once_than_allowed()
    {
        Order(Videos(20), new VideoOptions { ThrottleLimit = 3 });
        Assert.Equal(3, _bench.Network.MostAtOnce);
    }

    [Fact]
    public void The_same_one_twice_is_ordered_once_with_a_word()
    {
        var (events, _) = Order([.. Videos(1), .. Videos(1), .. Videos(1).Select(video => video with { Seed = 2 })]);

        Assert.Equal(2, _bench.Network.Posts.Count());
        Assert.Contains("-Seed", Assert.Single(events.OfType<SubmitWarning>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_again_with_resume_orders_exactly_the_rest_and_gives_the_earlier_tasks_out()
    {
        var first = Tasks(Order(Videos(3)).Events);
        var again = Order(Videos(5), new VideoOptions { Resume = true }).Events.Cast<TaskAccepted>().ToList();

        Assert.Equal(5, _bench.Network.Posts.Count());
        Assert.Equal(first.Order(), again.Where(accepted => accepted.Resumed).Select(accepted => accepted.Task.TaskId).Order());
        Assert.All(again, accepted => Assert.Equal(TaskKind.Video, accepted.Task.Kind));
        Assert.All(again, accepted => Assert.StartsWith("prompt", accepted.Task.Sources[0].Name, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Without_resume_a_new_take_is_ordered_and_of_a_table_that_is_told(int row)
    {
        IEnumerable<VideoRequest> videos = Videos(2).Select(video => video with { Row = row });
        Order(videos);
        var told = Order(videos, new VideoOptions { ThrottleLimit = 1 }).Events.OfType<SubmitWarning>().Select(warning => warning.Message);
        Assert.Equal(row > 0 ? [$"{videos.First()} was accepted before, as"] : [], told.Select(message => message[..message.IndexOf(" task_", StringComparison.Ordinal)]));
        Assert.Equal(4, _bench.Network.Posts.Count());
    }

    [Fact]
    public void An_order_whose_answer_is_lost_is_told_and_never_repeated_unasked()
    {
        _bench.Network.Script = _ => Answers.Error(500);
        var lost = Assert.IsType<VideoFailed>(Assert.Single(Order(Videos(1)).Events));
        _bench.Network.Script = null;
        var held = Assert.IsType<VideoFailed>(Assert.Single(Order(Videos(1), new VideoOptions { Resume = true }).Events));

        Assert.Equal(("Seedance.OutcomeUnknown", "Seedance.OutcomeUnknown"), (lost.Error.ErrorId, held.Error.ErrorId));
        Assert.Contains("billed", held.Error.RecommendedAction, StringComparison.Ordinal);
        Assert.Single(_bench.Network.Posts);
        Assert.Single(Tasks(Order(Videos(1), new VideoOptions { Resume = true, RetryUnknown = true }).Events));
        Assert.Equal(2, _bench.Network.Posts.Count());
    }

    [Fact]
    public void An_order_that_is_accepted_after_all_is_not_repeated_though_that_is_asked_for()
    {
        _bench.Network.Script = _ => Answers.Error(500);
        Order(Videos(1));
        _bench.Network.Script = null;
        var retry = new VideoOptions { Resume = true, RetryUnknown = true };
        var accepted = Assert.IsType<TaskAccepted>(Assert.Single(Order(Videos(1), retry, new LateOutcomeJournal(_bench.OpenJournal(), _bench.OpenJournal())).Events));

        Assert.Equal((true, "task_late"), (accepted.Resumed, accepted.Task.TaskId));
        Assert.Single(_bench.Network.Posts);
    }

    [Fact]
    public void What_was_refused_is_ordered_again_only_when_asked()
    {
        _bench.Network.Script = _ => Answers.Error(400, "no such model");
        Order(Videos(1));
        _bench.Network.Script = null;
        var held = Assert.IsType<VideoFailed>(Assert.Single(Order(Videos(1), new VideoOptions { Resume = true }).Events));

        Assert.Contains("no such model", held.Error.Message, StringComparison.Ordinal);
        Assert.Contains("-RetryFailed -Force", held.Error.RecommendedAction, StringComparison.Ordinal);
        Assert.IsType<VideoFailed>(Assert.Single(Order(Videos(1), new VideoOptions { Resume = true, RetryFailed = true }).Events));
        Assert.Single(_bench.Network.Posts);
        Assert.Single(Tasks(Order(Videos(1), new VideoOptions { Resume = true, RetryFailed = true, RetryRefused = true }).Events));
    }

    [Fact]
    public void What_ended_as_failed_is_ordered_again_only_when_asked()
    {
        VideoRequest[] video = [new() { Prompt = "reject this", Model = "m" }];
        var task = _bench.Wait(Order(video).Events.OfType<TaskAccepted>().Single().Task);
        Assert.Equal(SeedanceTaskStatus.Failed, task.Status);
        var again = Assert.IsType<TaskAccepted>(Assert.Single(Order(video, new VideoOptions { Resume = true }).Events));

        Assert.Equal((true, SeedanceTaskStatus.Failed, task.TaskId), (again.Resumed, again.Task.Status, again.Task.TaskId));
        Assert.Single(_bench.Network.Posts);
        Assert.False(Assert.IsType<TaskAccepted>(Assert.Single(Order(video, new VideoOptions { Resume = true, RetryFailed = true }).Events)).Resumed);
    }

    [Fact]
    public void What_failed_for_good_is_shown_as_it_ended_until_all_is_asked_for()
    {
        VideoRequest[] video = [new() { Prompt = "reject this", Model = "m" }];
        _bench.Network.Sandbox.TaskFaults.Order([new() { ErrorCode = "OutputVideoSensitiveContentDetected" }]);
        var task = _bench.Wait(Order(video).Events.OfType<TaskAccepted>().Single().Task);
        var (events, _) = Order(video, new VideoOptions { Resume = true, RetryFailed = true });

        Assert.Equal((true, task.TaskId), Assert.Single(events.OfType<TaskAccepted>()) is var shown ? (shown.Resumed, shown.Task.TaskId) : default);
        Assert.Contains("(OutputVideoSensitiveContentDetected: 1)", Assert.Single(events.OfType<SubmitWarning>()).Message, StringComparison.Ordinal);
        Assert.False(Assert.IsType<TaskAccepted>(Assert.Single(Order(video, new VideoOptions { Resume = true, RetryFailed = true, RetryRefused = true }).Events)).Resumed);
    }

    [Fact]
    public void An_intent_without_an_outcome_is_of_unknown_outcome()
    {
        // The process ends while the request is under way.
        _bench.Network.Hangs = _ => true;
        var running = _bench.Time.Begin(() => OrderAsync([], Videos(1), null, CancellationToken.None));
        _bench.Time.Until(() => _bench.Network.UnderWay == 1);
        _bench.Network.Hangs = null;
        var beside = Assert.IsType<RowsUnderWay>(Assert.Single(Order(Videos(1), new VideoOptions { Resume = true }).Events));
        Assert.Equal(1, beside.Count);
        ((FakeJournalFile)_bench.JournalFile!).ReleaseRuns();

        var held = Assert.IsType<VideoFailed>(Assert.Single(Order(Videos(1), new VideoOptions { Resume = true }).Events));
        Assert.Equal(Delivery.Unknown, held.Error.Delivery);
        Assert.Single(_bench.Network.Posts);
        Assert.False(running.IsCompleted);
    }

    [Fact]
    public void Two_runs_of_one_journal_order_a_video_once()
    {
        List<SubmitEvent> one = [], other = [];
        var both = _bench.Time.Begin(() => Task.WhenAll(
            OrderAsync(one, Videos(6), new VideoOptions { Resume = true }, CancellationToken.None),
            OrderAsync(other, Videos(6), new VideoOptions { Resume = true }, CancellationToken.None)));
        _bench.Time.Finish(both);

        Assert.Equal(6, _bench.Network.Posts.Count());
    }

    [Theory]
    [InlineData(401)]
    [InlineData(402)]
    [InlineData(403)]
    public void What_no_later_order_could_survive_ends_the_run(int status)
    {
        _bench.Network.Script = _ => Answers.Error(status);
        var (events, end) = Order(Videos(10), new VideoOptions { ThrottleLimit = 1 });

        Assert.Equal(status, Assert.IsType<SeedanceException>(end).StatusCode);
        Assert.Single(_bench.Network.Posts);
        Assert.Empty(events);
    }

    [Fact]
    public void Called_off_it_orders_no_more_and_records_what_was_under_way()
    {
        using var stop = new CancellationTokenSource();
        var events = new List<SubmitEvent>();
        _bench.Network.Latency = TimeSpan.FromSeconds(2);
        var running = _bench.Time.Begin(() => OrderAsync(events, Videos(10), new VideoOptions { ThrottleLimit = 2 }, stop.Token));
        _bench.Time.Until(() => _bench.Network.UnderWay == 2);
        stop.Cancel();
        _bench.Time.Finish(running);

        Assert.True(running.IsCanceled);
        Assert.Equal(2, _bench.Network.Posts.Count());
        Assert.Equal(2, Tasks(events).Count);
        Assert.Equal(2, _bench.OpenJournal().ReadTasks().Count(task => task.Kind == TaskKind.Video));
    }

    [Fact]
    public void The_journal_keeps_no_query_and_recalls_what_the_video_was()
    {
        Order([new VideoRequest { Prompt = "see https://example.com/?in=secret1", Images = [new("https://u:secret2@example.com/a.png?sig=secret3")], Name = null, Model = "m" }]);
        var text = new byte[_file.Length];
        _file.Read(0, text);

        Assert.DoesNotContain("secret", Encoding.UTF8.GetString(text), StringComparison.Ordinal);
        Assert.Contains("sig=secret3", Assert.Single(_bench.Network.Posts).Body, StringComparison.Ordinal);
        var source = Assert.Single(_bench.OpenJournal().ReadTasks()).Sources[0];
        Assert.Equal("https://example.com/a.png", source.SourceUrl);
    }

    private static VideoRequest[] Videos(int count) =>
        [.. Enumerable.Range(1, count).Select(i => new VideoRequest { Prompt = $"prompt {i}", Model = VideoRules.DefaultModel, Row = i })];

    private static List<string> Tasks(IEnumerable<SubmitEvent> events) => [.. events.OfType<TaskAccepted>().Select(accepted => accepted.Task.TaskId)];

    private (List<SubmitEvent> Events, Exception? End) Order(IEnumerable<VideoRequest> videos, VideoOptions? options = null, IJournal? journal = null)
    {
        var events = new List<SubmitEvent>();
        var running = _bench.Time.Begin(() => OrderAsync(events, videos, options, CancellationToken.None, journal));
        _bench.Time.Finish(running);
        return (events, running.Exception?.InnerException);
    }

    private async Task OrderAsync(List<SubmitEvent> events, IEnumerable<VideoRequest> videos, VideoOptions? options, CancellationToken cancellationToken, IJournal? journal = null)
    {
        var channel = Channel.CreateUnbounded<VideoRequest>();
        foreach (var video in videos)
        {
            channel.Writer.TryWrite(video);
        }

        channel.Writer.Complete();
        await foreach (var next in new VideoSubmitter(_bench.Client, journal ?? _bench.OpenJournal()).SubmitAsync(channel.Reader, options, cancellationToken).Where(next => next is not RunEnded))
        {
            events.Add(next);
        }
    }
}
