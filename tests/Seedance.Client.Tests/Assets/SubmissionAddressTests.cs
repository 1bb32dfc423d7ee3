using System.Text.Json;
using Seedance.Sandbox;

namespace Seedance.Client.Tests.Assets;

/// <summary>The newer address for submissions, and servers that have the older one alone.</summary>
public sealed class SubmissionAddressTests
{
    private const string Newer = "/v1/seedance2/private-avatar/assets";
    private const string Older = "/v1/seedance2/private-avatar";

    private static readonly AvatarGroup s_known = new() { GroupId = "group_1" };
    private static readonly SubmitOptions s_oneByOne = new() { ThrottleLimit = 1 };

    [Theory]
    [InlineData(NewerForm.Served, new[] { Newer, Newer, Newer })]
    [InlineData(NewerForm.NotFound, new[] { Newer, Older, Older, Older })]
    [InlineData(NewerForm.NotAllowed, new[] { Newer, Older, Older, Older })]
    public void The_older_address_is_used_where_the_newer_one_is_absent_which_is_remembered(NewerForm form, string[] paths)
    {
        var bench = Known(new SandboxOptions { NewerForm = form });
        var (events, end) = bench.Submit(ClientFixture.Rows(45, s_known), s_oneByOne);

        Assert.Null(end);
        Assert.Equal(45, events.OfType<TaskAccepted>().Sum(accepted => accepted.Task.Sources.Count));
        Assert.Equal(paths, bench.Network.Posts.Select(post => post.Address.AbsolutePath));
        Assert.Equal((45, 0), (bench.Network.Sandbox.Tally.RowsAccepted, bench.Network.Sandbox.Tally.DuplicateRows));

        var before = bench.Network.Posts.Count();
        bench.Submit(ClientFixture.Rows(1, s_known, prefix: "b"));
        Assert.Equal(paths[^1], Assert.Single(bench.Network.Posts.Skip(before)).Address.AbsolutePath);
    }

    /// <summary>Servers say in many ways that they have no such address, and none acts there.</summary>
    [Theory]
    [InlineData(404, """{"error":{"message":"Invalid URL (POST /v1/seedance2/private-avatar/assets)","type":"invalid_request_error","param":"","code":""}}""")]
    [InlineData(404, "404 page not found")]
    [InlineData(405, "<html><h1>405 Not Allowed</h1></html>")]
    [InlineData(404, "")]
    [InlineData(200, """{"code":404,"message":"no route"}""")]
    public void Whoever_says_that_the_address_is_not_there_is_believed(int status, string body)
    {
        var bench = Known();
        bench.Network.Script = call => call.Address.AbsolutePath == Newer ? Answers.Json(status, body) : null;
        var (events, _) = bench.Submit(ClientFixture.Rows(2, s_known));

        Assert.Single(events.OfType<TaskAccepted>());
        Assert.Equal([Newer, Older], bench.Network.Posts.Select(post => post.Address.AbsolutePath));
        Assert.Single(bench.Network.Posts.Select(post => post.IdempotencyKey).Distinct());
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(403)]
    public void What_says_anything_else_is_no_reason_to_ask_the_other_address(int status)
    {
        var bench = Known();
        bench.Network.Script = _ => Answers.Json(status, "<html>guard</html>");
        var (events, _) = bench.Submit(ClientFixture.Rows(2, s_known));

        Assert.All(events.OfType<RowFailed>(), failed => Assert.Equal(Delivery.Unknown, failed.Error.Delivery));
        Assert.Single(bench.Network.Posts);
    }

