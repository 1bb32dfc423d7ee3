using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Seedance.Benchmarks;

/// <summary>The sandbox server in a process of its own.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private Server(Process process, Uri address)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = address };
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Starts a server that keeps no more than it must; it listens when this returns.</summary>
    public static async Task<Server> StartAsync(params IReadOnlyList<string> arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Seedance.SandboxServer.dll");
        var process = Process.Start(new ProcessStartInfo(
            "dotnet", [program, "--exit-with-stdin", "--no-submissions", "--keep-requests", "0", "--balance", "unlimited", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The sandbox server told no address.");
        var server = new Server(process, new Uri(line));

        // What it needs for its first answers is compiled before anyone is measured.
        await server.GetStatsAsync();
        return server;
    }

    public async Task ResetAsync() => (await _http.PostAsync(new Uri("_sandbox/reset", UriKind.Relative), null)).Dispose();

    public async Task<ServerStats> GetStatsAsync() =>
        (await _http.GetFromJsonAsync<ServerStats>(new Uri("_sandbox/stats", UriKind.Relative), JsonSerializerOptions.Web))!;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

/// <summary>What the server counted.</summary>
internal sealed record ServerStats(
    long PostsReceived, long GetsReceived, long RowsAccepted, long Duplicates, long TasksNoticed, double MeanNoticeDelay, int MaxConcurrentRequests);
