using System.Collections.Concurrent;
using Seedance.Http;

namespace Seedance;

/// <summary>The Seedance API: one method an endpoint. Thread-safe. Every failure is a <see cref="SeedanceException"/>.</summary>
public sealed partial class SeedanceClient
{
    /// <summary>The most assets that one request may carry (page "private-avatar").</summary>
    public const int MaxAssetsPerRequest = 20;

    private readonly HttpMessageInvoker _http;
    private readonly Uri _baseUri;
    private readonly TimeProvider _time;
    private readonly Action<RequestTrace>? _listener;

    // Whether the server has an endpoint that some lack, by its path, as far as this connection has seen.
    private readonly ConcurrentDictionary<string, bool> _served;

    internal SeedanceClient(HttpMessageInvoker http, Uri baseUri, TimeProvider time, ConnectionLifetime? lifetime = null)
    {
        _http = http;
        _served = [];
        Lifetime = lifetime ?? new ConnectionLifetime(baseUri, time);

        // Without the slash, a gateway's last part would be replaced, not added to.
        _baseUri = baseUri.AbsolutePath.EndsWith('/') ? baseUri : new Uri($"{baseUri.AbsoluteUri}/");
        _time = time;
    }

    private SeedanceClient(SeedanceClient client, Action<RequestTrace> listener)
    {
        (_http, _baseUri, _time, Lifetime, _served, _listener) = (client._http, client._baseUri, client._time, client.Lifetime, client._served, listener);
    }

    /// <summary>The life of the connection that the client is of.</summary>
    internal ConnectionLifetime Lifetime { get; }

    /// <summary>The same client, whose every attempt at a request is told to <paramref name="listener"/>, on any thread.</summary>
    public SeedanceClient WithRequestObserver(Action<RequestTrace>? listener) => listener is null ? this : new SeedanceClient(this, listener);

    private async Task<ApiResponse> SendAsync(Endpoint endpoint, HttpContent? body, CancellationToken cancellationToken)
    {
        using var lease = Lifetime.Enter();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Lifetime.Closing);
        using var request = endpoint.CreateRequest(_baseUri, body);
        request.Version = System.Net.HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        if (_listener is not null)
        {
            request.Options.Set(RequestTrace.Listener, _listener);
        }

        try
        {
            var response = await _http.SendAsync(request, stop.Token);
            return (ApiResponse)response.Content;
        }
        catch (OperationCanceledException) when (Lifetime.Closing.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Lifetime.Closed();
        }
    }
}
