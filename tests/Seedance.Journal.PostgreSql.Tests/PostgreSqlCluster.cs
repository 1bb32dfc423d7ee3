using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>One PostgreSQL server on loopback, in a temporary folder, from the binaries of the system's package.</summary>
public sealed class PostgreSqlCluster : IAsyncDisposable
{
    /// <summary>The owner of every database.</summary>
    public const string Owner = "owner";

    private static readonly string? s_binaries = FindBinaries();

    private readonly string _settings;
    private int _databases;
    private bool _isRunning;

    private PostgreSqlCluster(string settings) => _settings = settings;

    /// <summary>Gets why there can be no server; null if there can.</summary>
    public static string? Reason { get; } = s_binaries is null ? "PostgreSQL is not installed: /usr/lib/postgresql/*/bin/initdb is missing." : null;

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"seedance-pg-{Guid.NewGuid():N}");

    public int Port { get; } = FreePort();

    private string Data => Path.Combine(Folder, "data");

    /// <summary>Makes a server and starts it.</summary>
    /// <param name="settings">What it is started with beside its address, as options of the server.</param>
    public static async Task<PostgreSqlCluster> CreateAsync(string settings = "")
    {
        Assert.SkipWhen(Reason is not null, Reason ?? string.Empty);
        var cluster = new PostgreSqlCluster(settings);
        await cluster.MakeFolderAsync();
        await cluster.ServeAsync("initdb", "--pgdata", cluster.Data, "--username", Owner, "--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync");
        await cluster.StartAsync();
        return cluster;
    }

    /// <summary>Makes a standby that follows this server, and starts it.</summary>
    public async Task<PostgreSqlCluster> CreateStandbyAsync()
    {
        var standby = new PostgreSqlCluster(_settings);
        await standby.MakeFolderAsync();
        await standby.ServeAsync(
            "pg_basebackup", "--pgdata", standby.Data, "--host", "127.0.0.1", "--port", Port.ToString(CultureInfo.InvariantCulture), "--username", Owner,
            "--write-recovery-conf", "--checkpoint", "fast", "--no-sync");
        await standby.StartAsync();
        return standby;
    }

    /// <summary>Makes an empty database and returns its address.</summary>
    public async Task<JournalAddress> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"journal_{Interlocked.Increment(ref _databases)}");
        await PostgreSqlServer.ExecuteAsync(Address("postgres"), $"create database {name}");
        return Address(name);
    }

    public JournalAddress Address(string database) => new("127.0.0.1", Port, database, Owner);

    public async Task StartAsync()
    {
        await ServeAsync(
            "pg_ctl", "start", "--wait", "--pgdata", Data, "--log", Path.Combine(Folder, "log"),
            "--options", string.Create(CultureInfo.InvariantCulture, $"-c listen_addresses=127.0.0.1 -c port={Port} -c unix_socket_directories={Folder} {_settings}"));
        _isRunning = true;
    }

    public async Task StopAsync()
    {
        _isRunning = false;
        await ServeAsync("pg_ctl", "stop", "--wait", "--mode", "immediate", "--pgdata", Data);
    }

    /// <summary>Ends all of its processes as a failure of the machine would: none of them gets to do anything more.</summary>
    public async Task KillAsync()
    {
        _isRunning = false;
        var file = Path.Combine(Data, "postmaster.pid");
        var postmaster = (await File.ReadAllLinesAsync(file))[0];

        // Stopped first, so that it starts no other meanwhile.
        await RunAsync("kill", "-STOP", postmaster);
        List<string> all = [postmaster, .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).OfType<string>().Where(id => StatOf(id) is [_, var parent, ..] && parent == postmaster)];
        foreach (var id in all.Where(id => StatOf(id) is not null))
        {
            // One that is gone by itself by now needs no killing.
            await RunAsync("sh", "-c", $"kill -KILL {id} || true");
        }

        while (all.Any(id => StatOf(id) is [not "Z", ..]))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        // Whatever has the number of a process that is gone, it is none of this server's.
        File.Delete(file);
        File.Delete(Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $".s.PGSQL.{Port}.lock")));

        // State and parent; null if there is no such process.
        static string[]? StatOf(string id)
        {
            try
            {
                var line = File.ReadAllText($"/proc/{id}/stat");
                return line[(line.LastIndexOf(')') + 2)..].Split(' ');
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                return null;
            }
        }
    }

    /// <summary>Makes a standby the server that takes writes.</summary>
    public async Task PromoteAsync() => await ServeAsync("pg_ctl", "promote", "--wait", "--pgdata", Data);

    public async ValueTask DisposeAsync()
    {
        if (_isRunning)
        {
            await StopAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Runs a program as the server's user does, who is not root; the package has made one.</summary>
    public Task ServeAsync(string program, params string[] arguments)
    {
        var path = program.StartsWith('/') ? program : Path.Combine(s_binaries!, program);
        return Environment.IsPrivilegedProcess
            ? RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments])
            : RunAsync(path, arguments);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? FindBinaries() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Max()
        : null;

    private async Task MakeFolderAsync()
    {
        Directory.CreateDirectory(Folder);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "postgres", Folder);
        }
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        // What it starts goes on and would hold a pipe open: it writes to a file.
        var output = Path.Combine(Folder, "output");
        var quoted = string.Join(' ', arguments.Prepend(program).Select(argument => $"'{argument}'"));
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"{quoted} >>'{output}' 2>&1 </dev/null"]) { WorkingDirectory = Folder })!;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await File.ReadAllTextAsync(output)}");
    }
}
