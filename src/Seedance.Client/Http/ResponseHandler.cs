using Seedance.Errors;

namespace Seedance.Http;

/// <summary>
/// One attempt: sends the request with a limit on its time, reads the answer, and turns every failure into a
/// <see cref="SeedanceException"/> that says whether the request may have taken effect.
/// </summary>
internal sealed class ResponseHandler(TimeSpan timeout, TimeProvider time, string? key) : DelegatingHandler
{
    // A submission that has left is given this long to be answered after the run was called off: its outcome is worth the wait.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    private readonly KeyEraser _key = new(key);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var endpoint = Endpoint.Get(request);
        var body = (request.Content as ReplayableContent)?.Clone();
        request.Content = body;
        cancellationToken.ThrowIfCancellationRequested();
        using var secrets = SecretScope.Enter(() => [.. body?.Secrets ?? [], .. Secrets.InProxySettings(), key]);
        using var timer = new AttemptTimer(timeout, time);
        if (body is not null)
        {
            // Time runs out on silence: a long body that is still leaving is none.
            body.OnProgress = () =>
            {
                if (!cancellationToken.IsCancellationRequested)
                {
                    timer.Restart(timeout);
                }
            };
        }

        using var callOff = cancellationToken.UnsafeRegister(
            static state => CallOff(state), (timer, endpoint.Effect == Effect.Once ? body : null));
        try
        {
            var response = await base.SendAsync(request, timer.Token);
            using var raw = response.Content;
            response.Content = await ResponseReader.ReadAsync(response, endpoint, time, _key, timer.Token);
            return response;
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw endpoint.Effect == Effect.Once && WasSent(body, error: null)
                ? ApiErrors.Abandoned(endpoint)
                : new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            throw ApiErrors.TimedOut(endpoint, timeout, WasSent(body, error: null));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw body?.Failure ?? ApiErrors.Broken(endpoint, e, WasSent(body, (e as HttpRequestException)?.HttpRequestError));
        }
    }

    // What has not begun to leave is not let go any more; what has is worth its answer.
    private static void CallOff(object? state)
    {
        var (timer, submission) = ((AttemptTimer, ReplayableContent?))state!;
        if (submission is { WasSent: true })
        {
            timer.Restart(s_grace);
        }
        else
        {
            timer.Cancel();
        }
    }

    // A body that was never asked for never left, whatever else went wrong; without a body in hand only the error can tell.
    private static bool WasSent(ReplayableContent? body, HttpRequestError? error) => error switch
    {
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError => false,
        _ => body?.WasSent ?? true,
    };
}