    /// <summary>Once it was seen to be there, a page between that says 404 may say so of what has been taken.</summary>
    [Fact]
    public void An_address_that_was_there_is_not_taken_for_absent()
    {
        var bench = Known();
        bench.Network.Script = call => call.Number == 2 ? Answers.Json(404, "<html>not found</html>") : null;
        var (events, _) = bench.Submit(ClientFixture.Rows(60, s_known), s_oneByOne);

        Assert.All(events.OfType<RowFailed>(), failed => Assert.Equal(Delivery.Unknown, failed.Error.Delivery));
        Assert.Equal(20, events.OfType<RowFailed>().Count());
        Assert.All(bench.Network.Posts, post => Assert.Equal(Newer, post.Address.AbsolutePath));
    }

    [Fact]
    public void A_group_that_does_not_exist_is_no_address_that_does_not()
    {
        var bench = Known();
        var (missing, _) = bench.Submit(ClientFixture.Rows(1, new AvatarGroup { GroupId = "group_none" }));
        var (found, _) = bench.Submit(ClientFixture.Rows(1, s_known));

        Assert.Equal(SeedanceErrorKind.NotFound, Assert.Single(missing.OfType<RowFailed>()).Error.Kind);
        Assert.Single(found.OfType<TaskAccepted>());
        Assert.Equal(Newer, bench.Network.Posts.Last().Address.AbsolutePath);
    }

    [Theory]
    [InlineData(NewerForm.Served, false, null)]
    [InlineData(NewerForm.NotFound, false, "This server has the older address*seedance-2.5 is not sent*")]
    [InlineData(NewerForm.Served, true, "A real person's material*seedance-2.5 is not sent*")]
    public void The_model_goes_where_it_is_known_and_a_warning_says_once_where_not(NewerForm form, bool isPerson, string? warning)
    {
        var bench = Known(new SandboxOptions { NewerForm = form });
        bench.Network.Sandbox.AddGroup("group_real", "person", realPerson: true);
        var group = isPerson ? new AvatarGroup { GroupId = "group_real", IsRealPerson = true } : s_known;
        var (events, _) = bench.Submit(ClientFixture.Rows(45, group, isPerson ? AssetType.Video : AssetType.Image), s_oneByOne with { Model = "seedance-2.5" });

        Assert.Equal(3, events.OfType<TaskAccepted>().Count());
        Assert.All(bench.Network.Sandbox.Submissions, submission =>
            Assert.Equal(warning is null ? "seedance-2.5" : null, JsonDocument.Parse(submission.Body).RootElement.TryGetProperty("model", out var model) ? model.GetString() : null));
        if (warning is null)
        {
            Assert.Empty(events.OfType<SubmitWarning>());
        }
        else
        {
            var parts = warning.Split('*');
            Assert.All(parts, part => Assert.Contains(part, Assert.Single(events.OfType<SubmitWarning>()).Message, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("assets", "of its own")]
    [InlineData("model", "of its own")]
    [InlineData(" ", "no name")]
    public void A_field_that_a_parameter_gives_is_turned_down_before_anything_is_sent(string field, string word)
    {
        var bench = Known();
        var (_, end) = bench.Submit(ClientFixture.Rows(1, s_known), new SubmitOptions { AdditionalFields = new Dictionary<string, object?> { [field] = 1 } });

        var failure = Assert.IsType<SeedanceException>(end);
        Assert.Equal("Seedance.InvalidInput", failure.ErrorId);
        Assert.Contains(word, failure.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Network.Calls);
    }

    [Theory]
    [InlineData(null, 15)]
    [InlineData("seedance-2.0", 15)]
    [InlineData("Doubao-Seedance-2.0-Face", 15)]
    [InlineData("seedance-2.0-mini", 15)]
    [InlineData("seedance-2.5", 30)]
    [InlineData("seedance-3", null)]
    public void The_length_of_clips_goes_by_the_model(string? model, int? seconds) => Assert.Equal(seconds, AssetRules.MaxSeconds(model));

    private static ClientFixture Known(SandboxOptions? options = null)
    {
        var bench = new ClientFixture(options);
        bench.Network.Sandbox.AddGroup("group_1", "known");
        return bench;
    }
}
