using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Seedance.Sandbox;

namespace Seedance.Client.Tests;

public sealed class SandboxMessageHandlerTests
{
    private readonly SandboxCaller _caller = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_latency_an_answer_is_there_at_once()
    {
        using var invoker = new HttpMessageInvoker(new SandboxMessageHandler(_caller.Api, _caller.Time));
        var sending = invoker.SendAsync(Submission(), Cancel);

        Assert.True(sending.IsCompleted);
        using var answer = await sending;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("task_01K", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(SandboxCaller.Batch("g", "a"), Assert.Single(_caller.Api.Submissions).Body);
    }

    [Fact]
    public async Task The_service_acts_in_the_middle_of_the_round_trip()
    {
        using var invoker = new HttpMessageInvoker(new SandboxMessageHandler(_caller.Api, _caller.Time, TimeSpan.FromSeconds(2)));
        var sending = invoker.SendAsync(Submission(), Cancel);

        Assert.Empty(_caller.Api.Submissions);
        _caller.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(_caller.Api.Submissions);
        Assert.False(sending.IsCompleted);
        _caller.Time.Advance(TimeSpan.FromSeconds(1));
        using var answer = await sending;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Who_leaves_on_the_way_there_has_sent_nothing()
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        using var invoker = new HttpMessageInvoker(new SandboxMessageHandler(_caller.Api, _caller.Time, TimeSpan.FromSeconds(2)));
        var sending = invoker.SendAsync(Submission(), source.Token);

        await source.CancelAsync();
        _caller.Time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal(0, _caller.Api.RequestCount);
    }

    [Fact]
    public async Task The_body_and_the_key_are_passed_on()
    {
        using var invoker = new HttpMessageInvoker(new SandboxMessageHandler(_caller.Api, _caller.Time));
        var request = Submission();
        request.Headers.Authorization = null;

        using var answer = await invoker.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Same(request, answer.RequestMessage);
    }

    private static HttpRequestMessage Submission() => new(HttpMethod.Post, "https://api.example" + SandboxCaller.PrivateAvatar)
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", "key") },
        Content = new StringContent(SandboxCaller.Batch("g", "a"), Encoding.UTF8, "application/json"),
    };
}
