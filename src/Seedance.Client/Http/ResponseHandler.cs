using System.Text;

namespace Seedance.Http;

/// <summary>
/// One attempt: sends the request with a limit on its time, reads the answer, and turns every failure into a
/// <see cref="SeedanceException"/> that says whether the request may have taken effect.
/// </summary>
internal sealed class ResponseHandler(TimeSpan timeout, TimeProvider time, string? secret) : DelegatingHandler
{
    // A submission that has left is given this long to be answered after the run was called off: its outcome is worth the wait.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    // What an answer may not repeat: the key.
    private readonly byte[] _secret = Encoding.UTF8.GetBytes(secret ?? string.Empty);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isPost = request.Method != HttpMethod.Get;
        var what = $"{request.Method} {request.RequestUri?.AbsolutePath}";
        var body = (request.Content as ReplayableContent)?.Clone();
        request.Content = body;
        cancellationToken.ThrowIfCancellationRequested();
        using var limit = new CancellationTokenSource(timeout, time);
        if (body is not null)
        {
            // Time runs out on silence: a long body that is still leaving is none.
            body.OnProgress = () => Extend(limit, cancellationToken);
        }

        using var callOff = cancellationToken.UnsafeRegister(
            static state => CallOff(state), (limit, isPost && body is { HasLastingEffect: true } ? body : null));
        try
        {
            var response = await base.SendAsync(request, limit.Token);
            response.RequestMessage ??= request;
            using var raw = response.Content;
            response.Content = await ResponseReader.ReadAsync(response, what, time, _secret, limit.Token);
            return response;
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw WasSent(body, error: null) && isPost && body is not { HasLastingEffect: false }
                ? ApiErrors.Abandoned(what)
                : new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            throw ApiErrors.TimedOut(what, timeout, isPost, WasSent(body, error: null));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw ApiErrors.Broken(what, e, isPost, WasSent(body, (e as HttpRequestException)?.HttpRequestError));
        }
    }

    private void Extend(CancellationTokenSource limit, CancellationToken cancellationToken)
    {
        try
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                limit.CancelAfter(timeout);
            }
        }
        catch (ObjectDisposedException)
        {
            // The answer was quicker than the rest of the body.
        }
    }

    // What has not begun to leave is not let go any more; what has is worth its answer.
    private static void CallOff(object? state)
    {
        var (limit, submission) = ((CancellationTokenSource, ReplayableContent?))state!;
        if (submission is { WasSent: true })
        {
            limit.CancelAfter(s_grace);
        }
        else
        {
            limit.Cancel();
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
