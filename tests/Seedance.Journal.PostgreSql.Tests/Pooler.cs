using System.Diagnostics;
using System.Globalization;
using Npgsql;
using static Seedance.Journal.PostgreSql.Tests.StoreTesting;

namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>A pgbouncer in transaction mode on loopback: each statement may come to another session.</summary>
public sealed class Pooler : IAsyncDisposable
{
    private static readonly string? s_program =
        new[] { "/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer" }.FirstOrDefault(File.Exists);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"seedance-pooler-{Guid.NewGuid():N}");
    private Process? _process;

    public int Port { get; } = PostgreSqlCluster.FreePort();

    /// <summary>Starts one, or skips the test where there is none.</summary>
    /// <param name="address">The server, and the role that is let in.</param>
    /// <param name="sessions">How many sessions there are for all.</param>
    public static async Task<Pooler> StartAsync(JournalAddress address, int sessions)
    {
        Assert.SkipWhen(s_program is null, "pgbouncer is not installed (apt-get install pgbouncer).");
        var pooler = new Pooler();
        Directory.CreateDirectory(pooler._folder);
        var (settings, users) = (Path.Combine(pooler._folder, "pgbouncer.ini"), Path.Combine(pooler._folder, "users.txt"));
        await File.WriteAllTextAsync(users, $"\"{address.User}\" \"\"\n");
        await File.WriteAllTextAsync(settings, string.Create(CultureInfo.InvariantCulture, $"""
            [databases]
            * = host={address.Host} port={address.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {pooler.Port}
            unix_socket_dir =
            auth_type = trust
            auth_file = {users}
            pool_mode = transaction
            default_pool_size = {sessions}
            server_login_retry = 1
            """));

        // It does not run as root.
        var start = Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", s_program, "--quiet", settings])
            : new ProcessStartInfo(s_program, ["--quiet", settings]);
        pooler._process = Process.Start(start)!;
        await pooler.WaitAsync(address);
        return pooler;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task WaitAsync(JournalAddress address)
    {
        for (var watch = Stopwatch.StartNew(); ;)
        {
            try
            {
                await using var connection = new NpgsqlConnection(
                    new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = Port, Database = address.Database, Username = address.User, Pooling = false }.ConnectionString);
                await connection.OpenAsync(Cancelled);
                return;
            }
            catch (NpgsqlException) when (!_process!.HasExited && watch.Elapsed < TimeSpan.FromMinutes(1))
            {
                // It does not listen yet.
            }
        }
    }
}
