using System.Text.Json;
using Seedance.Sandbox;

namespace Seedance.Client.Tests;

public sealed class PrivateAvatarSandboxTests
{
    private const string Path = SandboxCaller.PrivateAvatar;

    private readonly SandboxCaller _caller = new();

    [Theory]
    [InlineData("private-avatar.request.batch.json", 2)]
    [InlineData("private-avatar.request.append.json", 1)]
    [InlineData("private-avatar.request.single.json", 1)]
    public void Every_documented_request_form_is_accepted(string sample, int assets)
    {
        _caller.Api.AddGroup("group_xxx");

        var data = _caller.Post(Path, SandboxCaller.Sample(sample));

        Assert.StartsWith("task_01K", data.GetProperty("id").GetString());
        Assert.Equal("seedance.avatar.asset.task", data.GetProperty("object").GetString());
        Assert.Equal("processing", data.GetProperty("status").GetString());
        Assert.Equal(10, data.GetProperty("progress").GetInt32());
        Assert.Equal("doubao-seedance-2.0", data.GetProperty("model").GetString());
        Assert.Equal(assets, Assert.Single(_caller.Api.Submissions).Assets.Count);
    }

    [Theory]
    [InlineData("""{"group":{"name":"g"},"group_id":"group_xxx","url":"https://x.com/a"}""", "excludes")]
    [InlineData("""{"group_id":"group_xxx","url":"https://x.com/a","assets":[{"url":"https://x.com/a"}]}""", "excludes")]
    [InlineData("""{"group_id":"group_xxx","name":"a","assets":[{"url":"https://x.com/a"}]}""", "excludes")]
    [InlineData("""{"url":"https://x.com/a"}""", "group")]
    [InlineData("""{"group":{},"url":"https://x.com/a"}""", "group.name")]
    [InlineData("""{"group":"g","url":"https://x.com/a"}""", "object")]
    [InlineData("""{"group_id":"group_xxx"}""", "url")]
    [InlineData("""{"group_id":"group_xxx","assets":[]}""", "1 to 20")]
    [InlineData("""{"group_id":"group_xxx","assets":[{"name":"a"}]}""", "url")]
    [InlineData("""{"group_id":"group_xxx","assets":["https://x.com/a"]}""", "objects")]
    [InlineData("""{"group_id":"group_xxx","url":"a.png"}""", "absolute")]
    [InlineData("""{"group_id":"group_xxx","url":"ftp://x.com/a"}""", "http")]
    [InlineData("""{"group_id":"group_xxx","url":"https://x.com/a","asset_type":"image"}""", "asset_type")]
    [InlineData("""{"group_id":"group_xxx","url":"https://x.com/a","project_name":5}""", "string")]
    [InlineData("""{"group_id":"group_xxx","url":"\ud800"}""", "string")]
    [InlineData("""["group_id"]""", "object")]
    [InlineData("""{"group_id":""", "JSON")]
    [InlineData("", "JSON")]
    public void A_request_against_the_rules_is_refused_and_leaves_nothing(string body, string word)
    {
        _caller.Api.AddGroup("group_xxx");

        Assert.Contains(word, _caller.Refused(400, Path, body), StringComparison.Ordinal);
        Assert.Empty(_caller.Api.Submissions);
        Assert.Equal(0, _caller.Api.Tally.PostsAccepted);
        Assert.Equal(1, _caller.Api.Tally.PostsReceived);
    }

    [Fact]
    public void Twenty_assets_pass_and_one_more_does_not()
    {
        var names = Enumerable.Range(0, 21).Select(number => $"a{number}").ToArray();

        _caller.Post(Path, SandboxCaller.Batch("g", names[..20]));
        _caller.Refused(400, Path, SandboxCaller.Batch("g", names));
    }

    [Fact]
    public void A_name_of_64_characters_passes_and_one_more_does_not()
    {
        _caller.Post(Path, SandboxCaller.Batch("g", new string('語', 64)));
        _caller.Refused(400, Path, SandboxCaller.Batch("g", new string('語', 65)));
    }

