using System.Net;
using Seedance.Sandbox.Faults;

namespace Seedance.Sandbox;

/// <summary>Puts a <see cref="SandboxApi"/> and the faults it has on order behind an <see cref="HttpClient"/>, with no network between.</summary>
/// <param name="api">The service that answers.</param>
/// <param name="time">The clock of latency and faults; null takes the system's.</param>
/// <param name="latency">How long a round trip takes: half of it before the service acts, half after.</param>
public sealed class SandboxMessageHandler(SandboxApi api, TimeProvider? time = null, TimeSpan latency = default)
    : HttpMessageHandler
{
    private static readonly IReadOnlyDictionary<string, string> s_noHeaders = new Dictionary<string, string>();

    private readonly FaultPlayer _player = new(api, time);

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        var read = await ReadAsync(request, cancellationToken);
        await TravelAsync(cancellationToken);

        // The service goes on when its caller has left.
        var played = await _player.PlayAsync(read, api.Faults.Draw(read), CancellationToken.None).WaitAsync(cancellationToken);
        await TravelAsync(cancellationToken);
        switch (played.Transmission)
        {
            case Transmission.Reset:
                throw new HttpRequestException(HttpRequestError.ResponseEnded, "The sandbox reset the connection.");
            case Transmission.Silent:
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                break;
            default:
                break;
        }
        return Write(played, request);
    }

    private static async Task<SandboxRequest> ReadAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri ?? throw new InvalidOperationException("The request has no address.");
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        return new SandboxRequest(
            request.Method.Method,
            Uri.UnescapeDataString(address.AbsolutePath),
            address.Query,
            Header(request, "Authorization"),
            request.Content?.Headers.ContentType?.ToString(),
            body)
        {
            Base = address.GetLeftPart(UriPartial.Authority),
            IdempotencyKey = Header(request, "Idempotency-Key"),
            ResponseVersion = Header(request, "X-APIMart-Response-Version"),
            Range = Header(request, "Range"),
            IfRange = Header(request, "If-Range"),
        };
    }

    private async ValueTask TravelAsync(CancellationToken cancellationToken)
    {
        if (latency > TimeSpan.Zero)
        {
            await Task.Delay(latency / 2, time ?? TimeProvider.System, cancellationToken);
        }
    }

    private HttpResponseMessage Write(PlayedResponse played, HttpRequestMessage request)
    {
        var (source, transmission) = (played.Response!, played.Transmission);
        var response = new HttpResponseMessage((HttpStatusCode)source.Status)
        {
            RequestMessage = request,
            Content = Body(source, transmission),
        };
        response.Headers.Date = api.Now;
        response.Content.Headers.TryAddWithoutValidation("Content-Type", source.ContentType);
        response.Content.Headers.ContentLength = source.Length;
        foreach (var (name, value) in source.Headers ?? s_noHeaders)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                response.Content.Headers.Remove(name);
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }
        return response;
    }

    private static HttpContent Body(SandboxResponse source, Transmission transmission)
    {
        if (transmission is Transmission.CutOff or Transmission.Stalled)
        {
            var whole = source.Content ?? new MemoryStream(source.Body.ToArray(), writable: false);
            return new StreamContent(new HalfStream(whole, source.Length, transmission == Transmission.Stalled));
        }
        return source.Content is { } stream ? new StreamContent(stream) : new ReadOnlyMemoryContent(source.Body);
    }

    private static string? Header(HttpRequestMessage request, string name) =>
        request.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
