using System.Text.Json;
using Seedance.Sandbox;

namespace Seedance.Client.Tests;

public sealed class IdentityVerifierTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Opening_sends_what_the_page_documents_and_reads_the_session_out_of_its_task()
    {
        await using var house = new IdentityFixture();
        var session = await house.OpenAsync("Ann");

        Assert.True(JsonElement.DeepEquals(Sample("real-avatar.session.request.json"), JsonDocument.Parse(Assert.Single(house.Posts)).RootElement));
        Assert.StartsWith("token_", session.BytedToken, StringComparison.Ordinal);
        Assert.Contains($"/h5/verify?bytedToken={session.BytedToken}&lng=zh", session.H5Link, StringComparison.Ordinal);
        Assert.Equal(house.Time.GetUtcNow() + TimeSpan.FromSeconds(120), session.ExpiresAt);
        Assert.Equal(("Ann", "default", "https://example.com/callback"), (session.Name, session.ProjectName, session.CallbackUrl));

        house.Time.Advance(TimeSpan.FromSeconds(119.9));
        Assert.False(session.IsExpired);
        house.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(session.IsExpired);
    }

    [Fact]
    public async Task A_link_that_comes_late_or_from_the_service_behind_is_read_too()
    {
        await using var house = new IdentityFixture();
        var looks = 0;
        house.After = request => request.Method == HttpMethod.Post ? null : Answers.Json(200, ++looks == 1
            ? """{"code":200,"data":{"id":"t","status":"processing"}}"""
            : """{"code":200,"data":{"id":"t","status":"completed","result":{"raw_response":{"Result":{"BytedToken":"abc-token","H5Link":"https://h5.example/x?a=1"}}}}}""");
        var opening = house.OpenAsync();
        while (!opening.IsCompleted)
        {
            house.Time.AdvanceToNext();
            await Task.Yield();
        }

        var session = await opening;
        Assert.Equal(("abc-token", "https://h5.example/x?a=1", 2), (session.BytedToken, session.H5Link, looks));
    }

    [Fact]
    public async Task A_session_without_a_link_is_an_error_that_says_so()
    {
        await using var house = new IdentityFixture();
        house.After = request => request.Method == HttpMethod.Post ? null
            : Answers.Json(200, """{"code":200,"data":{"id":"t","status":"completed","result":{"byted_token":"secret-token-1"}}}""");
        var e = await Assert.ThrowsAsync<SeedanceException>(() => house.OpenAsync());
        Assert.Equal(SeedanceErrorKind.InvalidAnswer, e.Kind);
        Assert.Contains("without a link or a token", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token-1", e.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("callback", "not an absolute")]
    [InlineData("/callback", "not an absolute")]
    [InlineData("", "not an absolute")]
    [InlineData("ftp://example.com/x?secret=1", "not an http")]
    [InlineData("mailto:a@example.com", "not an absolute")]
    [InlineData("https://example.com/x#y", "fragment")]
    public async Task A_callback_that_no_phone_can_be_sent_to_is_refused_before_anything_is_sent(string url, string why)
    {
        await using var house = new IdentityFixture();
        var e = await Assert.ThrowsAsync<SeedanceException>(() => house.Desk.OpenAsync(new IdentityOptions { CallbackUrl = url }, Cancellation));
        Assert.Equal(SeedanceErrorKind.InvalidInput, e.Kind);
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
        Assert.Empty(house.Posts);
    }

    [Theory]
    [InlineData(GroupIdPlace.Result)]
    [InlineData(GroupIdPlace.RawResponse)]
    [InlineData(GroupIdPlace.Response)]
    public async Task Completing_gives_the_person_s_group_from_wherever_it_is_told(GroupIdPlace place)
    {
        await using var house = new IdentityFixture(new SandboxOptions { GroupIdPlace = place });
        var session = await house.OpenAsync("Ann", "spring");
        house.Finish(session);
        var person = await house.Desk.CompleteAsync(session, cancellationToken: Cancellation);

        Assert.Null(person.Notice);
        Assert.True(person.Group is { Name: "Ann", ProjectName: "spring", IsRealPerson: true });
        Assert.Equal($$"""{"byted_token":"{{session.BytedToken}}","project_name":"spring"}""", house.Posts[1]);

        // The sandbox takes that person's material under it.
        var task = await house.Connection.GetClient().SubmitAssetsAsync(
            new AssetBatch(person.Group, "spring", AssetType.Video, [new AssetSource("https://example.com/a.mp4")]), Cancellation);
        Assert.Equal(person.Group.GroupId, house.Sandbox.Submissions[^1].GroupId);
        Assert.NotEmpty(task.TaskId);
    }

    [Fact]
    public async Task A_group_id_without_a_task_id_is_enough()
    {
        await using var house = new IdentityFixture();
        var session = await house.OpenAsync();
        house.After = request => Answers.Json(200, """{"code":200,"data":{"status":"completed","raw_response":{"Result":{"GroupId":"group_x"}}}}""");
        Assert.Equal("group_x", (await house.Desk.CompleteAsync(session, "Bo", Cancellation)).Group.GroupId);
    }

    [Fact]
    public async Task A_token_is_asked_about_once_however_it_is_named()
    {
        await using var house = new IdentityFixture();
        var session = await house.OpenAsync("Ann");
        house.Finish(session);
        var person = await house.Desk.CompleteAsync(session, cancellationToken: Cancellation);

        foreach (var again in new Func<Task>[]
        {
            () => house.Desk.CompleteAsync(session, cancellationToken: Cancellation),
            () => house.Desk.CompleteAsync(session with { Name = "Other" }, cancellationToken: Cancellation),
            () => house.Desk.CompleteAsync(session.BytedToken, cancellationToken: Cancellation),
            () => house.Connection.CreateIdentityVerifier().CompleteAsync(session.BytedToken, cancellationToken: Cancellation),
        })
        {
            var e = await Assert.ThrowsAsync<SeedanceException>(again);
            Assert.Equal(SeedanceErrorKind.TokenSpent, e.Kind);
            Assert.Contains(person.Group.GroupId!, e.RecommendedAction, StringComparison.Ordinal);
            Assert.DoesNotContain(session.BytedToken, e.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(2, house.Posts.Count);
    }

    [Fact]
    public async Task Two_at_once_ask_once()
    {
        await using var house = new IdentityFixture();
        var session = await house.OpenAsync();
        house.Finish(session);
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            try
            {
                return (await house.Desk.CompleteAsync(session, cancellationToken: Cancellation)).Group.GroupId;
            }
            catch (SeedanceException e) when (e.Kind == SeedanceErrorKind.TokenSpent)
            {
                return null;
            }
        })));
        Assert.Single(all, id => id is not null);
        Assert.Equal(2, house.Posts.Count);
    }

    [Fact]
    public async Task Asking_too_early_is_told_in_the_api_s_words_without_the_token_and_spends_it()
    {
        await using var house = new IdentityFixture();
        var session = await house.OpenAsync();
        var e = await Assert.ThrowsAsync<SeedanceException>(() => house.Desk.CompleteAsync(session, cancellationToken: Cancellation));
        Assert.Equal(SeedanceErrorKind.InvalidRequest, e.Kind);
        Assert.Contains("has not been finished", e.Message, StringComparison.Ordinal);

        e = await Assert.ThrowsAsync<SeedanceException>(() => house.Desk.CompleteAsync(session, cancellationToken: Cancellation));
        Assert.Equal(SeedanceErrorKind.TokenSpent, e.Kind);
        Assert.Equal(2, house.Posts.Count);
    }

    [Fact]
    public async Task A_server_that_repeats_the_token_does_not_get_it_into_the_error_or_the_journal()
    {
        await using var house = new IdentityFixture();
        var session = await house.OpenAsync();
        house.After = request => Answers.Error(400, $"the token {session.BytedToken} is unknown");
        var e = await Assert.ThrowsAsync<SeedanceException>(() => house.Desk.CompleteAsync(session, cancellationToken: Cancellation));
        Assert.Contains("the token *** is unknown", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(session.BytedToken, $"{e} {e.ApiMessage} {e.Code} {e.RecommendedAction} {house.Journal()}", StringComparison.Ordinal);
        Assert.Contains("***", house.Journal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_surely_was_not_used_is_still_good()
    {
        await using var house = new IdentityFixture();
        var session = await house.OpenAsync();
        house.Finish(session);
        foreach (var status in new[] { 503, 401, 402, 403 })
        {
            house.Before = request => Answers.Error(status);
            var e = await Assert.ThrowsAsync<SeedanceException>(() => house.Desk.CompleteAsync(session, cancellationToken: Cancellation));
            Assert.Contains("was not used", e.RecommendedAction, StringComparison.Ordinal);
        }

        house.Before = null;
        Assert.NotNull((await house.Desk.CompleteAsync(session, cancellationToken: Cancellation)).Group.GroupId);
    }

    [Fact]
    public async Task When_nobody_knows_whether_the_token_was_used_asking_again_tells()
    {
        await using var house = new IdentityFixture();
        var session = await house.OpenAsync();
        house.Finish(session);
        house.Before = request => Answers.Error(500);
        var e = await Assert.ThrowsAsync<SeedanceException>(() => house.Desk.CompleteAsync(session, cancellationToken: Cancellation));
        Assert.Equal(Delivery.Unknown, e.Delivery);
        house.Before = null;
        Assert.NotNull((await house.Desk.CompleteAsync(session, cancellationToken: Cancellation)).Group.GroupId);
    }

    [Fact]
    public async Task An_outcome_that_could_not_be_read_is_read_later_and_not_asked_for_again()
    {
        await using var house = new IdentityFixture();
        var session = await house.OpenAsync("Ann");
        house.Finish(session);
        house.Before = request => request.Method == HttpMethod.Get ? Answers.Error(404) : null;
        var e = await Assert.ThrowsAsync<SeedanceException>(() => house.Desk.CompleteAsync(session, cancellationToken: Cancellation));
        Assert.Contains("Get-SeedanceTask -TaskId task_", e.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains("outcome that was not read", IdentityVerifier.DescribeCalledOff(session), StringComparison.Ordinal);

        house.Before = null;
        var person = await house.Desk.CompleteAsync(session, cancellationToken: Cancellation);
        Assert.Equal("Ann", person.Group.Name);
        Assert.NotNull(person.Group.GroupId);
        Assert.Equal(2, house.Posts.Count);
    }

    [Fact]
    public async Task A_wait_called_off_while_the_answer_is_on_its_way_loses_nothing()
    {
        foreach (var place in new[] { GroupIdPlace.Response, GroupIdPlace.Result })
        {
            await using var house = new IdentityFixture(new SandboxOptions { GroupIdPlace = place });
            var session = await house.OpenAsync("Ann");
            house.Finish(session);
            using var stop = new CancellationTokenSource();
            house.After = request =>
            {
                stop.Cancel();
                return null;
            };
            if (place == GroupIdPlace.Response)
            {
                var person = await house.Desk.CompleteAsync(session, cancellationToken: stop.Token);
                Assert.Contains(person.Group.GroupId!, IdentityVerifier.DescribeCalledOff(session), StringComparison.Ordinal);
            }
            else
            {
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => house.Desk.CompleteAsync(session, cancellationToken: stop.Token));
                var task = Assert.Single(house.Connection.GetJournal().ReadTasks());
                Assert.Contains($"Get-SeedanceTask -TaskId {task.TaskId}", IdentityVerifier.DescribeCalledOff(session), StringComparison.Ordinal);

                // As Get-SeedanceTask finds it: the journal's name, the server's id.
                var found = await house.Connection.GetClient().GetTaskAsync((await house.Connection.GetJournal().FindTaskAsync(task.TaskId, Cancellation))!, cancellationToken: Cancellation);
                Assert.True(found.Group is { Name: "Ann", IsRealPerson: true, GroupId: not null });
            }
        }
    }

    [Fact]
    public async Task A_task_that_says_no_is_the_outcome()
    {
        await using var house = new IdentityFixture();
        var session = await house.OpenAsync();
        house.After = request => Answers.Json(200, request.Method == HttpMethod.Post
            ? """{"code":200,"data":{"id":"task_no","status":"processing"}}"""
            : """{"code":200,"data":{"id":"task_no","status":"failed","error":{"code":"face","message":"no match"}}}""");
        var e = await Assert.ThrowsAsync<SeedanceException>(() => house.Desk.CompleteAsync(session, cancellationToken: Cancellation));
        Assert.Equal(SeedanceErrorKind.NotVerified, e.Kind);
        Assert.Contains("face: no match", e.Message, StringComparison.Ordinal);
        Assert.Equal(SeedanceErrorKind.TokenSpent, (await Assert.ThrowsAsync<SeedanceException>(() => house.Desk.CompleteAsync(session, cancellationToken: Cancellation))).Kind);
    }

    [Fact]
    public async Task The_journal_remembers_group_and_name_and_neither_link_nor_token()
    {
        await using var house = new IdentityFixture();
        var session = await house.OpenAsync("Ann");
        house.Finish(session);
        var person = await house.Desk.CompleteAsync(session, cancellationToken: Cancellation);

        var journal = house.Journal();
        Assert.Contains(person.Group.GroupId!, journal, StringComparison.Ordinal);
        Assert.Contains("\"Ann\"", journal, StringComparison.Ordinal);
        Assert.DoesNotContain(session.BytedToken, journal, StringComparison.Ordinal);
        Assert.DoesNotContain("h5", journal, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("callback", journal, StringComparison.OrdinalIgnoreCase);

        // As another process reads it.
        await using var later = new SeedanceConnection(new SeedanceConnectionOptions { Handler = new HttpClientHandler(), JournalPath = house.JournalPath });
        var task = Assert.Single(later.GetJournal().ReadTasks());
        Assert.Equal(person.Group, task.Group);
        Assert.Equal((TaskKind.IdentityResult, SeedanceTaskStatus.Completed), (task.Kind, task.Status));
        Assert.Equal(person.Group, (await later.GetJournal().FindTaskAsync(task.TaskId, Cancellation))!.Group);
    }

    [Fact]
    public async Task A_person_without_a_name_is_remembered_as_a_person()
    {
        await using var house = new IdentityFixture(new SandboxOptions { GroupIdPlace = GroupIdPlace.RawResponse });
        var session = await house.OpenAsync();
        house.Finish(session);
        var person = await house.Desk.CompleteAsync(session, cancellationToken: Cancellation);
        Assert.Equal(person.Group, Assert.Single(house.Connection.GetJournal().ReadTasks()).Group);
        Assert.True(person.Group.IsRealPerson);
    }

    [Fact]
    public async Task What_cannot_be_recorded_is_not_asked_and_the_token_stays_good()
    {
        var file = Path.Combine(Path.GetTempPath(), $"seedance-no-journal-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(file, "this is somebody else's file\n", Cancellation);
        try
        {
            await using var house = new IdentityFixture(journalPath: file);
            var session = await house.OpenAsync();
            house.Finish(session);
            var e = await Assert.ThrowsAsync<SeedanceException>(() => house.Desk.CompleteAsync(session, cancellationToken: Cancellation));
            Assert.Equal(SeedanceErrorKind.JournalUnavailable, e.Kind);
            Assert.Single(house.Posts);

            await File.WriteAllTextAsync(file, string.Empty, Cancellation);
            Assert.NotNull((await house.Desk.CompleteAsync(session, cancellationToken: Cancellation)).Group.GroupId);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_session_shows_its_secrets_to_nobody_who_does_not_ask_for_them()
    {
        await using var house = new IdentityFixture();
        var session = await house.OpenAsync("Ann");
        Assert.Equal("Ann", $"{session}");
        Assert.Equal(session.TaskId, $"{session with { Name = null }}");
    }

    [Fact]
    public async Task Two_people_of_one_name_are_two()
    {
        await using var house = new IdentityFixture();
        var rows = new[] { new AssetSource("https://example.com/a.mp4") { AssetType = AssetType.Video } };
        var tasks = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var session = await house.OpenAsync("Alex");
            house.Finish(session);
            var person = await house.Desk.CompleteAsync(session, cancellationToken: Cancellation);
            await foreach (var next in house.Connection.CreateSubmitter().SubmitAsync(rows, new SubmitOptions { Group = person.Group, Resume = true }, Cancellation).Where(next => next is not RunEnded))
            {
                tasks.Add(((TaskAccepted)next).Task.TaskId);
            }
        }

        Assert.Equal(2, tasks.Distinct().Count());
    }

    private static JsonElement Sample(string name) => JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", name))).RootElement;
}
