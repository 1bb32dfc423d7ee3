using System.Threading.Channels;
using Seedance.Sandbox;

namespace Seedance.Client.Tests.Http;

/// <summary>Under which key requests with effect go out, and what is repeated on the strength of it.</summary>
public sealed class IdempotencyTests : IDisposable
{
    private static readonly SandboxOptions s_honours = new() { Idempotency = new() { Support = IdempotencySupport.All } };

    private readonly FakeJournalFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Every_submission_goes_out_under_the_id_that_its_intent_has_in_the_journal()
    {
        var bench = Bench();
        bench.Submit(ClientFixture.Rows(3), new SubmitOptions { BatchSize = 1 });
        Order(bench, 2);
        var lines = Lines();

        Assert.Equal(5, bench.Network.Posts.Count());
        Assert.All(bench.Network.Posts, post => Assert.Contains($"\"intent\":\"{post.IdempotencyKey}\"", lines, StringComparison.Ordinal));
        Assert.Equal(5, bench.Network.Posts.Select(post => post.IdempotencyKey).Distinct().Count());
    }

    [Fact]
    public void What_is_sent_again_because_nothing_was_done_keeps_its_key()
    {
        var bench = Bench();
        bench.Network.Script = call => call.Number < 3 ? Answers.Error(429) : null;
        bench.Submit(ClientFixture.Rows(1));
        Assert.Equal(3, bench.Network.Posts.Count());
        Assert.Single(bench.Network.Posts.Select(post => post.IdempotencyKey).Distinct());
    }

    [Fact]
    public void Identity_sessions_go_out_under_a_key_and_looks_and_uploads_without()
    {
        var bench = Bench();
        bench.Time.Run(() => bench.Client.OpenIdentitySessionAsync("https://example.com/done"));
        Assert.NotNull(Assert.Single(bench.Network.Posts).IdempotencyKey);
        Assert.All(bench.Network.Calls.Where(call => !call.IsPost), call => Assert.Null(call.IdempotencyKey));
    }

    [Fact]
    public void An_order_of_unknown_outcome_is_not_repeated_while_nothing_shows_that_keys_are_honoured()
    {
        var bench = Bench(s_honours);
        bench.Network.Script = call => call.Number == 1 ? Processed(bench, call, Answers.Error(500)) : null;
        Assert.Equal(Delivery.Unknown, Assert.IsType<VideoFailed>(Assert.Single(Order(bench, 1))).Error.Delivery);
        Assert.Single(bench.Network.Posts);
    }

    [Fact]
    public void An_order_of_unknown_outcome_is_repeated_under_its_key_once_the_server_has_shown_that_it_honours_keys()
    {
        var bench = Bench(s_honours);
        ShowSupport(bench);
        var before = bench.Network.Calls.Count;
        bench.Network.Script = call => call.Number <= before + 2 ? Processed(bench, call, Answers.Error(500)) : null;
        var task = Assert.IsType<TaskAccepted>(Assert.Single(Order(bench, 1))).Task;

        var posts = bench.Network.Posts.Skip(before).ToList();
        Assert.Equal(3, posts.Count);
        Assert.Single(posts.Select(post => (post.IdempotencyKey, post.Body)).Distinct());
        Assert.Equal(task.TaskId, bench.Network.Sandbox.Submissions[^1].TaskId);
        Assert.Equal(1, bench.Network.Sandbox.Rows[^1].Times);
    }

    [Fact]
    public void Assets_are_not_repeated_even_where_keys_are_honoured()
    {
        var bench = Bench(s_honours);
        ShowSupport(bench);
        var before = bench.Network.Calls.Count;
        bench.Network.Script = _ => Answers.Error(500);
        Assert.Equal(Delivery.Unknown, Assert.IsType<RowFailed>(Assert.Single(bench.Submit(ClientFixture.Rows(1)).Events)).Error.Delivery);
        Assert.Equal(before + 1, bench.Network.Calls.Count);
    }

    [Fact]
    public void What_the_server_has_given_up_on_is_not_repeated()
    {
        var bench = Bench();
        bench.Network.Script = _ => Coded(409, "idempotency_result_indeterminate");
        var failure = Assert.IsType<VideoFailed>(Assert.Single(Order(bench, 1))).Error;

        Assert.Equal(("Seedance.OutcomeUnknown", "idempotency_result_indeterminate"), (failure.ErrorId, failure.Code));
        Assert.Single(bench.Network.Posts);
    }

    [Theory]
    [InlineData(409, "idempotency_in_progress")]
    [InlineData(503, "idempotency_unavailable")]
    public void A_code_of_keys_shows_that_they_are_honoured_and_the_order_is_repeated(int status, string code)
    {
        var bench = Bench(s_honours);
        bench.Network.Script = call => call.Number < 3 ? Coded(status, code) : null;
        Assert.IsType<TaskAccepted>(Assert.Single(Order(bench, 1)));
        Assert.Equal(3, bench.Network.Posts.Count());
        Assert.Single(bench.Network.Posts.Select(post => post.IdempotencyKey).Distinct());
    }

