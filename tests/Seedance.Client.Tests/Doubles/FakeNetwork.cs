using System.Net;
using Seedance.Sandbox;

namespace Seedance.Client.Tests;

/// <summary>A request as it left.</summary>
internal sealed record Call(int Number, string Method, Uri Address, string? Body, string? Authorization, TimeSpan At, string? IdempotencyKey = null)
{
    public bool IsPost => Method == "POST";
}

/// <summary>The network, with a sandbox behind it, as far as the script does not decide otherwise.</summary>
internal sealed class FakeNetwork(VirtualTime time, SandboxApi? sandbox = null) : HttpMessageHandler
{
    public SandboxApi Sandbox { get; } = sandbox ?? new SandboxApi(time: time.World);

    /// <summary>What left, in that order.</summary>
    public List<Call> Calls { get; } = [];

    public IEnumerable<Call> Posts => Calls.Where(call => call.IsPost);

    /// <summary>Requests that have left and are not answered.</summary>
    public int UnderWay { get; private set; }

    /// <summary>The most requests that were under way at once.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>How long an answer takes.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>What happens before anything is sent: it fails where no connection can be made.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task>? Connect { get; set; }

    /// <summary>The answer to a call; null leaves it to the sandbox.</summary>
    public Func<Call, HttpResponseMessage?>? Script { get; set; }

    /// <summary>Calls that are never answered.</summary>
    public Predicate<Call>? Hangs { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await (Connect?.Invoke(request, cancellationToken) ?? Task.CompletedTask);
        var body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        var call = new Call(Calls.Count + 1, request.Method.Method, request.RequestUri!, body, request.Headers.Authorization?.ToString(), time.Elapsed, Header(request, "Idempotency-Key"));
        Calls.Add(call);
        MostAtOnce = Math.Max(MostAtOnce, ++UnderWay);
        try
        {
            await Task.Delay(Hangs?.Invoke(call) == true ? Timeout.InfiniteTimeSpan : Latency, time.Clock, cancellationToken);
            return Script?.Invoke(call) ?? Write(Sandbox.Handle(new SandboxRequest(
                call.Method, call.Address.AbsolutePath, call.Address.Query, call.Authorization, "application/json", System.Text.Encoding.UTF8.GetBytes(body ?? ""))
            {
                IdempotencyKey = call.IdempotencyKey,
                ResponseVersion = Header(request, "X-APIMart-Response-Version"),
            }));
        }
        finally
        {
            UnderWay--;
        }
    }

    private static HttpResponseMessage Write(SandboxResponse answer)
    {
        var response = new HttpResponseMessage((HttpStatusCode)answer.Status) { Content = new ByteArrayContent(answer.Body.ToArray()) };
        foreach (var (name, value) in answer.Headers ?? new Dictionary<string, string>())
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }

    private static string? Header(HttpRequestMessage request, string name) =>
        request.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}

/// <summary>Answers of the API and of what may stand before it.</summary>
internal static class Answers
{
    public static HttpResponseMessage Json(int status, string body) =>
        new((HttpStatusCode)status) { Content = new StringContent(body) };

    /// <summary>The error envelope.</summary>
    public static HttpResponseMessage Error(int status, string message = "no") =>
        Json(status, $$$"""{"error":{"code":{{{status}}},"message":"{{{message}}}","type":"x"}}""");

    public static HttpResponseMessage Error(int status, TimeSpan retryAfter)
    {
        var answer = Error(status);
        answer.Headers.RetryAfter = new(retryAfter);
        return answer;
    }

    public static HttpResponseMessage Task(string status = "processing", string more = "") =>
        Json(200, $$$"""{"code":200,"data":{"id":"task_1","status":"{{{status}}}"{{{more}}}}}""");
}
