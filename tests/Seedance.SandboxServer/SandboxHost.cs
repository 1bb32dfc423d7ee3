using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Seedance.Sandbox;
using Seedance.Sandbox.Faults;

namespace Seedance.SandboxServer;

/// <summary>The sandbox over real sockets: HTTP/1.1 on the loopback address, with faults to order.</summary>
public sealed class SandboxHost : IAsyncDisposable
{
    private const int MaxRequestBytes = 64 * 1024 * 1024;
    private const int MaxLoggedBytes = 64 * 1024;

    private readonly SandboxHostOptions _options;
    private readonly TimeProvider _time;
    private readonly RequestLog _log;
    private readonly ConnectionMonitor _connections = new();
    private readonly FaultPlayer _player;
    private readonly ControlPanel _control;
    private readonly WebhookSender _webhooks;
    private readonly WebApplication _application;

    private SandboxHost(SandboxHostOptions options)
    {
        _options = options;
        _time = options.Time ?? TimeProvider.System;
        _log = new RequestLog(options.KeepRequests);
        _control = new ControlPanel(this);
        Api = new SandboxApi(options.Sandbox, _time);
        _player = new FaultPlayer(Api, _time);
        _webhooks = new WebhookSender(Api, _time);
        _application = Build();
        _application.Run(ServeAsync);
    }

    /// <summary>Where the server listens, such as <c>http://127.0.0.1:50123/</c>.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The service behind the server.</summary>
    public SandboxApi Api { get; }

    /// <summary>The answers that are to go wrong.</summary>
    public FaultSchedule<FaultOrder> Faults => Api.Faults;

    /// <summary>The tasks that are to go wrong.</summary>
    public FaultSchedule<TaskFault> TaskFaults => Api.TaskFaults;

    /// <summary>The most recent requests, oldest first, without those to the control panel; a copy.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => _log.Recent;

    /// <summary>How many calls of webhooks have ended, answered or not.</summary>
    public int WebhookAttempts => _webhooks.Attempts;

    /// <summary>What was counted so far.</summary>
    public SandboxStats Stats
    {
        get
        {
            var tally = Api.Tally;
            return new SandboxStats(
                _log.Posts, tally.PostsAccepted, _log.Gets, tally.RowsAccepted, tally.DistinctRows, tally.DuplicateRows,
                tally.TasksNoticed, tally.NoticeDelay / Math.Max(1, tally.TasksNoticed),
                _log.Unanswered, _log.MaxConcurrent, _connections.Open, _log.Faults);
        }
    }

    /// <summary>Ends when the server has been told to stop, by a signal for instance.</summary>
    public Task Stopped => _application.WaitForShutdownAsync();

    /// <summary>Starts a server; it listens when this returns.</summary>
    public static async Task<SandboxHost> StartAsync(SandboxHostOptions? options = null, CancellationToken cancellationToken = default)
    {
        var host = new SandboxHost(options ?? new SandboxHostOptions());
        await host._application.StartAsync(cancellationToken);
        var server = host._application.Services.GetRequiredService<IServer>();
        host.Address = new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return host;
    }

    /// <summary>Forgets all requests, submissions, tasks and faults, and behaves as at the start; connections stay open.</summary>
    public void Reset()
    {
        Api.Clear();
        Api.Configure(_options.Sandbox);
        Faults.Order();
        TaskFaults.Order();
        SilenceConnections(0);
        _log.Clear();
    }

    /// <summary>Accepts the next connections and never reads from them or writes to them; connections to the control panel count too.</summary>
    /// <param name="count">How many connections.</param>
    public void SilenceConnections(int count) => _connections.Silence(count);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _webhooks.Dispose();
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;

            // A busy machine must not look like a slow client.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, _options.Port, endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http1;
                endpoint.Use(next => connection => _connections.ServeAsync(connection, next));
            });
        });
        return builder.Build();
    }

    private async Task ServeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments(ControlPanel.Prefix, out var command))
        {
            await _control.RespondAsync(context, command);
            return;
        }

        _log.Enter();
        using var brokenOff = context.RequestAborted.Register(_log.BrokenOff);
        try
        {
            var request = await ReadAsync(context);
            var fault = Faults.Draw(request);
            var complete = _log.Add(Describe(context, request, fault));

            // A server does not know that its caller has left: it goes on.
            var stopping = _application.Lifetime.ApplicationStopping;
            await TravelAsync(stopping);
            var played = await _player.PlayAsync(request, fault, stopping);
            if (played.Processed is { } processed)
            {
                complete(processed);
                if (processed.TaskId is { } taskId)
                {
                    _webhooks.Schedule(taskId);
                }
            }
            if (fault is null or { Kind: FaultKind.Slow })
            {
                await TravelAsync(stopping);
            }
            await new Exchange(context, Api.Now, stopping).SendAsync(played);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The caller has left, or the server is stopping: there is nobody to answer.
            context.Abort();
        }
        finally
        {
            _log.Leave();
        }
    }

    private async ValueTask TravelAsync(CancellationToken stopping)
    {
        if (_options.Latency > TimeSpan.Zero)
        {
            await Task.Delay(_options.Latency / 2, _time, stopping);
        }
    }

    private static async Task<SandboxRequest> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var request = context.Request;
        return new SandboxRequest(
            request.Method,
            request.Path.Value ?? "/",
            request.QueryString.Value ?? "",
            Header(request.Headers.Authorization),
            request.ContentType,
            body.GetBuffer().AsMemory(0, (int)body.Length))
        {
            Base = $"{request.Scheme}://{request.Host}",
            IdempotencyKey = Header(request.Headers["Idempotency-Key"]),
            ResponseVersion = Header(request.Headers["X-APIMart-Response-Version"]),
            Range = Header(request.Headers.Range),
            IfRange = Header(request.Headers.IfRange),
        };
    }

    private ReceivedRequest Describe(HttpContext context, SandboxRequest request, FaultOrder? fault) => new(
        0,
        _time.GetUtcNow(),
        request.Method,
        request.Path,
        request.Query,
        context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
        Encoding.UTF8.GetString(request.Body.Span[..Math.Min(request.Body.Length, MaxLoggedBytes)]),
        fault?.Kind);

    private static string? Header(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
