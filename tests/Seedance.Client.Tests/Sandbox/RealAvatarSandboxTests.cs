using System.Text.Json;
using Seedance.Sandbox;

namespace Seedance.Client.Tests;

public sealed class RealAvatarSandboxTests
{
    private const string Path = SandboxCaller.RealAvatar;

    [Fact]
    public void A_session_tells_its_token_and_link_in_its_task()
    {
        var caller = new SandboxCaller();
        var data = caller.Post(Path, SandboxCaller.Sample("real-avatar.session.request.json"));
        var task = caller.Task(data.GetProperty("id").GetString()!);
        var token = task.GetProperty("result").GetProperty("byted_token").GetString()!;

        Assert.Equal("completed", data.GetProperty("status").GetString());
        Assert.Equal("completed", task.GetProperty("status").GetString());
        Assert.Equal(
            $"https://sandbox.invalid/h5/verify?bytedToken={token}&lng=zh",
            task.GetProperty("result").GetProperty("h5_link").GetString());
        Assert.Equal(JsonValueKind.Object, task.GetProperty("result").GetProperty("raw_response").ValueKind);
    }

    [Theory]
    [InlineData(GroupIdPlace.Result)]
    [InlineData(GroupIdPlace.RawResponse)]
    [InlineData(GroupIdPlace.Response)]
    public void A_verified_person_becomes_a_group_that_takes_material(GroupIdPlace place)
    {
        var caller = new SandboxCaller(new SandboxOptions { GroupIdPlace = place });
        var token = Open(caller);
        Assert.Equal(
            $"https://cb.example/x?y=1&bytedToken={token}&resultCode=10000&algorithmBaseRespCode=0",
            caller.Api.CompleteLiveness(token));

        var answer = caller.Post(Path, Ask(token));
        var result = caller.Task(answer.GetProperty("id").GetString()!).GetProperty("result");
        var group = place == GroupIdPlace.RawResponse
            ? result.GetProperty("raw_response").GetProperty("Result").GetProperty("GroupId").GetString()
            : result.GetProperty("group_id").GetString();
        Assert.Equal(place == GroupIdPlace.Response, answer.TryGetProperty("group_id", out _));

        caller.Post(Path, $$"""{"group_id":"{{group}}","assets":[{"url":"https://x.com/a.mp4"}]}""");
        var submission = caller.Api.Submissions[^1];
        Assert.Equal((group, "Video", "default"), (submission.GroupId, submission.AssetType, submission.ProjectName));
    }

    [Fact]
    public void A_token_is_good_for_one_question()
    {
        var caller = new SandboxCaller();
        var token = Open(caller);
        caller.Api.CompleteLiveness(token);
        caller.Post(Path, Ask(token));

        Assert.Contains("used already", caller.Refused(400, Path, Ask(token)), StringComparison.Ordinal);
    }

