using System.Text;

namespace Seedance.Client.Tests.Api;

/// <summary>What is sent equals the API's samples field by field; what they answer is read.</summary>
public sealed class SampleTests
{
    private static readonly AvatarGroup s_known = new() { GroupId = "group_xxx" };

    private const string Newer = "/v1/seedance2/private-avatar/assets";
    private const string Older = "/v1/seedance2/private-avatar";

    [Fact]
    public void A_single_asset_of_a_known_group_goes_in_the_single_form_to_the_older_address() =>
        Sends("private-avatar.request.single", new AssetBatch(s_known, null, AssetType.Image, [Row("avatar.png", "avatar-1")]), Older);

    [Theory]
    [InlineData(Newer)]
    [InlineData(Older)]
    public void Two_assets_of_a_described_group_go_in_the_list_form(string path) =>
        Sends("private-avatar.request.batch",
            new AssetBatch(new AvatarGroup { Name = "virtual-avatar-group", Description = "demo group" }, "default", AssetType.Image, [Row("avatar-a.png", "avatar-a"), Row("avatar-b.png", "avatar-b")]), path);

    [Fact]
    public void The_newer_address_knows_no_single_form() =>
        Sends("private-avatar.request.append", new AssetBatch(s_known, "default", AssetType.Image, [Row("avatar-a.png", "avatar-a")]), Newer);

    /// <summary>The model is a field of the newer address alone; what this version does not know goes to either.</summary>
    [Theory]
    [InlineData(Newer, """{"model":"seedance-2.5","group_id":"group_xxx","asset_type":"Video","assets":[{"url":"https://example.com/a.mp4","name":"a"}],"a":[1,"x"],"later":true}""")]
    [InlineData(Older, """{"group_id":"group_xxx","url":"https://example.com/a.mp4","asset_type":"Video","name":"a","a":[1,"x"],"later":true}""")]
    public void Model_and_additional_fields_go_beside_the_rows(string path, string body) =>
        Assert.Equal(body, Body(
            new AssetBatch(s_known, null, AssetType.Video, [Row("a.mp4", "a")])
            {
                Model = "seedance-2.5",
                AdditionalFields = new Dictionary<string, object?> { ["later"] = true, ["a"] = new object[] { 1, "x" } },
            },
            path));

    /// <summary>The page's list form with one asset says the same as the single form, which is what goes out: same group, project, type, address and name.</summary>
    [Fact]
    public void One_asset_appended_to_a_group_carries_what_the_list_form_would()
    {
        var body = Body(new AssetBatch(s_known, "default", AssetType.Image, [Row("avatar-a.png", "avatar-a")]), Older);
        var node = System.Text.Json.Nodes.JsonNode.Parse(body)!.AsObject();
        var asset = new System.Text.Json.Nodes.JsonObject { ["url"] = node["url"]!.DeepClone(), ["name"] = node["name"]!.DeepClone() };
        Assert.True(node.Remove("url") && node.Remove("name"));
        node["assets"] = new System.Text.Json.Nodes.JsonArray(asset);
        Sample.Same("private-avatar.request.append", node.ToJsonString());
    }

    [Fact]
    public void Two_assets_appended_to_a_group_go_in_the_list_form_with_its_id()
    {
        var node = System.Text.Json.Nodes.JsonNode.Parse(Body(new AssetBatch(s_known, "default", AssetType.Image, [Row("avatar-a.png", "avatar-a"), Row("avatar-b.png", "avatar-b")]), Newer))!;
        node["assets"]!.AsArray().RemoveAt(1);
        Sample.Same("private-avatar.request.append", node.ToJsonString());
    }

    [Fact]
    public void A_real_persons_material_goes_in_the_list_form_to_its_own_address() =>
        Sends("real-avatar.submit.request",
            new AssetBatch(new AvatarGroup { GroupId = "group_real_1", IsRealPerson = true }, "default", AssetType.Video, [Row("person-a.mp4", "person-a")]),
            "/v1/seedance2/real-avatar");