    [Fact]
    public void A_code_of_keys_from_something_between_shows_nothing()
    {
        var bench = Bench();
        bench.Network.Script = _ => Answers.Json(502, "<html>idempotency_in_progress</html>");
        Order(bench, 1);
        Assert.Single(bench.Network.Posts);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    public void After_an_unknown_attempt_a_refusal_of_the_repeat_leaves_the_outcome_unknown(int status)
    {
        var bench = Bench(s_honours);
        ShowSupport(bench);
        var before = bench.Network.Calls.Count;
        bench.Network.Script = call => call.Number == before + 1 ? Answers.Error(500) : Answers.Error(status);
        var failure = Assert.IsType<VideoFailed>(Assert.Single(Order(bench, 1))).Error;
        Assert.Equal((500, Delivery.Unknown), (failure.StatusCode, failure.Delivery));
    }

    [Fact]
    public void Repeats_end_with_the_budget_and_the_outcome_stays_unknown()
    {
        var bench = Bench(s_honours);
        ShowSupport(bench);
        bench.Network.Script = _ => Answers.Error(500);
        var began = bench.Time.Elapsed;
        Assert.Equal(Delivery.Unknown, Assert.IsType<VideoFailed>(Assert.Single(Order(bench, 1))).Error.Delivery);
        Assert.InRange(bench.Time.Elapsed - began, TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void Called_off_between_repeats_the_outcome_is_recorded_as_unknown()
    {
        var bench = Bench(s_honours);
        ShowSupport(bench);
        var before = bench.Network.Calls.Count;
        bench.Network.Script = _ => Answers.Error(500);
        using var stop = new CancellationTokenSource();
        var running = bench.Time.Begin(() => OrderAsync(bench, [], 1, null, stop.Token));
        bench.Time.Until(() => bench.Network.Calls.Count == before + 2 && bench.Network.UnderWay == 0);
        stop.Cancel();
        bench.Time.Finish(running);

        bench.Network.Script = null;
        Assert.Equal(Delivery.Unknown, Assert.IsType<VideoFailed>(Assert.Single(Order(bench, 1, new VideoOptions { Resume = true }))).Error.Delivery);
    }

    [Fact]
    public void With_resume_alone_an_unknown_order_of_an_earlier_run_is_not_repeated()
    {
        var bench = Bench(s_honours);
        bench.Network.Script = call => Processed(bench, call, Answers.Error(500));
        Order(bench, 1);
        bench.Network.Script = null;
        ShowSupport(bench);
        var before = bench.Network.Calls.Count;
        Assert.IsType<VideoFailed>(Assert.Single(Order(bench, 1, new VideoOptions { Resume = true })));
        Assert.Equal(before, bench.Network.Calls.Count);
    }

    [Fact]
    public void Retry_unknown_repeats_the_order_under_the_key_of_its_first_request_however_often()
    {
        var bench = Bench(s_honours);
        var retry = new VideoOptions { Resume = true, RetryUnknown = true };
        bench.Network.Script = call => Processed(bench, call, Answers.Json(200, "cut"));
        Order(bench, 1);
        bench.Network.Script = _ => Answers.Error(500);
        Order(bench, 1, retry);
        Order(bench, 1, retry);
        bench.Network.Script = null;
        var task = Assert.IsType<TaskAccepted>(Assert.Single(Order(bench, 1, retry))).Task;

        Assert.True(bench.Network.Posts.Count() >= 4);
        Assert.Single(bench.Network.Posts.Select(post => post.IdempotencyKey).Distinct());
        Assert.Equal(task.TaskId, Assert.Single(bench.Network.Sandbox.Submissions).TaskId);
    }

    [Fact]
    public void Without_resume_another_take_has_another_key()
    {
        var bench = Bench(s_honours);
        bench.Network.Script = call => Processed(bench, call, Answers.Error(500));
        Order(bench, 1);
        bench.Network.Script = null;
        Order(bench, 1);
        Assert.Equal(2, bench.Network.Posts.Select(post => post.IdempotencyKey).Distinct().Count());
    }

    [Fact]
    public void A_row_that_was_changed_meanwhile_stays_unknown_and_the_error_says_that_the_first_one_arrived()
    {
        var bench = Bench(s_honours);
        bench.Network.Script = call => Processed(bench, call, Answers.Error(500));
        Order(bench, [new VideoRequest { Prompt = "before", Model = "m", RowId = "7" }], null);
        bench.Network.Script = null;
        VideoRequest[] changed = [new() { Prompt = "after", Model = "m", RowId = "7" }];
        var failure = Assert.IsType<VideoFailed>(Assert.Single(Order(bench, changed, new VideoOptions { Resume = true, RetryUnknown = true }))).Error;

        Assert.Equal("idempotency_key_reused", failure.Code);
        Assert.Contains("reached the API", failure.RecommendedAction, StringComparison.Ordinal);
        Assert.Single(bench.Network.Sandbox.Submissions);
        Assert.Equal(Delivery.Unknown, Assert.IsType<VideoFailed>(Assert.Single(Order(bench, changed, new VideoOptions { Resume = true }))).Error.Delivery);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("ключ")]
    public void A_key_that_is_none_is_not_sent(string key)
    {
        var bench = Bench();
        var failure = bench.Fail(client => client.SubmitVideoAsync(new VideoRequest { Prompt = "x" }, key, TestContext.Current.CancellationToken));
        Assert.Equal((SeedanceErrorKind.InvalidInput, Delivery.NotSent), (failure.Kind, failure.Delivery));
        Assert.Empty(bench.Network.Calls);
    }

    [Fact]
    public void A_key_may_have_191_characters()
    {
        var bench = Bench();
        bench.Time.Run(() => bench.Client.SubmitVideoAsync(new VideoRequest { Prompt = "x" }, new string('k', 191), TestContext.Current.CancellationToken));
        Assert.Equal(191, Assert.Single(bench.Network.Posts).IdempotencyKey!.Length);
        bench.Fail(client => client.SubmitVideoAsync(new VideoRequest { Prompt = "x" }, new string('k', 192), TestContext.Current.CancellationToken));
        Assert.Single(bench.Network.Posts);
    }

    [Fact]
    public void The_id_of_a_repeat_is_its_own_and_its_key_the_first_ones()
    {
        var first = IntentId.New();
        var second = IntentId.RepeatOf(first);
        var third = IntentId.RepeatOf(second);
        Assert.Equal(3, new[] { first, second, third }.Distinct().Count());
        Assert.All([first, second, third], id => Assert.Equal(first, IntentId.KeyOf(id)));
    }

    private ClientFixture Bench(SandboxOptions? options = null) => new(options) { JournalFile = _file };

    private string Lines()
    {
        var text = new byte[_file.Length];
        _file.Read(0, text);
        return System.Text.Encoding.UTF8.GetString(text);
    }

    // The same order twice under one key: the second answer carries the mark.
    private static void ShowSupport(ClientFixture bench)
    {
        for (var i = 0; i < 2; i++)
        {
            bench.Time.Run(() => bench.Client.SubmitVideoAsync(new VideoRequest { Prompt = "shown", Model = "m" }, "key", TestContext.Current.CancellationToken));
        }
    }

    /// <summary>The server acts, and something else is answered.</summary>
    private static HttpResponseMessage Processed(ClientFixture bench, Call call, HttpResponseMessage answer)
    {
        bench.Network.Sandbox.Handle(new SandboxRequest(call.Method, call.Address.AbsolutePath, call.Address.Query, call.Authorization, "application/json", System.Text.Encoding.UTF8.GetBytes(call.Body!))
        {
            IdempotencyKey = call.IdempotencyKey,
        });
        return answer;
    }

    private static HttpResponseMessage Coded(int status, string code) =>
        Answers.Json(status, $$$"""{"error":{"code":"{{{code}}}","message":"no","type":"invalid_request_error"}}""");

    private static List<SubmitEvent> Order(ClientFixture bench, int count, VideoOptions? options = null) =>
        Order(bench, [.. Enumerable.Range(1, count).Select(i => new VideoRequest { Prompt = $"prompt {i}", Model = "m" })], options);

    private static List<SubmitEvent> Order(ClientFixture bench, VideoRequest[] videos, VideoOptions? options)
    {
        var events = new List<SubmitEvent>();
        bench.Time.Run(async () =>
        {
            await OrderAsync(bench, events, videos, options, CancellationToken.None);
            return 0;
        });
        return events;
    }

    private static Task OrderAsync(ClientFixture bench, List<SubmitEvent> events, int count, VideoOptions? options, CancellationToken cancellationToken) =>
        OrderAsync(bench, events, [.. Enumerable.Range(1, count).Select(i => new VideoRequest { Prompt = $"prompt {i}", Model = "m" })], options, cancellationToken);

    private static async Task OrderAsync(ClientFixture bench, List<SubmitEvent> events, VideoRequest[] videos, VideoOptions? options, CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<VideoRequest>();
        foreach (var video in videos)
        {
            channel.Writer.TryWrite(video);
        }

        channel.Writer.Complete();
        await foreach (var next in new VideoSubmitter(bench.Client, bench.OpenJournal()).SubmitAsync(channel.Reader, options, cancellationToken).Where(next => next is not RunEnded))
        {
            events.Add(next);
        }
    }
}