    [Fact]
    public void Asking_too_early_burns_the_token()
    {
        var caller = new SandboxCaller();
        var token = Open(caller);

        Assert.Contains("not been finished", caller.Refused(400, Path, Ask(token)), StringComparison.Ordinal);
        Assert.NotNull(caller.Api.CompleteLiveness(token));
        Assert.Contains("used already", caller.Refused(400, Path, Ask(token)), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_code_than_10000_verifies_nobody()
    {
        var caller = new SandboxCaller();
        var token = Open(caller);

        Assert.Contains("resultCode=10009", caller.Api.CompleteLiveness(token, "10009"), StringComparison.Ordinal);
        Assert.Contains("10009", caller.Refused(400, Path, Ask(token)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_outcome_of_a_session_stands()
    {
        var caller = new SandboxCaller();
        var token = Open(caller);
        caller.Api.CompleteLiveness(token, "10009");

        Assert.Contains("resultCode=10009", caller.Api.CompleteLiveness(token), StringComparison.Ordinal);
    }

    [Fact]
    public void The_link_closes_after_its_lifetime_and_not_before()
    {
        var caller = new SandboxCaller();
        var (early, late) = (Open(caller), Open(caller));

        caller.Time.Advance(TimeSpan.FromSeconds(120) - TimeSpan.FromTicks(1));
        Assert.Equal(302, caller.Send("GET", $"/h5/verify?bytedToken={early}", authorization: null).Status);
        caller.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(caller.Api.CompleteLiveness(late));
        Assert.Equal(410, caller.Send("GET", $"/h5/verify?bytedToken={late}", authorization: null).Status);

        // Who finished in time can be asked about later.
        caller.Time.Advance(TimeSpan.FromHours(1));
        caller.Post(Path, Ask(early));
        caller.Refused(400, Path, Ask(late));
    }

    [Fact]
    public void A_rehearsed_person_finishes_unaided()
    {
        var caller = new SandboxCaller(new SandboxOptions { PersonFinishesAfter = TimeSpan.FromSeconds(5) });
        var (hasty, patient) = (Open(caller), Open(caller));

        caller.Refused(400, Path, Ask(hasty));
        caller.Time.Advance(TimeSpan.FromSeconds(5));
        caller.Post(Path, Ask(patient));
    }

    [Fact]
    public void A_token_of_another_project_is_refused_and_stays_good()
    {
        var caller = new SandboxCaller();
        var token = Open(caller);
        caller.Api.CompleteLiveness(token);

        caller.Refused(400, Path, $$"""{"byted_token":"{{token}}","project_name":"other"}""");
        caller.Post(Path, Ask(token));
    }

    [Fact]
    public void A_strangers_face_fails_review()
    {
        var caller = new SandboxCaller();
        caller.Api.AddGroup("group_real_1", realPerson: true);
        caller.Api.AddGroup("group_xxx");
        var id = caller.Post(Path, """{"group_id":"group_real_1","asset_type":"Image","assets":[{"url":"https://x.com/a","name":"anna"},{"url":"https://x.com/b","name":"a-Stranger"}]}""").GetProperty("id").GetString()!;
        var virtualId = caller.Post(SandboxCaller.PrivateAvatar, """{"group_id":"group_xxx","url":"https://x.com/b","name":"stranger"}""").GetProperty("id").GetString()!;
        caller.Time.Advance(TimeSpan.FromSeconds(3));

        var task = caller.Task(id, "?language=en");
        Assert.Equal("failed", task.GetProperty("status").GetString());
        Assert.Equal("The face does not match the verified person", task.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(1, task.GetProperty("result").GetProperty("usable_assets").GetArrayLength());
        Assert.Equal("completed", caller.Task(virtualId).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(400, """{"project_name":"default"}""")]
    [InlineData(400, """{"callback_url":"https://x.com/","byted_token":"token"}""")]
    [InlineData(400, """{"callback_url":"https://x.com/","group_id":"group_real_1","url":"https://x.com/a"}""")]
    [InlineData(400, """{"byted_token":"token","asset_type":"Video"}""")]
    [InlineData(400, """{"callback_url":"x.com/callback"}""")]
    [InlineData(400, """{"byted_token":"token_unknown"}""")]
    [InlineData(400, """{"group":{"name":"g"},"url":"https://x.com/a"}""")]
    [InlineData(400, """{"url":"https://x.com/a"}""")]
    [InlineData(400, """{"group_id":"group_real_1","asset_type":"Audio","url":"https://x.com/a"}""")]
    [InlineData(400, """{"group_id":"group_xxx","url":"https://x.com/a"}""")]
    [InlineData(404, """{"group_id":"group_none","url":"https://x.com/a"}""")]
    public void A_request_against_the_rules_is_refused(int status, string body)
    {
        var caller = new SandboxCaller();
        caller.Api.AddGroup("group_real_1", realPerson: true);
        caller.Api.AddGroup("group_xxx");

        caller.Refused(status, Path, body);
        Assert.Empty(caller.Api.Submissions);
    }

    [Fact]
    public void The_sample_submission_is_accepted()
    {
        var caller = new SandboxCaller();
        caller.Api.AddGroup("group_real_1", realPerson: true);
        caller.Post(Path, SandboxCaller.Sample("real-avatar.submit.request.json"));
    }

    private static string Open(SandboxCaller caller)
    {
        var id = caller.Post(Path, """{"callback_url":"https://cb.example/x?y=1"}""").GetProperty("id").GetString()!;
        return caller.Task(id).GetProperty("result").GetProperty("byted_token").GetString()!;
    }

    private static string Ask(string token) => $$"""{"byted_token":"{{token}}"}""";
}
