using System.Net;
using Seedance.Sandbox;

namespace Seedance.Client.Tests.Simulation;

/// <summary>
/// The network of one process, with the server behind it. A request that has left arrives, or not, whatever becomes of
/// its sender meanwhile; its answer finds its way, or not.
/// </summary>
internal sealed class SimulatedNetwork(Dice dice, ManualTimeProvider clock, SandboxApi server, Func<double> faultRate) : HttpMessageHandler
{
    /// <summary>Nobody can be reached.</summary>
    public bool IsDown { get; set; }

    private enum Fault
    {
        None, NoConnection, LostRequest, LostAnswer, NoAnswer, SlowRequest, SlowAnswer, TooMany, Unavailable, TooManyInside,
        ServerErrorBefore, ServerErrorAfter, BadGateway, CutOff, CutOffCleanly, WebPage, Garbage, Empty, Redirect, ProxyUnavailable, TooManyInsideAfter,
    }

    private static readonly Fault[] s_faults = Enum.GetValues<Fault>()[1..];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsDown)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused");
        }

        var fault = dice.Happens(faultRate()) ? dice.Pick(s_faults) : Fault.None;
        if (fault == Fault.NoConnection)
        {
            await Wait(dice.Milliseconds(0, 50)).WaitAsync(cancellationToken);
            throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused");
        }

        await Wait(dice.Milliseconds(0, 20)).WaitAsync(cancellationToken);
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        var way = fault == Fault.SlowRequest ? dice.Milliseconds(50_000, 90_000) : dice.Milliseconds(1, 50);
        After(way, () => Arrive(request, body, fault, answer));
        return await answer.Task.WaitAsync(cancellationToken);
    }

    private void Arrive(HttpRequestMessage request, byte[] body, Fault fault, TaskCompletionSource<HttpResponseMessage> answer)
    {
        switch (fault)
        {
            case Fault.LostRequest:
                answer.TrySetException(new HttpRequestException(HttpRequestError.ResponseEnded, "Connection reset by peer"));
                return;
            case Fault.TooMany or Fault.Unavailable:
                Reply(answer, Refusal(fault));
                return;
            case Fault.TooManyInside:
                Reply(answer, Text(200, """{"code":429,"message":"rate limited"}"""));
                return;
            case Fault.ServerErrorBefore:
                Reply(answer, Text(500, """{"error":{"code":500,"message":"oops","type":"server_error"}}"""));
                return;
            case Fault.Redirect:
                Reply(answer, Redirect());
                return;
            default:
                break;
        }

        var (path, query) = (request.RequestUri!.AbsolutePath, request.RequestUri.Query);
        var handled = server.Handle(new SandboxRequest(request.Method.Method, path, query, request.Headers.Authorization?.ToString(), "application/json", body)
        {
            IdempotencyKey = request.Headers.NonValidated.TryGetValues("Idempotency-Key", out var key) ? key.ToString() : null,
        });
        switch (fault)
        {
            case Fault.LostAnswer:
                answer.TrySetException(new HttpRequestException(HttpRequestError.ResponseEnded, "Connection reset by peer"));
                break;
            case Fault.NoAnswer:
                break;
            case Fault.ServerErrorAfter:
                Reply(answer, Text(500, """{"error":{"code":500,"message":"oops","type":"server_error"}}"""));
                break;
            case Fault.BadGateway:
                Reply(answer, Text(dice.Pick(502, 504), "<html>bad gateway</html>"));
                break;
            case Fault.ProxyUnavailable:
                Reply(answer, Text(503, dice.Pick("", "upstream connect error or disconnect/reset before headers", "<html>unavailable</html>")));
                break;
            case Fault.TooManyInsideAfter:
                Reply(answer, Text(200, """{"code":503,"message":"upstream timeout"}"""));
                break;
            case Fault.CutOff:
                Reply(answer, Answer(handled, handled.Body[..(handled.Body.Length / 2)], handled.Body.Length));
                break;
            case Fault.CutOffCleanly:
                Reply(answer, Answer(handled, handled.Body[..dice.Between(0, handled.Body.Length - 1)], null));
                break;
            case Fault.WebPage:
                Reply(answer, Text(200, "<html>hello</html>"));
                break;
            case Fault.Garbage:
                Reply(answer, Text(200, "\u0001\u0002{{{\"id"));
                break;
            case Fault.Empty:
                Reply(answer, Text(200, ""));
                break;
            case Fault.SlowAnswer:
                After(dice.Milliseconds(1_000, 90_000), () => answer.TrySetResult(Answer(handled, handled.Body, null)));
                break;
            default:
                Reply(answer, Answer(handled, handled.Body, null));
                break;
        }
    }

    private void Reply(TaskCompletionSource<HttpResponseMessage> answer, HttpResponseMessage response) =>
        After(dice.Milliseconds(1, 50), () => answer.TrySetResult(response));

    private HttpResponseMessage Refusal(Fault fault)
    {
        var response = Text(fault == Fault.TooMany ? 429 : 503, """{"error":{"code":0,"message":"later"}}""");
        if (dice.Happens(0.5))
        {
            response.Headers.RetryAfter = dice.Happens(0.5) ? new(TimeSpan.FromSeconds(dice.Between(0, 3))) : new(clock.GetUtcNow().AddSeconds(2));
        }

        return response;
    }

    private static HttpResponseMessage Redirect()
    {
        var response = Text(307, "");
        response.Headers.Location = new Uri("https://elsewhere.example/");
        return response;
    }

    private static HttpResponseMessage Text(int status, string body) =>
        new((HttpStatusCode)status) { Content = new StringContent(body) };

    private static HttpResponseMessage Answer(SandboxResponse response, ReadOnlyMemory<byte> body, int? claimedLength)
    {
        var content = new ByteArrayContent(body.ToArray());
        content.Headers.ContentLength = claimedLength ?? body.Length;
        var message = new HttpResponseMessage((HttpStatusCode)response.Status) { Content = content };
        foreach (var (name, value) in response.Headers ?? new Dictionary<string, string>())
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    private Task Wait(TimeSpan span)
    {
        var done = new TaskCompletionSource();
        After(span, done.SetResult);
        return done.Task;
    }

    // The wire belongs to nobody: what is on it goes on when its sender is gone.
    private void After(TimeSpan span, Action act) => clock.CreateTimer(_ => act(), null, span, Timeout.InfiniteTimeSpan);
}