    [Fact]
    public void A_sessions_outcome_is_asked_for_by_its_token()
    {
        var bench = new ClientFixture();
        bench.Network.Script = _ => Answers.Task();
        bench.Time.Run(() => bench.Client.AskIdentityResultAsync("token_xxx", cancellationToken: TestContext.Current.CancellationToken));
        var call = Assert.Single(bench.Network.Calls);
        Assert.Equal(("POST", "/v1/seedance2/real-avatar"), (call.Method, call.Address.AbsolutePath));
        Sample.Same("real-avatar.result.request", call.Body!);
    }

    [Fact]
    public void What_has_no_value_is_not_sent() =>
        Assert.Equal("""{"group":{"name":"cast"},"asset_type":"Audio","assets":[{"url":"https://example.com/a.mp3"}]}""",
            Body(new AssetBatch(new AvatarGroup { Name = "cast" }, null, AssetType.Audio, [new AssetSource("https://example.com/a.mp3")]), Newer));

    [Fact]
    public void A_submission_is_answered_with_its_task()
    {
        var bench = new ClientFixture();
        bench.Network.Script = _ => Answers.Json(200, Encoding.UTF8.GetString(Sample.Bytes("private-avatar.response")));
        var task = bench.Time.Run(() => bench.Client.SubmitAssetsAsync(ClientFixture.Batch(), TestContext.Current.CancellationToken));

        Assert.Equal(("task_01K...", SeedanceTaskStatus.Processing, "processing", 10, TaskKind.Asset), (task.TaskId, task.Status, task.RawStatus, task.Progress, task.Kind));
        Assert.Equal("group_1", task.GroupId);
        Assert.Equal("a", Assert.Single(task.Sources).Name);
    }

