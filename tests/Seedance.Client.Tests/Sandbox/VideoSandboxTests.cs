using System.Text.Json;
using Seedance.Sandbox;

namespace Seedance.Client.Tests;

public sealed class VideoSandboxTests
{
    private const string Path = SandboxCaller.Videos;
    private const string Model = "\"model\":\"doubao-seedance-2.0\"";

    private readonly SandboxCaller _caller = new();

    [Theory]
    [InlineData("video.request.asset.json")]
    [InlineData("video.request.face.json")]
    public void The_sample_requests_are_accepted(string sample)
    {
        var data = _caller.Post(Path, SandboxCaller.Sample(sample));

        Assert.Equal(1, data.GetArrayLength());
        Assert.Equal("submitted", data[0].GetProperty("status").GetString());
        Assert.Equal(Assert.Single(_caller.Api.Submissions).TaskId, data[0].GetProperty("task_id").GetString());
    }

    [Fact]
    public void A_finished_video_tells_its_links_times_and_costs()
    {
        var began = _caller.Time.GetUtcNow();
        var id = Submit($$"""{{{Model}},"prompt":"a street","return_last_frame":true}""");
        _caller.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(_caller.Task(id).TryGetProperty("cost", out _));
        _caller.Time.Advance(TimeSpan.FromSeconds(4));

        var task = _caller.Task(id);
        var result = task.GetProperty("result");
        var video = Assert.Single(result.GetProperty("videos").EnumerateArray());
        Assert.Equal("completed", task.GetProperty("status").GetString());
        Assert.Equal(0.71m, task.GetProperty("cost").GetDecimal());
        Assert.Equal(7.1m, task.GetProperty("credits_cost").GetDecimal());
        Assert.Equal($"https://sandbox.invalid/files/{id}.mp4", video.GetProperty("url")[0].GetString());
        Assert.Equal($"https://sandbox.invalid/files/{id}.jpg", result.GetProperty("thumbnail_url").GetString());
        Assert.Equal($"https://sandbox.invalid/files/{id}-last.png", result.GetProperty("last_frame_url").GetString());
        Assert.InRange(task.GetProperty("actual_time").GetInt32(), 3, 6);
        Assert.InRange(
            video.GetProperty("expires_at").GetInt64(), began.AddHours(24).AddSeconds(3).ToUnixTimeSeconds(), began.AddHours(24).AddSeconds(6).ToUnixTimeSeconds());
    }

    [Fact]
    public void A_rejected_prompt_fails_and_costs_nothing()
    {
        var id = Submit($$"""{{{Model}},"prompt":"reject this"}""");
        _caller.Time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal("failed", _caller.Task(id).GetProperty("status").GetString());
        Assert.Equal(0, _caller.Get("/v1/balance").GetProperty("used_balance").GetDecimal());
    }

