using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Seedance.Http;

namespace Seedance.Connections;

/// <summary>
/// The way to the API, outermost first: retry, pacing, one attempt with its limit and its reading, the key, the network.
/// </summary>
internal sealed class ApiTransport : IDisposable
{
    private const string Api = "Seedance.Api";
    private const string Public = "Seedance.Files";

    private readonly ServiceProvider _services;
    private readonly Lazy<HttpMessageInvoker> _files;
    private readonly List<HttpMessageHandler> _networks = [];

    public ApiTransport(SeedanceConnectionOptions options, ISharedRate? sharedRate)
    {
        var services = new ServiceCollection();
        var api = services.AddHttpClient(Api).ConfigurePrimaryHttpMessageHandler(() => options.Handler ?? Own(Network(options)));
        var handlers = Handlers(options, sharedRate);
        Pacing = handlers.OfType<RateLimitHandler>().Single();
        foreach (var handler in handlers)
        {
            api.AddHttpMessageHandler(() => handler);
        }

        // One chain for the life of the connection: its limits are the connection's.
        api.SetHandlerLifetime(Timeout.InfiniteTimeSpan).RemoveAllLoggers();

        // What others' links lead to: without the key, and without any handler that knows it.
        var policy = new PublicAddress(allowLoopback: options.Handler is not null || options.BaseUri.IsLoopback);
        services.AddHttpClient(Public).ConfigurePrimaryHttpMessageHandler(() => options.Handler ?? Own(PublicNetwork.Sockets(policy)))
            .AddHttpMessageHandler(() => new PublicNetwork(policy)).SetHandlerLifetime(Timeout.InfiniteTimeSpan).RemoveAllLoggers();
        _services = services.BuildServiceProvider();
        Invoker = new HttpMessageInvoker(_services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(Api));
        _files = new Lazy<HttpMessageInvoker>(() => new HttpMessageInvoker(_services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(Public)));
    }

    public HttpMessageInvoker Invoker { get; }

    /// <summary>The part of the way where requests wait for their turns.</summary>
    public RateLimitHandler Pacing { get; }

    /// <summary>The way to files anywhere on the public internet, without the key.</summary>
    public HttpMessageInvoker Files => _files.Value;

    /// <summary>The handlers before the network, outermost first.</summary>
    public static IReadOnlyList<DelegatingHandler> Handlers(SeedanceConnectionOptions options, ISharedRate? sharedRate = null) =>
    [
        new RetryHandler(options.RetryBudget, options.TimeProvider, options.Jitter),
        new RateLimitHandler(options.RequestsPerSecond, options.Concurrency, options.RetryBudget, options.TimeProvider, sharedRate),
        new TelemetryHandler(options.TimeProvider),
        new ResponseHandler(options.Timeout, options.TimeProvider, options.ApiKey),
        new AuthorizationHandler(options.BaseUri, options.ApiKey ?? "sandbox"),
    ];

    public void Dispose()
    {
        Invoker.Dispose();
        if (_files.IsValueCreated)
        {
            Files.Dispose();
        }

        // The factory keeps its handlers from being disposed, for others that might use them: here there are none.
        _networks.ForEach(network => network.Dispose());
        _services.Dispose();
    }

    private HttpMessageHandler Own(HttpMessageHandler network)
    {
        _networks.Add(network);
        return network;
    }

    // No redirects: the key would go along. Connections are renewed now and then, to follow changes of the address.
    private static SocketsHttpHandler Network(SeedanceConnectionOptions options) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        EnableMultipleHttp2Connections = true,
        MaxConnectionsPerServer = options.Concurrency,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
    };
}
