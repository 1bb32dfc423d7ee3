using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace Seedance.Journal.PostgreSql;

/// <summary>Runs statements in a PostgreSQL database.</summary>
internal sealed class NpgsqlStatements(PostgreSqlJournalOptions options) : IStatements
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(ConnectionString(options));

    public async Task<List<T>> RunAsync<T>(string sql, object?[] arguments, Func<DbDataReader, T> map, CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand(sql);
        foreach (var argument in arguments)
        {
            command.Parameters.Add(argument is null ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text } : new NpgsqlParameter { Value = argument });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(map(reader));
        }

        return rows;
    }

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => _source.OpenConnectionAsync(cancellationToken);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    /// <summary>How the database is reached. Without prepared statements and without a reset on closing, a pooler in transaction mode does as well.</summary>
    internal static string ConnectionString(PostgreSqlJournalOptions options) => new NpgsqlConnectionStringBuilder
    {
        Host = options.Address.Host,
        Port = options.Address.Port,
        Database = options.Address.Database,
        Username = options.Address.User,
        Password = options.Password,
        SslMode = options.Address.IsLocal ? SslMode.Prefer : SslMode.VerifyFull,
        RootCertificate = options.RootCertificate,
        ApplicationName = "Seedance",
        Timeout = 10,
        CommandTimeout = 30,
        MaxPoolSize = 16,
        MaxAutoPrepare = 0,
        NoResetOnClose = true,
        IncludeErrorDetail = false,
        PersistSecurityInfo = false,
        Enlist = false,
    }.ConnectionString;
}