    [Theory]
    [InlineData("""{"prompt":"x"}""", "model")]
    [InlineData("""{MODEL}""", "prompt")]
    [InlineData("""{MODEL,"prompt":"x","duration":3}""", "duration")]
    [InlineData("""{MODEL,"prompt":"x","duration":16}""", "duration")]
    [InlineData("""{MODEL,"prompt":"x","duration":5.5}""", "integer")]
    [InlineData("""{MODEL,"prompt":"x","size":"16x9"}""", "size")]
    [InlineData("""{MODEL,"prompt":"x","resolution":"8k"}""", "resolution")]
    [InlineData("""{"model":"doubao-seedance-2.0-fast","prompt":"x","resolution":"1080p"}""", "720p")]
    [InlineData("""{MODEL,"prompt":"x","seed":"5"}""", "integer")]
    [InlineData("""{MODEL,"prompt":"x","generate_audio":1}""", "true or false")]
    [InlineData("""{MODEL,"prompt":"x","tools":[{"type":"other"}]}""", "web_search")]
    [InlineData("""{MODEL,"image_urls":["a.png"]}""", "asset://")]
    [InlineData("""{MODEL,"image_urls":["asset://"]}""", "asset://")]
    [InlineData("""{MODEL,"image_urls":["asset://a"],"image_with_roles":[{"url":"asset://a","role":"first_frame"}]}""", "excludes")]
    [InlineData("""{MODEL,"image_with_roles":[{"url":"asset://a","role":"hero"}]}""", "role")]
    [InlineData("""{MODEL,"image_with_roles":[{"url":"asset://a"}]}""", "role")]
    [InlineData("""{MODEL,"image_with_roles":[{"url":"asset://a","role":"first_frame"},{"url":"asset://b","role":"first_frame"}]}""", "first_frame")]
    [InlineData("""{MODEL,"image_with_roles":[{"url":"asset://a","role":"last_frame"},{"url":"asset://b","role":"last_frame"}]}""", "last_frame")]
    [InlineData("""{MODEL,"image_with_roles":[{"url":"asset://a","role":"last_frame"}],"video_urls":["asset://v"]}""", "combined")]
    [InlineData("""{MODEL,"image_with_roles":[{"url":"asset://a","role":"first_frame"}],"audio_urls":["asset://s"]}""", "combined")]
    [InlineData("""{MODEL,"prompt":"x","audio_urls":["asset://s"]}""", "reference")]
    [InlineData("""{MODEL,"video_urls":["asset://1","asset://2","asset://3","asset://4"]}""", "3")]
    [InlineData("""{MODEL,"image_urls":["asset://1","asset://2","asset://3","asset://4","asset://5","asset://6","asset://7","asset://8","asset://9","asset://10"]}""", "9")]
    public void A_request_against_the_rules_is_refused(string body, string word)
    {
        Assert.Contains(word, _caller.Refused(400, Path, body.Replace("MODEL", Model, StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Empty(_caller.Api.Submissions);
    }

    [Theory]
    [InlineData("""{MODEL,"prompt":"x","duration":4,"size":"adaptive","resolution":"4k","seed":7,"generate_audio":false,"tools":[{"type":"web_search"}]}""")]
    [InlineData("""{MODEL,"prompt":"x","duration":15}""")]
    [InlineData("""{MODEL,"image_with_roles":[{"url":"asset://a","role":"first_frame"},{"url":"asset://b","role":"last_frame"}]}""")]
    [InlineData("""{MODEL,"video_urls":["asset://v"],"audio_urls":["https://x.com/s.mp3"]}""")]
    [InlineData("""{MODEL,"image_with_roles":[{"url":"asset://a","role":"reference_image"}],"audio_urls":["asset://s"]}""")]
    public void What_the_rules_allow_is_accepted(string body) => Submit(body.Replace("MODEL", Model, StringComparison.Ordinal));

    [Fact]
    public void A_prompt_of_4000_characters_passes_and_one_more_does_not()
    {
        string Body(int length) => JsonSerializer.Serialize(new { model = "m", prompt = new string('x', length) });

        Submit(Body(4000));
        _caller.Refused(400, Path, Body(4001));
    }

    [Fact]
    public void Videos_are_paid_until_the_money_is_gone()
    {
        var caller = new SandboxCaller(new SandboxOptions { Balance = 1m });
        caller.Post(Path, $$"""{{{Model}},"prompt":"x"}""");

        caller.Refused(402, Path, $$"""{{{Model}},"prompt":"x"}""");
        var balance = caller.Get("/v1/user/balance");
        Assert.True(balance.GetProperty("success").GetBoolean());
        Assert.Equal(0.29m, balance.GetProperty("remain_balance").GetDecimal());
        Assert.Equal(0.71m, balance.GetProperty("used_balance").GetDecimal());
        Assert.False(balance.GetProperty("unlimited_quota").GetBoolean());
    }

    [Fact]
    public void An_empty_account_gets_no_reviews_and_an_unlimited_one_is_told_as_minus_one()
    {
        new SandboxCaller(new SandboxOptions { Balance = 0 }).Refused(402, SandboxCaller.PrivateAvatar, SandboxCaller.Batch("g", "a"));

        var balance = new SandboxCaller(new SandboxOptions { Balance = null }).Get("/v1/balance");
        Assert.Equal(-1, balance.GetProperty("remain_balance").GetDecimal());
        Assert.True(balance.GetProperty("unlimited_quota").GetBoolean());
    }

    private string Submit(string body) => _caller.Post(Path, body)[0].GetProperty("task_id").GetString()!;
}
