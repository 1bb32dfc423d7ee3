using System.Net.Http.Headers;
using Seedance.Sandbox;

namespace Seedance.SandboxServer;

/// <summary>
/// Posts the ends of videos to the webhooks that their orders named: again after 10, 30 and 60 seconds where the
/// answer is 5xx or does not come within 10 seconds, never after any other answer.
/// </summary>
internal sealed class WebhookSender(SandboxApi api, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan[] s_delays = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60)];

    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource _stopping = new();
    private int _attempts;

    /// <summary>How many calls have ended, answered or not.</summary>
    public int Attempts => Volatile.Read(ref _attempts);

    /// <summary>Takes over a task that was just accepted; does nothing for one without a webhook.</summary>
    public void Schedule(string taskId)
    {
        if (api.GetWebhook(taskId) is { Calls: > 0 } webhook)
        {
            _ = SendAsync(taskId, webhook);
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _http.Dispose();
        _stopping.Dispose();
    }

    private async Task SendAsync(string taskId, SandboxWebhook webhook)
    {
        var cancellationToken = _stopping.Token;
        try
        {
            // A delay drops parts of a millisecond, and a webhook must not come before the end.
            var wait = Math.Max(0, Math.Ceiling((webhook.Due - api.Now).TotalMilliseconds));
            await Task.Delay(TimeSpan.FromMilliseconds(wait), time, cancellationToken);

            // The sandbox may have been reset meanwhile: then there is nothing to tell.
            var body = api.GetWebhook(taskId)?.Body.ToArray();
            for (var call = 0; body is not null && call < webhook.Calls; call++)
            {
                await PostUntilSettledAsync(webhook.Address, body, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The server is stopping.
        }
    }

    private async Task PostUntilSettledAsync(Uri address, byte[] body, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt <= s_delays.Length; attempt++)
        {
            if (attempt > 0)
            {
                await Task.Delay(s_delays[attempt - 1], time, cancellationToken);
            }

            var isSettled = await PostAsync(address, body, cancellationToken);
            Interlocked.Increment(ref _attempts);
            if (isSettled)
            {
                return;
            }
        }
    }

    /// <summary>Posts once.</summary>
    /// <returns>Whether that settles it.</returns>
    private async Task<bool> PostAsync(Uri address, byte[] body, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        try
        {
            using var response = await _http.PostAsync(address, content, either.Token);
            return (int)response.StatusCode < 500;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
