using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>A PostgreSQL server of the tests' own, on loopback and in a temporary folder, from the binaries of the system's package.</summary>
public sealed class PostgreSqlServer : IAsyncLifetime
{
    /// <summary>The owner of every database.</summary>
    public const string Owner = "owner";

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"seedance-pg-{Guid.NewGuid():N}");
    private readonly string? _binaries = FindBinaries();
    private int _databases;

    /// <summary>Gets why there is no server; null if there is one.</summary>
    public string? Reason { get; private set; }

    public int Port { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (_binaries is null)
        {
            Reason = "PostgreSQL is not installed: /usr/lib/postgresql/*/bin/initdb is missing.";
            return;
        }

        Directory.CreateDirectory(_folder);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "postgres", _folder);
        }

        Port = FreePort();
        var data = Path.Combine(_folder, "data");
        await ServeAsync("initdb", "--pgdata", data, "--username", Owner, "--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync");
        await StartAsync();
    }

    /// <summary>Makes an empty database and returns its address.</summary>
    public async Task<JournalAddress> CreateDatabaseAsync()
    {
        Assert.SkipWhen(Reason is not null, Reason ?? string.Empty);
        var name = string.Create(CultureInfo.InvariantCulture, $"journal_{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync(Address("postgres"), $"create database {name}");
        return Address(name);
    }

    /// <summary>Runs a statement as the owner.</summary>
    public static async Task ExecuteAsync(JournalAddress address, string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder { Host = address.Host, Port = address.Port, Database = address.Database, Username = Owner, Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public Task StartAsync() => ServeAsync(
        "pg_ctl", "start", "--wait", "--pgdata", Path.Combine(_folder, "data"), "--log", Path.Combine(_folder, "log"),
        "--options", string.Create(CultureInfo.InvariantCulture, $"-c listen_addresses=127.0.0.1 -c port={Port} -c unix_socket_directories={_folder}"));

    public Task StopAsync() => ServeAsync("pg_ctl", "stop", "--wait", "--mode", "immediate", "--pgdata", Path.Combine(_folder, "data"));

    public async ValueTask DisposeAsync()
    {
        if (Port != 0)
        {
            await StopAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }

    private JournalAddress Address(string database) => new("127.0.0.1", Port, database, Owner);

    private static string? FindBinaries() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Max()
        : null;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // It does not run as root; the package has made a user for it.
    private Task ServeAsync(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", Path.Combine(_binaries!, program), .. arguments])
        : RunAsync(Path.Combine(_binaries!, program), arguments);

    private async Task RunAsync(string program, params string[] arguments)
    {
        // What it starts goes on and would hold a pipe open: it writes to a file.
        var output = Path.Combine(_folder, "output");
        var quoted = string.Join(' ', arguments.Prepend(program).Select(argument => $"'{argument}'"));
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"{quoted} >>'{output}' 2>&1 </dev/null"]) { WorkingDirectory = _folder })!;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await File.ReadAllTextAsync(output)}");
    }
}
