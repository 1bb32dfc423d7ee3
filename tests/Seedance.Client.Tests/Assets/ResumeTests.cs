namespace Seedance.Client.Tests.Assets;

/// <summary>The same line run again sends exactly the rest.</summary>
public sealed class ResumeTests
{
    private static readonly AvatarGroup s_cast = new() { Name = "cast" };
    private static readonly SubmitOptions s_resume = new() { Resume = true };

    public static TheoryData<string, bool, bool, string> Rules() => new()
    {
        // What became of the first run's row; RetryFailed; RetryUnknown; what the second run does with it.
        { "accepted", false, false, "resumed" },
        { "accepted", true, true, "resumed" },
        { "review failed", false, false, "resumed" },
        { "review failed", false, true, "resumed" },
        { "review failed", true, false, "resumed sent" },
        { "refused", false, false, "error Refused" },
        { "refused", false, true, "error Refused" },
        { "refused", true, false, "error Refused" },
        { "refused for a moment", false, false, "error Refused" },
        { "refused for a moment", true, false, "sent" },
        { "unknown", false, false, "error Unknown" },
        { "unknown", true, false, "error Unknown" },
        { "unknown", false, true, "sent" },
        { "cut off", false, false, "resumed" },
        { "cut off", true, false, "resumed" },
        { "cut off", false, true, "resumed" },
        { "unsent", false, false, "sent" },
        { "no journal", false, false, "sent" },
        { "stopped by 401", false, false, "sent" },
        { "sent elsewhere by a proxy", false, false, "sent" },
        { "called off before it left", false, false, "sent" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_row_is_sent_again_only_when_it_may_be(string before, bool retryFailed, bool retryUnknown, string expected)
    {
        var (bench, row) = After(before);
        var sent = bench.Network.Posts.Count();
        bench.Network.Script = null;
        var options = s_resume with { RetryFailed = retryFailed, RetryUnknown = retryUnknown };

        // The journal alone does not tell what the library will show.
        var wouldBeSent = expected.Contains("sent", StringComparison.Ordinal) || (before == "cut off" && retryUnknown);
        Assert.Equal(wouldBeSent, bench.Time.Run(() => new AssetSubmitter(bench.Client, bench.OpenJournal(), bench.Time.Clock).IsToBeSentAsync(row, options).AsTask()));
        var (events, end) = bench.Submit([row], options);

        Assert.Null(end);
        var told = events.Where(next => next is not RowsLookedUp).Select(next => next switch
        {
            TaskAccepted { Resumed: true } => "resumed",
            TaskAccepted => "sent",
            RowFailed failed => $"error {failed.Error.Delivery}",
            _ => next.ToString(),
        });
        Assert.Equal(expected, string.Join(' ', told));
        Assert.Equal(expected.Contains("sent", StringComparison.Ordinal) ? 1 : 0, bench.Network.Posts.Count() - sent);
        Assert.All(events.OfType<RowFailed>(), failed => Assert.Contains("-Retry", failed.Error.RecommendedAction, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("refused for a moment")]
    [InlineData("review failed")]
    public void Whatever_the_reason_was_it_is_sent_again_when_that_is_asked_for(string before)
    {
        var (bench, row) = After(before);
        bench.Network.Script = null;
        var (events, _) = bench.Submit([row], s_resume with { RetryFailed = true, RetryRefused = true });

        Assert.Single(events.OfType<TaskAccepted>(), accepted => !accepted.Resumed);
        Assert.Empty(events.OfType<RowFailed>());
    }

    /// <summary>Of what failed review, passing faults are sent again; a refusal is shown as it was, and one warning tells of all.</summary>
    [Theory]
    [InlineData("InternalServiceError", "oops", true)]
    [InlineData("task_failed", "part of the material failed", true)]
    [InlineData("", "", true)]
    [InlineData("FaceMismatch", "another face", false)]
    [InlineData("InputImageSensitiveContentDetected.PolicyViolation", "no", false)]
    [InlineData("400", "FaceMismatch: another face", false)]
    [InlineData("NobodyKnowsThis", "no", false)]
    public void What_failed_review_is_sent_again_by_its_reason(string code, string message, bool isPassing)
    {
        var bench = New();
        var rows = ClientFixture.Rows(2, s_cast, prefix: "reject");
        bench.Network.Sandbox.TaskFaults.Order([new() { ErrorCode = code, ErrorMessage = message }]);
        var task = bench.Wait(bench.Submit(rows).Events.OfType<TaskAccepted>().Single().Task);
        Assert.Equal((2, isPassing), (task.FailedAssets.Count, task.Error?.IsPassing ?? true));

        var (events, _) = bench.Submit(rows, s_resume with { RetryFailed = true });
        Assert.True(Assert.Single(events.OfType<TaskAccepted>(), accepted => accepted.Resumed).Task.IsFinal);
        Assert.Equal(isPassing ? 1 : 0, events.OfType<TaskAccepted>().Count(accepted => !accepted.Resumed));
        Assert.Equal(isPassing ? 2 : 1, bench.Network.Posts.Count());
        if (isPassing)
        {
            Assert.Empty(events.OfType<SubmitWarning>());
            return;
        }

        var warning = Assert.Single(events.OfType<SubmitWarning>()).Message;
        Assert.StartsWith($"2 row(s) failed before for a reason that does not pass by itself ({code}: 2)", warning, StringComparison.Ordinal);
        Assert.Contains("-RetryFailed -Force", warning, StringComparison.Ordinal);
        Assert.Single(bench.Submit(rows, s_resume with { RetryFailed = true, RetryRefused = true }).Events.OfType<TaskAccepted>(), accepted => !accepted.Resumed);
    }

    [Theory]
    [InlineData("accepted", "was accepted before, as task_")]
    [InlineData("unknown", "was sent before, and may have been accepted; it is sent again")]
    [InlineData("refused", null)]
    [InlineData("review failed", null)]
    [InlineData("unsent", null)]
    public void Without_Resume_everything_is_sent_and_what_may_be_paid_for_twice_is_told_once(string before, string? told)
    {
        var (bench, row) = After(before);
        AssetSource[] rows = [row, .. ClientFixture.Rows(30, s_cast, prefix: "other")];
        var sent = bench.Network.Posts.Count();
        bench.Network.Script = null;
        var (events, _) = bench.Submit(rows);
        var (again, _) = bench.Submit(rows, new SubmitOptions { BatchSize = 5 });

        Assert.Equal(2 + 7, bench.Network.Posts.Count() - sent);
        Assert.Equal(told is null ? 0 : 1, events.OfType<SubmitWarning>().Count());
        Assert.All(events.OfType<SubmitWarning>(), warning => Assert.Contains(told!, warning.Message, StringComparison.Ordinal));
        Assert.True(events.FindIndex(next => next is SubmitWarning) < events.FindIndex(next => next is TaskAccepted), "It comes before anything is paid for.");
        Assert.Single(again.OfType<SubmitWarning>());
        Assert.Empty(bench.Submit(rows, s_resume).Events.OfType<SubmitWarning>());
    }

    [Fact]
    public void A_resumed_task_comes_once_with_the_rows_it_was_sent_with()
    {
        var bench = New();
        bench.Submit(ClientFixture.Rows(45, s_cast));
        var (events, _) = bench.Submit(ClientFixture.Rows(60, s_cast), s_resume);

        var resumed = events.OfType<TaskAccepted>().Where(accepted => accepted.Resumed).Select(accepted => accepted.Task).ToList();
        Assert.Equal(bench.Network.Sandbox.Submissions.Take(3).Select(submission => submission.TaskId), resumed.Select(task => task.TaskId));
        Assert.Equal(ClientFixture.Rows(45).Select(row => (row.Name, row.SourceUrl)), resumed.SelectMany(task => task.Sources).Select(source => (source.Name, source.SourceUrl)));
        Assert.Equal(60, bench.Network.Sandbox.Tally.RowsAccepted);
        Assert.Equal(0, bench.Network.Sandbox.Tally.DuplicateRows);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(400)]
    public void What_took_no_effect_does_not_hide_what_was_accepted_before(int status)
    {
        var (bench, row) = After("accepted");
        bench.Network.Script = _ => Answers.Error(status);
        Assert.Single(bench.Submit([row]).Events.OfType<RowFailed>());
        bench.Network.Script = null;
        var sent = bench.Network.Posts.Count();
        var (events, _) = bench.Submit([row], s_resume);

        Assert.True(Assert.IsType<TaskAccepted>(Assert.Single(events)).Resumed);
        Assert.Equal(sent, bench.Network.Posts.Count());
    }

    [Fact]
    public void A_run_that_names_no_group_goes_on_with_the_one_its_earlier_run_described()
    {
        var bench = New();
        bench.Network.Script = call => call.Number == 2 ? Answers.Error(429, TimeSpan.FromHours(1)) : null;
        bench.Submit(ClientFixture.Rows(40), new() { ThrottleLimit = 1 });
        bench.Time.Advance(TimeSpan.FromHours(2));
        bench.Submit(ClientFixture.Rows(60), s_resume);

        Assert.Equal(60, bench.Network.Sandbox.Tally.RowsAccepted);
        Assert.Single(bench.Network.Sandbox.Submissions.Select(submission => submission.GroupId).Distinct());
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_group_that_is_known_by_name_and_id_is_matched_by_either(bool byName, bool byId)
    {
        var bench = New();
        bench.Submit(ClientFixture.Rows(3, s_cast));
        var id = bench.Network.Sandbox.Submissions[0].GroupId;
        var (events, _) = bench.Submit(ClientFixture.Rows(3, new AvatarGroup { Name = byName ? "cast" : null, GroupId = byId ? id : null }), s_resume);

        Assert.True(Assert.IsType<TaskAccepted>(Assert.Single(events)).Resumed);
        Assert.Single(bench.Network.Posts);
    }

    [Fact]
    public void Other_groups_projects_types_queries_and_accounts_are_other_rows()
    {
        var bench = New();
        var row = new AssetSource("https://example.com/a.png?v=1") { Name = "a", Group = s_cast };
        bench.Submit([row]);
        AssetSource[] others =
        [
            row with { Group = new AvatarGroup { Name = "crowd" } },
            row with { ProjectName = "spring" },
            row with { AssetType = AssetType.Video },
            row with { Address = "https://example.com/a.png?v=2" },
        ];
        foreach (var other in others)
        {
            Assert.False(Assert.IsType<TaskAccepted>(Assert.Single(bench.Submit([other], s_resume).Events)).Resumed);
        }

        var foreign = new AssetSubmitter(bench.Client, bench.OpenJournal("another account"), bench.Time.Clock);
        Assert.Null(bench.Time.Run(async () => await bench.OpenJournal("another account").FindAsync([JournalKey.Create("Image", "default", row.Address, s_cast)], TestContext.Current.CancellationToken))[0]);
        Assert.NotNull(foreign);
    }

    [Fact]
    public void A_renamed_row_is_the_same_row()
    {
        var (bench, row) = After("accepted");
        Assert.True(Assert.IsType<TaskAccepted>(Assert.Single(bench.Submit([row with { Name = "other", Row = 99 }], s_resume).Events)).Resumed);
    }

    [Fact]
    public void Two_runs_of_the_same_rows_at_once_send_each_row_once()
    {
        var bench = New();
        bench.Network.Sandbox.AddGroup("group_1", "known");
        var rows = ClientFixture.Rows(500, new AvatarGroup { GroupId = "group_1" });
        List<SubmitEvent> one = [], two = [];
        var first = bench.Time.Begin(() => bench.SubmitAsync(one, rows, s_resume with { BatchSize = 7 }, TestContext.Current.CancellationToken));
        var second = bench.Time.Begin(() => bench.SubmitAsync(two, rows.Reverse(), s_resume with { BatchSize = 3 }, TestContext.Current.CancellationToken));
        bench.Time.Finish(Task.WhenAll(first, second));

        Assert.Equal((500, 0), (bench.Network.Sandbox.Tally.RowsAccepted, bench.Network.Sandbox.Tally.DuplicateRows));
        foreach (var told in (List<SubmitEvent>[])[one, two])
        {
            // Each run tells of every row: as its own task, as the other's, or as under way there.
            var names = told.OfType<TaskAccepted>().SelectMany(accepted => accepted.Task.Sources).Select(source => source.Name)
                .Concat(told.OfType<RowFailed>().Select(failed => failed.Row.Name)).Distinct();
            Assert.Equal(500, names.Count() + told.OfType<RowsUnderWay>().Sum(left => left.Count));
        }
    }

    [Fact]
    public void Only_the_rows_that_failed_review_are_sent_again()
    {
        var bench = New();
        AssetSource[] rows = [.. ClientFixture.Rows(5, s_cast), .. ClientFixture.Rows(2, s_cast, prefix: "reject")];
        bench.Wait(bench.Submit(rows).Events.OfType<TaskAccepted>().Single().Task);
        bench.Submit(rows, s_resume with { RetryFailed = true });

        Assert.Equal(["reject-1", "reject-2"], bench.Network.Sandbox.Submissions[1].Assets.Select(asset => asset.Name));
    }

    private static ClientFixture New() => new() { JournalFile = new FakeJournalFile() };

    /// <summary>A first run of one row that ended like this.</summary>
    private static (ClientFixture ClientFixture, AssetSource Row) After(string state)
    {
        var bench = New();
        var row = ClientFixture.Rows(1, s_cast, prefix: state == "review failed" ? "reject" : "a")[0];
        bench.Network.Script = state switch
        {
            "refused" => _ => Answers.Error(400),
            "refused for a moment" => _ => Answers.Json(400, """{"error":{"code":"InternalServiceError","message":"try again"}}"""),
            "unknown" => _ => Answers.Error(500),
            "unsent" => _ => Answers.Error(429, TimeSpan.FromHours(1)),
            "stopped by 401" => _ => Answers.Error(401),
            "sent elsewhere by a proxy" => _ => new(System.Net.HttpStatusCode.TemporaryRedirect) { Content = new StringContent(""), Headers = { Location = new Uri("https://elsewhere.example/") } },
            _ => null,
        };
        if (state == "called off before it left")
        {
            using var stop = new CancellationTokenSource();
            bench.Network.Connect = (_, cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, bench.Time.Clock, cancellationToken);
            var running = bench.Time.Begin(() => bench.SubmitAsync([], [row], null, stop.Token));
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            stop.Cancel();
            bench.Time.Finish(running);
            bench.Network.Connect = null;
            return (bench, row);
        }

        var (events, _) = bench.Submit([row]);
        switch (state)
        {
            case "review failed":
                Assert.Single(bench.Wait(events.OfType<TaskAccepted>().Single().Task).FailedAssets);
                break;
            case "cut off":
                bench.JournalFile = new FakeJournalFile(string.Concat(((FakeJournalFile)bench.JournalFile!).Lines[..3].Select(line => line + "\n")));
                break;
            case "no journal":
                bench.JournalFile = new FakeJournalFile();
                break;
            default:
                break;
        }

        bench.Time.Advance(TimeSpan.FromHours(2));
        return (bench, row);
    }
}
