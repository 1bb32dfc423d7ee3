using System.Text.Json;
using System.Text.Json.Nodes;
using Seedance.Sandbox;

namespace Seedance.Client.Tests;

/// <summary>The limits of each model, at each border.</summary>
public sealed class VideoModelTests
{
    private readonly SandboxCaller _caller = new();

    [Theory]
    [InlineData("seedance-2.0", 4, 15, false)]
    [InlineData("doubao-seedance-2.0", 4, 15, false)]
    [InlineData("doubao-seedance-2.0-face", 4, 15, false)]
    [InlineData("seedance-2.0-fast", 4, 15, false)]
    [InlineData("seedance-2.0-mini", 4, 15, false)]
    [InlineData("seedance-2.5", 4, 30, true)]
    public void Durations(string model, int min, int max, bool open)
    {
        int Status(int duration) => Send(model, new { prompt = "x", duration });

        Assert.Equal([400, 200, 200, 400], new[] { min - 1, min, max, max + 1 }.Select(Status));
        Assert.Equal(open ? 200 : 400, Status(-1));
        Assert.Equal(400, Status(0));
    }

    [Theory]
    [InlineData("seedance-2.0", "480p 720p 1080p 4k")]
    [InlineData("seedance-2.0-fast", "480p 720p")]
    [InlineData("doubao-seedance-2.0-fast-face", "480p 720p")]
    [InlineData("seedance-2.0-mini", "480p 720p")]
    [InlineData("seedance-2.5", "480p 720p 1080p")]
    [InlineData("some-other-model", "480p 720p 1080p 4k")]
    public void Resolutions(string model, string offered) => Assert.Equal(
        offered, string.Join(' ', new[] { "480p", "720p", "1080p", "2k", "4k", "8k" }.Where(resolution => Send(model, new { prompt = "x", resolution }) == 200)));

    [Theory]
    [InlineData("seedance-2.0", 9, 3)]
    [InlineData("seedance-2.0-mini", 9, 3)]
    [InlineData("seedance-2.5", 30, 10)]
    public void Counts_of_material(string model, int images, int clips)
    {
        static string[] Addresses(int count) => [.. Enumerable.Range(1, count).Select(number => $"asset://{number}")];
        static object[] Roles(int count) => [.. Addresses(count).Select(url => new { url, role = "reference_image" })];

        Assert.Equal([200, 400], new[] { images, images + 1 }.Select(count => Send(model, new { prompt = "x", image_urls = Addresses(count) })));
        Assert.Equal([200, 400], new[] { images, images + 1 }.Select(count => Send(model, new { prompt = "x", image_with_roles = Roles(count) })));
        Assert.Equal([200, 400], new[] { clips, clips + 1 }.Select(count => Send(model, new { prompt = "x", video_urls = Addresses(count) })));
        Assert.Equal([200, 400], new[] { clips, clips + 1 }.Select(count => Send(model, new { prompt = "x", image_urls = Addresses(1), audio_urls = Addresses(count) })));
    }

    [Theory]
    [InlineData("""{"prompt":"x","audio_urls":["asset://s"]}""")]
    [InlineData("""{"image_with_roles":[{"url":"asset://a","role":"first_frame"}],"video_urls":["asset://v"]}""")]
    [InlineData("""{"image_with_roles":[{"url":"asset://a","role":"last_frame"}],"audio_urls":["asset://s"]}""")]
    [InlineData("""{"image_urls":["asset://a"],"image_with_roles":[{"url":"asset://a","role":"reference_image"}]}""")]
    [InlineData("""{"prompt":"x","watermark":true}""")]
    [InlineData("""{"prompt":"x","output_format":"mov"}""")]
    [InlineData("""{"prompt":"x","omni_reference_task_type":"auto"}""")]
    [InlineData("""{"prompt":"x","omni_reference_task_type":"edit","video_urls":["asset://v"],"duration":-1}""")]
    [InlineData("""{"prompt":"x","omni_reference_task_type":"extend","video_urls":["asset://v"],"size":"adaptive"}""")]
    public void What_came_with_2_5_is_refused_before_it(string body)
    {
        Assert.Equal(200, Send("seedance-2.5", body));
        Assert.Equal(400, Send("seedance-2.0", body));
    }

