using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace Seedance;

/// <summary>
/// The way to the API, outermost first: retry, pacing, one attempt with its limit and its reading, the key, the network.
/// </summary>
internal sealed class ApiTransport : IDisposable
{
    private const string Api = "Seedance.Api";

    private readonly ServiceProvider _services;

    public ApiTransport(SeedanceConnectionOptions options)
    {
        var services = new ServiceCollection();
        var api = services.AddHttpClient(Api).ConfigurePrimaryHttpMessageHandler(() => options.Handler ?? Network(options));
        foreach (var handler in Handlers(options))
        {
            api.AddHttpMessageHandler(() => handler);
        }

        // One chain for the life of the connection: its limits are the connection's.
        api.SetHandlerLifetime(Timeout.InfiniteTimeSpan).RemoveAllLoggers();
        _services = services.BuildServiceProvider();
        Invoker = new HttpMessageInvoker(_services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(Api));
    }

    public HttpMessageInvoker Invoker { get; }

    /// <summary>The handlers before the network, outermost first.</summary>
    public static IReadOnlyList<DelegatingHandler> Handlers(SeedanceConnectionOptions options) =>
    [
        new RetryHandler(options.RetryBudget, options.Time, options.Jitter),
        new PacingHandler(options.RequestsPerSecond, options.Concurrency, options.Time),
        new AnswerHandler(options.Timeout, options.Time),
        new AuthorizationHandler(options.BaseUri, options.ApiKey ?? "sandbox"),
    ];

    public void Dispose()
    {
        Invoker.Dispose();
        _services.Dispose();
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
