using Seedance.Sandbox;

namespace Seedance.Client.Tests.Settling;

/// <summary>What the library says of submissions whose answers were lost, under -Resume.</summary>
public sealed class SettlingTests
{
    private static readonly AvatarGroup s_cast = new() { Name = "cast" };
    private static readonly SubmitOptions s_resume = new() { Resume = true };

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(45)]
    public void What_was_accepted_is_found_and_given_out_with_its_assets(int count)
    {
        var fixture = With(new LibraryOptions());
        var rows = ClientFixture.Rows(count, s_cast);
        LoseAnswers(fixture, rows);
        var before = fixture.Time.Elapsed;
        var (events, end) = fixture.Submit(rows, s_resume);

        Assert.Null(end);
        Assert.Equal(count, Assert.Single(events.OfType<RowsLookedUp>()).Count);
        var tasks = events.OfType<TaskAccepted>().Select(accepted => accepted.Task).ToList();
        Assert.Equal(rows.Select(row => row.Name), tasks.SelectMany(task => task.Assets).Select(asset => asset.Name).Order(new Numbers()));
        Assert.All(tasks, task => Assert.Equal((true, SeedanceTaskStatus.Completed, "group_cast"), (task.IsFromLibrary, task.Status, task.GroupId)));
        Assert.All(tasks.SelectMany(task => task.Assets), asset => Assert.Equal((true, MatchedBy.Name), (asset.IsUsable, asset.MatchedBy)));
        Assert.True(fixture.Time.Elapsed - before < TimeSpan.FromSeconds(5), "What is found at once is not waited for.");
        Assert.Equal((count, 0), (fixture.Network.Sandbox.Tally.RowsAccepted, fixture.Network.Sandbox.Tally.DuplicateRows));

        // And it stays so, without asking again.
        var calls = fixture.Network.Calls.Count;
        Assert.Equal(tasks.Count, fixture.Submit(rows, s_resume).Events.OfType<TaskAccepted>().Count());
        Assert.Equal(calls, fixture.Network.Calls.Count);
    }

    [Fact]
    public void A_thousand_rows_of_one_group_are_looked_up_with_one_list()
    {
        var fixture = With(new LibraryOptions());
        var rows = ClientFixture.Rows(1_000, s_cast);
        LoseAnswers(fixture, rows);
        var calls = fixture.Network.Calls.Count;
        fixture.Submit(rows, s_resume);

        Assert.Equal(11, fixture.Network.Calls.Count - calls);
    }

    [Fact]
    public void A_hundred_thousand_entries_of_others_are_passed_over()
    {
        var fixture = With(new LibraryOptions { ForeignAssets = 100_000, ForeignNames = ["a-1", "a-2"] });
        fixture.Network.Latency = TimeSpan.Zero;
        var rows = ClientFixture.Rows(2, s_cast);
        LoseAnswers(fixture, rows);
        Assert.Equal(2, Assert.Single(fixture.Submit(rows, s_resume).Events.OfType<TaskAccepted>()).Task.Assets.Count);
    }

    [Fact]
    public void What_is_not_there_is_said_with_the_times_after_a_minute_and_sent_again_only_on_request()
    {
        var fixture = With(new LibraryOptions());
        fixture.Network.Script = call => call.IsPost ? Answers.Error(500) : null;
        var rows = ClientFixture.Rows(3, s_cast);
        fixture.Submit(rows);
        fixture.Network.Script = null;
        var before = fixture.Time.Elapsed;
        var failed = fixture.Submit(rows, s_resume).Events.OfType<RowFailed>().ToList();

        Assert.Equal(3, failed.Count);
        Assert.InRange(fixture.Time.Elapsed - before, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1.1));
        Assert.All(failed, row => Assert.Matches(@"asked 4 times, at \d\d:\d\d:\d\d, .*it is not in group 'cast': most likely it was not accepted", row.Error.Message));
        Assert.All(failed, row => Assert.Equal("Seedance.OutcomeUnknown", row.Error.ErrorId));
        Assert.Equal(0, fixture.Network.Sandbox.Tally.RowsAccepted);

        Assert.False(Assert.Single(fixture.Submit(rows, s_resume with { RetryUnknown = true }).Events.OfType<TaskAccepted>()).Resumed);
        Assert.Equal((3, 0), (fixture.Network.Sandbox.Tally.RowsAccepted, fixture.Network.Sandbox.Tally.DuplicateRows));
    }

    [Fact]
    public void RetryUnknown_sends_nothing_that_is_there()
    {
        var fixture = With(new LibraryOptions());
        var rows = ClientFixture.Rows(3, s_cast);
        LoseAnswers(fixture, rows);
        Assert.True(Assert.Single(fixture.Submit(rows, s_resume with { RetryUnknown = true }).Events.OfType<TaskAccepted>()).Resumed);
        Assert.Equal(0, fixture.Network.Sandbox.Tally.DuplicateRows);
    }

    [Fact]
    public void RetryUnknown_sends_nothing_that_is_accepted_after_all_before_it_leaves()
    {
        var fixture = With(new LibraryOptions { VisibleAfter = TimeSpan.FromMinutes(10) });
        var rows = ClientFixture.Rows(3, s_cast);
        LoseAnswers(fixture, rows);
        fixture.Network.Script = null;
        var journal = new LateOutcomeJournal(fixture.OpenJournal(), fixture.OpenJournal());
        var events = new List<SubmitEvent>();
        fixture.Time.Finish(fixture.Time.Begin(async () =>
        {
            await foreach (var next in new AssetSubmitter(fixture.Client, journal, fixture.Time.Clock).SubmitAsync(rows, s_resume with { RetryUnknown = true }))
            {
                events.Add(next);
            }
        }));

        var accepted = Assert.Single(events.OfType<TaskAccepted>());
        Assert.Equal((true, "task_late"), (accepted.Resumed, accepted.Task.TaskId));
        Assert.Equal((3, 0), (fixture.Network.Sandbox.Tally.RowsAccepted, fixture.Network.Sandbox.Tally.DuplicateRows));
    }

    [Fact]
    public void What_shows_only_after_a_while_is_found()
    {
        var fixture = With(new LibraryOptions { VisibleAfter = TimeSpan.FromSeconds(25) });
        var rows = ClientFixture.Rows(3, s_cast);
        LoseAnswers(fixture, rows);
        Assert.Single(fixture.Submit(rows, s_resume).Events.OfType<TaskAccepted>());
    }

    public static TheoryData<string, string> Unclear() => new()
    {
        { "no library", "could not be read" },
        { "a web page", "could not be read" },
        { "hidden", "none of the assets that are known" },
        { "ends early", "was not whole" },
        { "no groups told", "was not whole" },
        { "two entries", "more than one" },
        { "another row of the name", "more than one" },
        { "case", "an entry 'A-1'" },
        { "cut", "an entry 'a-with-a-lon'" },
        { "two groups", "2 groups" },
        { "64 characters", "like one of the rows'" },
    };

    [Theory]
    [MemberData(nameof(Unclear))]
    public void What_cannot_be_told_stays_unknown_and_says_why(string why, string expected)
    {
        var fixture = With(new LibraryOptions { Paging = why == "ends early" ? LibraryPaging.EndsEarly : LibraryPaging.Honored });
        var server = fixture.Network.Sandbox;
        var row = ClientFixture.Rows(1, s_cast)[0];
        switch (why)
        {
            case "hidden":
                fixture.Wait(fixture.Submit(ClientFixture.Rows(1, s_cast, prefix: "known")).Events.OfType<TaskAccepted>().Single().Task);
                break;
            case "two entries":
                server.AddAsset("asset_x", "a-1", "group_cast");
                server.AddAsset("asset_y", "a-1", "group_cast");
                break;
            case "another row of the name":
                fixture.Submit([row with { Address = "https://example.com/other.png" }]);
                break;
            case "case":
                server.AddAsset("asset_x", "A-1", "group_cast");
                break;
            case "cut":
                row = row with { Name = "a-with-a-long-name" };
                server.AddAsset("asset_x", "a-with-a-lon", "group_cast");
                break;
            case "ends early":
                Enumerable.Range(1, 150).ToList().ForEach(i => server.AddAsset($"asset_{i}", $"other-{i}", "group_cast"));
                break;
            case "64 characters":
                // The server cuts names, and both of these come to the same.
                row = row with { Name = new string('n', 63) + "1" };
                server.AddAsset("asset_x", new string('n', 60), "group_cast");
                server.AddAsset("asset_y", new string('n', 60), "group_cast");
                break;
            case "two groups":
                server.AddGroup("group_other", "cast");
                break;
            default:
                break;
        }

        fixture.Network.Script = call => call.IsPost ? Answers.Error(500) : null;
        fixture.Submit([row]);
        server.Configure(server.Options with { Library = server.Options.Library with { HidesOwn = why == "hidden" } });
        fixture.Network.Script = call => (why, call.Address.AbsolutePath.EndsWith("/assets", StringComparison.Ordinal)) switch
        {
            ("no library", _) => Answers.Error(404, "nothing here"),
            ("a web page", _) => Answers.Json(200, "<html></html>"),
            ("no groups told", true) => Answers.Json(200, """{"Result":{"Items":[{"Id":"asset_1","Name":"a-1","Status":"Active"}]}}"""),
            _ => null,
        };
        var failed = Assert.Single(fixture.Submit([row], s_resume).Events.OfType<RowFailed>());

        Assert.Equal(Delivery.Unknown, failed.Error.Delivery);
        Assert.Contains(expected, failed.Error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("most likely", failed.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a-10")]
    [InlineData("xa-1")]
    [InlineData("b")]
    public void Other_names_and_other_groups_are_nobodys(string other)
    {
        var fixture = With(new LibraryOptions { ForeignGroups = 2, ForeignAssets = 30, ForeignNames = ["a-1", "cast and crew"], IgnoresGroup = true });
        fixture.Network.Sandbox.AddAsset("asset_x", other, "group_cast");
        var row = ClientFixture.Rows(1, s_cast)[0];
        fixture.Network.Script = call => call.IsPost ? Answers.Error(500) : null;
        fixture.Submit([row]);
        fixture.Network.Script = null;

        Assert.Contains("most likely it was not accepted", Assert.Single(fixture.Submit([row], s_resume).Events.OfType<RowFailed>()).Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_older_than_the_request_is_not_of_it()
    {
        var fixture = With(new LibraryOptions());
        fixture.Time.Advance(TimeSpan.FromDays(30));
        fixture.Network.Script = call => call.IsPost ? Answers.Error(500) : null;
        var row = ClientFixture.Rows(1, s_cast)[0];
        fixture.Submit([row]);
        var made = fixture.Time.Clock.GetUtcNow() - TimeSpan.FromDays(1);
        fixture.Network.Script = call => call.Address.AbsolutePath.EndsWith("/assets", StringComparison.Ordinal)
            ? Answers.Json(200, $$$"""{"Result":{"Items":[{"Id":"asset_1","Name":"a-1","Status":"Active","GroupId":"group_cast","CreateTime":"{{{made:O}}}"}]}}""") : null;

        Assert.Single(fixture.Submit([row], s_resume).Events.OfType<RowFailed>());
    }

    [Fact]
    public void Where_one_row_of_a_request_is_there_all_were_accepted_and_none_is_sent_again()
    {
        var fixture = With(new LibraryOptions());
        var rows = ClientFixture.Rows(3, s_cast);
        LoseAnswers(fixture, rows);
        var gone = fixture.Time.Run(async () =>
        {
            await foreach (var entry in fixture.Client.ListAssets("group_cast"))
            {
                if (entry.Name == "a-2")
                {
                    return await fixture.Client.DeleteAssetAsync(entry.AssetId);
                }
            }

            return false;
        });
        Assert.True(gone);
        var task = Assert.Single(fixture.Submit(rows, s_resume).Events.OfType<TaskAccepted>()).Task;
        Assert.Equal(3, task.Sources.Count);
        Assert.Equal(["a-1", "a-3"], task.Assets.Select(asset => asset.Name));

        var events = fixture.Submit(rows, s_resume with { RetryFailed = true, RetryUnknown = true }).Events;
        Assert.Single(events.OfType<TaskAccepted>());
        Assert.Contains("a-2", Assert.Single(events.OfType<RowFailed>()).Error.Message, StringComparison.Ordinal);
        Assert.Equal(0, fixture.Network.Sandbox.Tally.DuplicateRows);
    }

    [Fact]
    public void Rows_of_a_run_that_is_called_off_while_the_library_is_asked_are_counted_as_unknown()
    {
        var fixture = With(new LibraryOptions());
        fixture.Network.Script = call => call.IsPost ? Answers.Error(500) : null;
        var rows = ClientFixture.Rows(3, s_cast);
        fixture.Submit(rows);
        fixture.Network.Script = null;
        using var stop = new CancellationTokenSource();
        var running = fixture.Time.Begin(() => fixture.SubmitAsync([], rows, s_resume, stop.Token));
        fixture.Time.Advance(TimeSpan.FromSeconds(20));
        stop.Cancel();
        fixture.Time.Finish(running);

        Assert.True(running.IsCanceled);
        Assert.Equal((3, 3, 0), (fixture.LastRun!.Rows, fixture.LastRun.Unknown, fixture.LastRun.NotAccepted));
    }

    [Fact]
    public void What_is_still_under_review_is_waited_for_in_the_library()
    {
        var fixture = With(new LibraryOptions(), new SandboxOptions { ReviewTime = new TimeRange(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10)) });
        AssetSource[] rows = [.. ClientFixture.Rows(2, s_cast), .. ClientFixture.Rows(1, s_cast, prefix: "reject")];
        LoseAnswers(fixture, rows);
        var task = Assert.Single(fixture.Submit(rows, s_resume).Events.OfType<TaskAccepted>()).Task;
        Assert.False(task.IsFinal);
        Assert.Equal(0, fixture.Submit(rows, s_resume with { RetryFailed = true }).Events.OfType<TaskAccepted>().Count(accepted => !accepted.Resumed));

        var ended = fixture.Wait(task);
        Assert.Equal((SeedanceTaskStatus.Failed, 2, 1), (ended.Status, ended.UsableAssets.Count, ended.FailedAssets.Count));
        Assert.DoesNotContain(fixture.Network.Calls, call => call.Address.AbsolutePath.Contains("/tasks/", StringComparison.Ordinal));
        fixture.Submit(rows, s_resume with { RetryFailed = true, RetryRefused = true });
        Assert.Equal(["reject-1"], fixture.Network.Sandbox.Submissions[^1].Assets.Select(asset => asset.Name));
    }

    private static ClientFixture With(LibraryOptions library, SandboxOptions? options = null)
    {
        var fixture = new ClientFixture((options ?? new SandboxOptions()) with { Library = library }) { JournalFile = new FakeJournalFile() };
        fixture.Network.Sandbox.AddGroup("group_cast", "cast");
        return fixture;
    }

    /// <summary>A first run whose submissions are all accepted, and none of them answered.</summary>
    private static void LoseAnswers(ClientFixture fixture, AssetSource[] rows)
    {
        fixture.Network.Script = call =>
        {
            if (!call.IsPost)
            {
                return null;
            }

            fixture.Network.Sandbox.Handle(new SandboxRequest(
                call.Method, call.Address.AbsolutePath, "", call.Authorization, "application/json", System.Text.Encoding.UTF8.GetBytes(call.Body!)));
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "Connection reset by peer");
        };
        Assert.All(fixture.Submit(rows).Events, next => Assert.Equal(Delivery.Unknown, Assert.IsType<RowFailed>(next).Error.Delivery));
        fixture.Network.Script = null;
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
    }

    private sealed class Numbers : IComparer<string?>
    {
        public int Compare(string? x, string? y) => int.Parse(x!.Split('-')[1], null) - int.Parse(y!.Split('-')[1], null);
    }
}
