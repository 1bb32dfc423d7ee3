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
    private readonly RateLimitHandler _pacing;
    private readonly Action<RequestTrace>? _listener;
    private readonly Turn? _turn;

    // Whether the server has an endpoint that some lack, by its path, as far as this connection has seen.
    private readonly ConcurrentDictionary<string, bool> _served;

    internal SeedanceClient(HttpMessageInvoker http, RateLimitHandler pacing, Uri baseUri, TimeProvider time, ConnectionLifetime? lifetime = null)
    {
        _http = http;
        _pacing = pacing;
        _served = [];
        Lifetime = lifetime ?? new ConnectionLifetime(baseUri, time);

        // Without the slash, a gateway's last part would be replaced, not added to.
        _baseUri = baseUri.AbsolutePath.EndsWith('/') ? baseUri : new Uri($"{baseUri.AbsoluteUri}/");
        _time = time;
    }

    private SeedanceClient(SeedanceClient client, Action<RequestTrace>? listener, Turn? turn)
    {
        (_http, _pacing, _baseUri, _time, Lifetime, _served) = (client._http, client._pacing, client._baseUri, client._time, client.Lifetime, client._served);
        (_listener, _turn) = (listener, turn);
    }

    /// <summary>The life of the connection that the client is of.</summary>
    internal ConnectionLifetime Lifetime { get; }

    /// <summary>The same client, whose every attempt at a request is told to <paramref name="listener"/>, on any thread.</summary>
    public SeedanceClient WithRequestObserver(Action<RequestTrace>? listener) => listener is null ? this : new SeedanceClient(this, listener, _turn);

    /// <summary>Waits for the turn of a request that takes effect, before it is recorded.</summary>
    /// <exception cref="SeedanceException">The connection is closed.</exception>
    internal async Task<Turn> TakeTurnAsync(CancellationToken cancellationToken)
    {
        using var lease = Lifetime.Enter();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Lifetime.Closing);
        try
        {
            return await _pacing.TakeTurnAsync(stop.Token);
        }
        catch (OperationCanceledException) when (Lifetime.Closing.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Lifetime.Closed();
        }
    }

    /// <summary>The same client, whose next request uses a turn that was taken before.</summary>
    internal SeedanceClient WithTurn(Turn turn) => new(this, _listener, turn);

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

        if (_turn is not null)
        {
            request.Options.Set(Turn.Option, _turn);
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