    [Fact]
    public void A_task_under_way_tells_progress_and_times()
    {
        var task = Sample.Task("task.processing");
        Assert.Equal((SeedanceTaskStatus.Processing, 45, false), (task.Status, task.Progress, task.IsFinal));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1763088289), task.CreatedAt);
        Assert.Equal(TimeSpan.FromSeconds(60), task.EstimatedTime);
        Assert.Contains("\"estimated_time\": 60", task.RawJson, StringComparison.Ordinal);
    }

    [Fact]
    public void A_completed_review_gives_its_assets()
    {
        var task = Sample.Task("task.assets.completed", Row("a", "a"), Row("b", "b"));
        Assert.Equal((TaskKind.Asset, SeedanceTaskStatus.Completed, 100, true), (task.Kind, task.Status, task.Progress, task.IsFinal));
        Assert.Equal(["asset_a", "asset_b"], task.UsableAssets.Select(asset => asset.AssetId));
        Assert.Equal(["asset://asset_a", "asset://asset_b"], task.Assets.Select(asset => asset.AssetUrl));
        Assert.All(task.Assets, asset => Assert.Equal((MatchedBy.Position, "Active", "task_known"), (asset.MatchedBy, asset.Status, asset.TaskId)));
        Assert.Null(task.Error);
    }

    [Fact]
    public void A_partly_failed_review_is_data()
    {
        var task = Sample.Task("task.assets.partial", Row("a", "a"), Row("b", "b"));
        Assert.Equal((SeedanceTaskStatus.Failed, 100), (task.Status, task.Progress));
        Assert.Equal(("asset_a", "a"), (Assert.Single(task.UsableAssets).AssetId, task.UsableAssets[0].Name));
        Assert.Equal(("asset_b", "Failed"), (Assert.Single(task.FailedAssets).AssetId, task.FailedAssets[0].Status));
        Assert.Equal(new TaskError("task_failed", "部分素材审核失败"), task.Error);
    }

    [Fact]
    public void Shuffled_results_are_matched_by_their_names()
    {
        var task = Sample.Task("task.assets.shuffled-with-names", Row("a.png", "avatar-a"), Row("b.png", "avatar-b"));
        Assert.Equal([("asset_b", "https://example.com/b.png"), ("asset_a", "https://example.com/a.png")], task.Assets.Select(asset => (asset.AssetId, asset.SourceUrl)));
        Assert.All(task.Assets, asset => Assert.Equal(MatchedBy.Name, asset.MatchedBy));
    }

    [Fact]
    public void A_single_review_gives_its_asset_once()
    {
        var asset = Assert.Single(Sample.Task("task.assets.single", Row("a.png", "me")).Assets);
        Assert.Equal(("asset_a", true, MatchedBy.Single, "me"), (asset.AssetId, asset.IsUsable, asset.MatchedBy, asset.Name));
    }

    [Fact]
    public void A_video_gives_links_times_and_cost()
    {
        var task = Sample.Task("task.video.completed");
        var video = Assert.Single(task.Videos);
        Assert.Equal(TaskKind.Video, task.Kind);
        Assert.Equal(("https://upload.example.com/f/video/x.mp4", "https://upload.example.com/f/video/x.jpg"), (video.Url, video.ThumbnailUrl));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1763174708), video.ExpiresAt);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1763088389), task.CompletedAt);
        Assert.Equal(0.71m, task.Cost);
        Assert.Empty(task.Assets);
    }

    [Theory]
    [InlineData("real-avatar.result.task.group_id")]
    [InlineData("real-avatar.result.task.raw")]
    public void A_verified_persons_group_is_read_from_either_place(string sample)
    {
        var task = Sample.Task(sample);
        Assert.Equal(("group_real_1", TaskKind.IdentityResult), (task.GroupId, task.Kind));
    }

    [Fact]
    public void An_identity_session_is_known_as_such() =>
        Assert.Equal((TaskKind.IdentitySession, SeedanceTaskStatus.Completed), Sample.Task("real-avatar.session.task") is var task ? (task.Kind, task.Status) : default);

    [Theory]
    [InlineData("private-avatar.response", "task_01K...")]
    [InlineData("real-avatar.session.response", "task_01K...")]
    [InlineData("video.response", "task_01KMCGF6BQGN3X28H3KSR50X5T")]
    public void The_task_id_is_found_under_either_name_in_an_object_or_a_list(string sample, string id) =>
        Assert.Equal(id, Sample.Answer(sample, isPost: true).Data.TaskId());

    [Theory]
    [InlineData("balance.response")]
    [InlineData("balance.unlimited")]
    [InlineData("upload.response")]
    public void An_answer_without_the_envelope_is_its_own_data(string sample)
    {
        using var answer = Sample.Answer(sample);
        Assert.Equal(answer.Root.GetRawText(), answer.Data.GetRawText());
    }

    [Fact]
    public void Every_answer_among_the_samples_is_read_and_every_error_is_one()
    {
        // What is sent to the API, or posted by it, is no answer.
        var answers = Sample.Names.Where(name => !name.Contains("request", StringComparison.Ordinal) && !name.StartsWith("webhook.", StringComparison.Ordinal));
        foreach (var name in answers)
        {
            if (name.StartsWith("error.", StringComparison.Ordinal))
            {
                Assert.Throws<SeedanceException>(() => Sample.Answer(name));
            }
            else
            {
                Sample.Answer(name).Dispose();
            }
        }

        Assert.True(Sample.Names.Count >= 25, $"{Sample.Names.Count} samples were found.");
    }

    private static AssetSource Row(string file, string name) => new($"https://example.com/{file}") { Name = name };

    private static void Sends(string sample, AssetBatch batch, string path) => Sample.Same(sample, Body(batch, path));

    private static string Body(AssetBatch batch, string path)
    {
        var bench = new ClientFixture();
        bench.Network.Script = call => path == Older && call.Address.AbsolutePath != path ? Answers.Error(404) : Answers.Task();
        bench.Time.Run(() => bench.Client.SubmitAssetsAsync(batch, TestContext.Current.CancellationToken));
        var call = bench.Network.Calls[^1];
        Assert.Equal(path == Older ? 2 : 1, bench.Network.Calls.Count);
        Assert.Equal(("POST", path, $"Bearer {ClientFixture.Key}"), (call.Method, call.Address.AbsolutePath, call.Authorization));
        return call.Body!;
    }
}