    [Fact]
    public void A_group_is_reused_by_name_within_its_project_only()
    {
        string GroupOf(string json) => _caller.Post(Path, json).GetProperty("group_id").GetString()!;
        var first = GroupOf("""{"group":{"name":"g"},"url":"https://x.com/a"}""");

        Assert.Equal(first, GroupOf("""{"group":{"name":"g"},"project_name":"default","url":"https://x.com/b"}"""));
        Assert.NotEqual(first, GroupOf("""{"group":{"name":"g"},"project_name":"other","url":"https://x.com/b"}"""));
        Assert.NotEqual(first, GroupOf("""{"group":{"name":"h"},"url":"https://x.com/b"}"""));
        Assert.Equal(first, GroupOf($$"""{"group_id":"{{first}}","url":"https://x.com/c"}"""));
        Assert.Contains("project other", _caller.Refused(404, Path, $$"""{"group_id":"{{first}}","project_name":"other","url":"https://x.com/c"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_group_is_not_found() =>
        Assert.Contains("group_none", _caller.Refused(404, Path, """{"group_id":"group_none","url":"https://x.com/a"}"""), StringComparison.Ordinal);

    [Fact]
    public void A_verified_persons_group_is_refused_here()
    {
        _caller.Api.AddGroup("group_real", realPerson: true);
        _caller.Refused(400, Path, """{"group_id":"group_real","url":"https://x.com/a"}""");
    }

    [Fact]
    public void One_rejected_asset_fails_the_task_and_leaves_the_rest_usable()
    {
        var task = Finish(SandboxCaller.Batch("g", "a", "b-REJECT", "c"));
        var result = task.GetProperty("result");

        Assert.Equal("failed", task.GetProperty("status").GetString());
        Assert.Equal(100, task.GetProperty("progress").GetInt32());
        Assert.Equal("task_failed", task.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("部分素材审核失败", task.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(["a", "c"], NamesOf(result, result.GetProperty("usable_assets")).Order());
        Assert.Equal(["b-REJECT"], NamesOf(result, result.GetProperty("failed_assets")));
        Assert.All(result.GetProperty("usable_assets").EnumerateArray(), asset => Assert.Equal("Active", asset.GetProperty("status").GetString()));
        Assert.Equal("Failed", result.GetProperty("failed_assets")[0].GetProperty("status").GetString());
    }

    [Fact]
    public void A_url_can_be_what_fails_review()
    {
        var task = Finish("""{"group":{"name":"g"},"url":"https://x.com/rejected.png"}""");

        Assert.Equal("failed", task.GetProperty("status").GetString());
        Assert.False(task.GetProperty("result").TryGetProperty("asset_url", out _));
    }

    [Fact]
    public void A_single_asset_is_told_at_the_top_of_the_result_too()
    {
        var result = Finish("""{"group":{"name":"g"},"url":"https://x.com/a.png"}""").GetProperty("result");

        Assert.Equal(result.GetProperty("assets")[0].GetProperty("asset_url").GetString(), result.GetProperty("asset_url").GetString());
        Assert.False(result.GetProperty("assets")[0].TryGetProperty("raw_response", out _), "There was no name to echo.");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(20)]
    public void Results_are_shuffled_completely_and_each_asset_comes_once(int count)
    {
        string[] names = [.. Enumerable.Range(0, count).Select(number => $"n{number}")];
        var result = Finish(SandboxCaller.Batch("g", names)).GetProperty("result");
        var told = result.GetProperty("assets").EnumerateArray().Select(NameOf).ToArray();

        Assert.Equal(names.Order(), told.Order());
        Assert.DoesNotContain(true, names.Zip(told, (sent, got) => sent == got));
    }

    [Fact]
    public void Order_names_group_and_estimate_can_be_left_out()
    {
        var caller = new SandboxCaller(new SandboxOptions
        {
            ShuffleResults = false, EchoNames = false, ReturnGroupId = false, EstimatedTime = false,
        });
        var shuffled = new SandboxCaller();
        var json = SandboxCaller.Batch("g", "a", "b", "c");
        var data = caller.Post(Path, json);
        var id = data.GetProperty("id").GetString()!;
        Assert.Equal(id, shuffled.Post(Path, json).GetProperty("id").GetString());
        caller.Time.Advance(TimeSpan.FromSeconds(3));
        shuffled.Time.Advance(TimeSpan.FromSeconds(3));

        var task = caller.Task(id);
        var assets = task.GetProperty("result").GetProperty("assets");
        Assert.False(data.TryGetProperty("group_id", out _));
        Assert.False(task.TryGetProperty("estimated_time", out _));
        Assert.False(assets[0].TryGetProperty("raw_response", out _));

        // The ids belong to the places of the submission, whatever the order.
        var byName = shuffled.Task(id).GetProperty("result").GetProperty("assets").EnumerateArray().ToDictionary(NameOf, IdOf);
        Assert.Equal([byName["a"], byName["b"], byName["c"]], assets.EnumerateArray().Select(IdOf));
    }

    private JsonElement Finish(string json)
    {
        var id = _caller.Post(Path, json).GetProperty("id").GetString()!;
        _caller.Time.Advance(TimeSpan.FromSeconds(3));
        return _caller.Task(id);
    }

    private static IEnumerable<string> NamesOf(JsonElement result, JsonElement part)
    {
        var names = result.GetProperty("assets").EnumerateArray().ToDictionary(IdOf, NameOf);
        return part.EnumerateArray().Select(asset => names[IdOf(asset)]);
    }

    private static string IdOf(JsonElement asset) => asset.GetProperty("asset_id").GetString()!;

    private static string NameOf(JsonElement asset) =>
        asset.GetProperty("raw_response").GetProperty("Result").GetProperty("Name").GetString()!;
}
