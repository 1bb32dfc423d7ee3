using System.Net;

namespace Seedance.Sandbox;

/// <summary>Puts a <see cref="SandboxApi"/> behind an <see cref="HttpClient"/>, with no network between.</summary>
/// <param name="api">The service that answers.</param>
/// <param name="time">The clock of the latency; null takes the system's.</param>
/// <param name="latency">How long a round trip takes: half of it before the service acts, half after.</param>
public sealed class SandboxMessageHandler(SandboxApi api, TimeProvider? time = null, TimeSpan latency = default)
    : HttpMessageHandler
{
    private static readonly IReadOnlyDictionary<string, string> NoHeaders = new Dictionary<string, string>();

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        var read = await ReadAsync(request, cancellationToken);
        await TravelAsync(cancellationToken);
        var answer = api.Handle(read);
        await TravelAsync(cancellationToken);
        return Write(answer, request);
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
            Range = Header(request, "Range"),
            IfRange = Header(request, "If-Range"),
        };
    }

    private async ValueTask TravelAsync(CancellationToken cancellationToken)
    {
        if (latency > TimeSpan.Zero)
            await Task.Delay(latency / 2, time ?? TimeProvider.System, cancellationToken);
    }

    private static HttpResponseMessage Write(SandboxResponse answer, HttpRequestMessage request)
    {
        var response = new HttpResponseMessage((HttpStatusCode)answer.Status)
        {
            RequestMessage = request,
            Content = answer.Content is { } stream ? new StreamContent(stream) : new ReadOnlyMemoryContent(answer.Body),
        };
        response.Content.Headers.TryAddWithoutValidation("Content-Type", answer.ContentType);
        response.Content.Headers.ContentLength = answer.Length;
        foreach (var (name, value) in answer.Headers ?? NoHeaders)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value))
                response.Content.Headers.TryAddWithoutValidation(name, value);
        }
        return response;
    }

    private static string? Header(HttpRequestMessage request, string name) =>
        request.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
