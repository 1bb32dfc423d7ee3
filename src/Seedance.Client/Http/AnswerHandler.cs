namespace Seedance;

/// <summary>
/// One attempt: sends the request with a limit on its time, reads the answer, and turns every failure into a
/// <see cref="SeedanceException"/> that says whether the request may have taken effect.
/// </summary>
internal sealed class AnswerHandler(TimeSpan timeout, TimeProvider time) : DelegatingHandler
{
    // A submission that has left is given this long to be answered after the run was called off: its outcome is worth the wait.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isPost = request.Method != HttpMethod.Get;
        var what = $"{request.Method} {request.RequestUri?.AbsolutePath}";
        var body = (request.Content as OutgoingContent)?.Renew();
        request.Content = body;
        cancellationToken.ThrowIfCancellationRequested();
        using var limit = new CancellationTokenSource(timeout, time);
        using var callOff = cancellationToken.UnsafeRegister(
            static state => CallOff(state), (limit, isPost ? s_grace : TimeSpan.Zero));
        try
        {
            var response = await base.SendAsync(request, limit.Token);
            response.RequestMessage ??= request;
            using var raw = response.Content;
            response.Content = await AnswerReader.ReadAsync(response, what, time, limit.Token);
            return response;
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw WasSent(body, error: null) && isPost
                ? Failures.Abandoned(what)
                : new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            throw Failures.TimedOut(what, timeout, isPost, WasSent(body, error: null));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Failures.Broken(what, e, isPost, WasSent(body, (e as HttpRequestException)?.HttpRequestError));
        }
    }

    private static void CallOff(object? state)
    {
        var (limit, grace) = ((CancellationTokenSource, TimeSpan))state!;
        if (grace == TimeSpan.Zero)
        {
            limit.Cancel();
        }
        else
        {
            limit.CancelAfter(grace);
        }
    }

    // A body that was never asked for never left, whatever else went wrong; without a body in hand only the error can tell.
    private static bool WasSent(OutgoingContent? body, HttpRequestError? error) => error switch
    {
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError => false,
        _ => body?.WasSent ?? true,
    };
}
