using Npgsql;

namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>The server that most tests share, each with a database of its own.</summary>
public sealed class PostgreSqlServer : IAsyncLifetime
{
    private PostgreSqlCluster? _cluster;

    public async ValueTask InitializeAsync() => _cluster = PostgreSqlCluster.Reason is null ? await PostgreSqlCluster.CreateAsync() : null;

    /// <summary>Makes an empty database and returns its address.</summary>
    public async Task<JournalAddress> CreateDatabaseAsync()
    {
        Assert.SkipWhen(_cluster is null, PostgreSqlCluster.Reason ?? string.Empty);
        return await _cluster.CreateDatabaseAsync();
    }

    /// <summary>Runs a statement as the owner.</summary>
    public static async Task ExecuteAsync(JournalAddress address, string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder
            {
                Host = address.Host,
                Port = address.Port,
                Database = address.Database,
                Username = PostgreSqlCluster.Owner,
                Pooling = false,
                CommandTimeout = 0,
            }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}