    [Theory]
    [InlineData("""{"prompt":"x","output_format":"avi"}""")]
    [InlineData("""{"prompt":"x","omni_reference_task_type":"remix"}""")]
    [InlineData("""{"prompt":"x","omni_reference_task_type":"edit","duration":-1}""")]
    [InlineData("""{"prompt":"x","omni_reference_task_type":"edit","video_urls":["asset://v"]}""")]
    [InlineData("""{"prompt":"x","omni_reference_task_type":"edit","video_urls":["asset://v"],"duration":-1,"size":"16:9"}""")]
    [InlineData("""{"prompt":"x","omni_reference_task_type":"extend"}""")]
    [InlineData("""{"prompt":"x","omni_reference_task_type":"extend","video_urls":["asset://v"],"size":"16:9"}""")]
    [InlineData("""{"prompt":"nsfw","nsfw_check":true}""")]
    [InlineData("""{"prompt":"x","webhook":"https://hooks.example:8443/"}""")]
    [InlineData("""{"prompt":"x","webhook":"hooks.example"}""")]
    public void Other_combinations_are_refused(string body) => Assert.Equal(400, Send("seedance-2.5", body));

    [Theory]
    [InlineData("""{"prompt":"nsfw"}""")]
    [InlineData("""{"prompt":"x","nsfw_check":true}""")]
    [InlineData("""{"prompt":"x","webhook":"https://hooks.example/"}""")]
    public void These_pass(string body) => Assert.Equal(200, Send("seedance-2.0", body));

    [Theory]
    [InlineData("seedance-2.0", "1080p", false, 1.772)]
    [InlineData("seedance-2.0", "4k", true, 2.2216)]
    [InlineData("seedance-2.0-fast", "480p", false, 0.1992)]
    [InlineData("seedance-2.0-mini", "720p", true, 0.0692)]
    [InlineData("seedance-2.5", "720p", false, 1.08)]
    [InlineData("doubao-seedance-2.0-face", "720p", false, 1.068)]
    public void Prices(string model, string resolution, bool withVideo, double cost)
    {
        Assert.Equal(200, withVideo ? Send(model, new { video_urls = new[] { "asset://v" }, resolution }) : Send(model, new { prompt = "x", resolution }));
        Assert.Equal((decimal)cost, _caller.Get("/v1/balance").GetProperty("used_balance").GetDecimal());
    }

    [Fact]
    public void An_open_duration_reserves_the_most_and_costs_what_came_of_it()
    {
        var caller = new SandboxCaller(new SandboxOptions { Balance = 30 * .216m });
        string Body(string prompt) => JsonSerializer.Serialize(new { model = "seedance-2.5", prompt, duration = -1 });

        caller.Post(SandboxCaller.Videos, Body("x"));
        var used = caller.Get("/v1/balance").GetProperty("used_balance").GetDecimal();
        Assert.InRange(used / .216m, 4, 30);
        caller.Refused(402, SandboxCaller.Videos, Body("x"));
    }

    [Fact]
    public void A_newer_version_of_the_answer_has_an_object_in_place_of_the_array()
    {
        var body = System.Text.Encoding.UTF8.GetBytes("""{"model":"seedance-2.5","prompt":"x"}""");
        var request = new SandboxRequest("POST", SandboxCaller.Videos, "", "Bearer key", "application/json", body) { ResponseVersion = "2026-07-27" };
        var data = SandboxCaller.Root(_caller.Api.Handle(request)).GetProperty("data");

        Assert.Equal(JsonValueKind.Object, data.ValueKind);
        Assert.StartsWith("task_", data.GetProperty("task_id").GetString(), StringComparison.Ordinal);
    }

    private int Send(string model, object body) => Send(model, JsonSerializer.Serialize(body));

    private int Send(string model, string body)
    {
        var json = JsonNode.Parse(body)!;
        json["model"] = model;
        return _caller.Send("POST", SandboxCaller.Videos, json.ToJsonString()).Status;
    }
}
