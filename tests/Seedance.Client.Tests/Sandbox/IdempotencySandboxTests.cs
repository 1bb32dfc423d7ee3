using System.Text;
using Seedance.Sandbox;
using Seedance.Sandbox.Faults;

namespace Seedance.Client.Tests;

public sealed class IdempotencySandboxTests
{
    private const string Video = """{"model":"doubao-seedance-2.0","prompt":"x"}""";

    [Theory]
    [InlineData(IdempotencySupport.Videos, 1, 2)]
    [InlineData(IdempotencySupport.All, 1, 1)]
    [InlineData(IdempotencySupport.None, 2, 2)]
    public void A_repeat_with_the_same_key_and_body_takes_effect_once_where_keys_are_known(IdempotencySupport support, int videos, int assets)
    {
        var caller = Caller(support);
        foreach (var (path, body, taken) in new[] { (SandboxCaller.Videos, Video, videos), (SandboxCaller.PrivateAvatar, SandboxCaller.Batch("g", "a"), assets) })
        {
            var first = caller.Send("POST", path, body, idempotencyKey: "key-" + path.Length);
            var second = caller.Send("POST", path, body, idempotencyKey: "key-" + path.Length);

            Assert.Equal((200, 200), (first.Status, second.Status));
            Assert.Equal(taken == 1, first.Body.Span.SequenceEqual(second.Body.Span));
            Assert.Equal(taken == 1 ? "true" : null, second.Headers?.GetValueOrDefault("idempotency-replayed"));
            Assert.Null(first.Headers?.GetValueOrDefault("idempotency-replayed"));
            Assert.Equal(taken, caller.Api.Submissions.Count(submission => submission.Path == path));
        }
    }

    [Fact]
    public void Without_a_key_or_with_another_key_everything_takes_effect()
    {
        var caller = Caller(IdempotencySupport.All);
        caller.Post(SandboxCaller.Videos, Video);
        caller.Post(SandboxCaller.Videos, Video);
        caller.Send("POST", SandboxCaller.Videos, Video, idempotencyKey: "a");
        caller.Send("POST", SandboxCaller.Videos, Video, idempotencyKey: "b");
        caller.Send("POST", SandboxCaller.Videos, Video, "Bearer other", idempotencyKey: "b");

        Assert.Equal(5, caller.Api.Submissions.Count);
    }

    [Fact]
    public void A_key_with_another_body_is_refused()
    {
        var caller = Caller(IdempotencySupport.Videos);
        caller.Send("POST", SandboxCaller.Videos, Video, idempotencyKey: "a");

        Assert.Equal("idempotency_key_reused", Code(caller.Send("POST", SandboxCaller.Videos, Video.Replace("x", "y", StringComparison.Ordinal), idempotencyKey: "a"), 409));
        Assert.Single(caller.Api.Submissions);
    }

    [Fact]
    public void A_first_request_can_stay_in_progress_for_a_while()
    {
        var caller = new SandboxCaller(new SandboxOptions { Idempotency = new() { Support = IdempotencySupport.Videos, InProgressFor = TimeSpan.FromSeconds(5) } });
        caller.Send("POST", SandboxCaller.Videos, Video, idempotencyKey: "a");

        Assert.Equal("idempotency_in_progress", Code(caller.Send("POST", SandboxCaller.Videos, Video, idempotencyKey: "a"), 409));
        caller.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(200, caller.Send("POST", SandboxCaller.Videos, Video, idempotencyKey: "a").Status);
        Assert.Single(caller.Api.Submissions);
    }

    [Fact]
    public void What_was_refused_is_not_remembered()
    {
        var caller = Caller(IdempotencySupport.Videos);
        Assert.Equal(400, caller.Send("POST", SandboxCaller.Videos, "{}", idempotencyKey: "a").Status);
        Assert.Equal(200, caller.Send("POST", SandboxCaller.Videos, Video, idempotencyKey: "a").Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("ключ")]
    public void A_key_that_is_none_is_refused(string key) =>
        Assert.Equal(400, Caller(IdempotencySupport.Videos).Send("POST", SandboxCaller.Videos, Video, idempotencyKey: key).Status);

    [Fact]
    public void A_key_of_191_characters_passes_and_one_more_does_not()
    {
        var caller = Caller(IdempotencySupport.Videos);
        Assert.Equal(200, caller.Send("POST", SandboxCaller.Videos, Video, idempotencyKey: new string('k', 191)).Status);
        Assert.Equal(400, caller.Send("POST", SandboxCaller.Videos, Video, idempotencyKey: new string('k', 192)).Status);
    }

    [Fact]
    public async Task Over_http_a_repeat_after_a_cut_connection_is_replayed()
    {
        var caller = Caller(IdempotencySupport.Videos);
        caller.Api.Faults.Order(new FaultOrder { Kind = FaultKind.ResetAfter, Count = 1 });
        using var http = new HttpClient(new SandboxMessageHandler(caller.Api, caller.Time));
        http.DefaultRequestHeaders.Authorization = new("Bearer", "key");
        http.DefaultRequestHeaders.Add("Idempotency-Key", "a");
        HttpRequestMessage Request() => new(HttpMethod.Post, "https://api.example" + SandboxCaller.Videos)
        {
            Content = new StringContent(Video, Encoding.UTF8, "application/json"),
        };
        await Assert.ThrowsAsync<HttpRequestException>(() => http.SendAsync(Request(), TestContext.Current.CancellationToken));
        using var second = await http.SendAsync(Request(), TestContext.Current.CancellationToken);

        Assert.Equal("true", Assert.Single(second.Headers.GetValues("idempotency-replayed")));
        Assert.Contains(Assert.Single(caller.Api.Submissions).TaskId!, await second.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static SandboxCaller Caller(IdempotencySupport support) => new(new SandboxOptions { Idempotency = new() { Support = support } });

    private static string? Code(SandboxResponse response, int status)
    {
        Assert.Equal(status, response.Status);
        return SandboxCaller.Root(response).GetProperty("error").GetProperty("code").GetString();
    }
}
