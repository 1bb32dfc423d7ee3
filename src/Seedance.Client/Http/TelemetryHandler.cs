using System.Diagnostics;

namespace Seedance.Http;

/// <summary>Tells of every attempt: to collectors, and to the one who asked to hear of this request.</summary>
internal sealed class TelemetryHandler(TimeProvider time) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var activity = Telemetry.Activities.StartActivity(request.Method.Method, ActivityKind.Client);
        var began = time.GetTimestamp();
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            Publish(request, activity, began, (int)response.StatusCode, failure: null, response.Headers.Date);
            return response;
        }
        catch (SeedanceException e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            Publish(request, activity, began, e.StatusCode, e);
            throw;
        }
    }

    private void Publish(HttpRequestMessage request, Activity? activity, long began, int? status, SeedanceException? failure, DateTimeOffset? serverTime = null)
    {
        request.Options.TryGetValue(RequestTrace.Number, out var attempt);
        var trace = new RequestTrace(
            request.Method.Method, request.RequestUri?.AbsolutePath ?? string.Empty, status, time.GetElapsedTime(began), Math.Max(attempt, 1), failure)
        {
            ServerTime = serverTime,
        };
        activity?
            .SetTag("http.request.method", trace.Method)
            .SetTag("url.path", trace.Path)
            .SetTag("http.response.status_code", trace.StatusCode)
            .SetTag("http.request.resend_count", trace.Attempt - 1)
            .SetTag("error.type", trace.ErrorId);
        Telemetry.Count(trace);
        if (request.Options.TryGetValue(RequestTrace.Listener, out var listener))
        {
            listener(trace);
        }
    }
}
