using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Seedance.Journal.PostgreSql;

/// <summary>
/// Calls the functions of the schema, each call one statement and one transaction. A call that was not answered is
/// repeated as it was: each is made so that it may have happened before.
/// </summary>
internal sealed class Database(PostgreSqlJournalOptions options) : IAsyncDisposable
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(ConnectionString(options));

    /// <summary>Gets what the journal is called in messages.</summary>
    public string Name { get; } = options.Address.ToString();

    /// <summary>Calls a function that returns rows, and repeats that for a while where the database cannot be reached.</summary>
    public Task<List<T>> CallAsync<T>(string function, object?[] arguments, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken = default) =>
        CallAsync(function, arguments, map, options.Patience, cancellationToken);

    /// <summary>Calls a function that returns rows, and repeats that for as long as <paramref name="patience"/> tells.</summary>
    public async Task<List<T>> CallAsync<T>(
        string function, object?[] arguments, Func<NpgsqlDataReader, T> map, TimeSpan patience, CancellationToken cancellationToken = default)
    {
        var sql = $"select * from seedance.{function}({string.Join(", ", Enumerable.Range(1, arguments.Length).Select(i => string.Create(CultureInfo.InvariantCulture, $"${i}")))})";
        return await QueryAsync(sql, arguments, map, patience, cancellationToken);
    }

    /// <summary>Calls a function that returns one value.</summary>
    public async Task<T> CallAsync<T>(string function, params object?[] arguments) =>
        (await CallAsync(function, arguments, row => row.GetFieldValue<T>(0)))[0];

    /// <summary>Calls a function that returns nothing.</summary>
    public async Task CallAsync(string function, params object?[] arguments) => await CallAsync(function, arguments, _ => true);

    /// <summary>Runs a statement that returns rows.</summary>
    public async Task<List<T>> QueryAsync<T>(
        string sql, object?[] arguments, Func<NpgsqlDataReader, T> map, TimeSpan patience, CancellationToken cancellationToken = default)
    {
        var pause = s_firstPause;
        for (var began = options.TimeProvider.GetTimestamp(); ;)
        {
            try
            {
                return await OnceAsync(sql, arguments, map, cancellationToken);
            }
            catch (Exception e) when (DatabaseErrors.IsOfDatabase(e))
            {
                if (!DatabaseErrors.IsPassing(e) || options.TimeProvider.GetElapsedTime(began) + pause > patience)
                {
                    throw DatabaseErrors.From(Name, e);
                }
            }

            await Task.Delay(pause, options.TimeProvider, cancellationToken);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }

    /// <summary>Opens a connection, for what is more than one statement.</summary>
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => _source.OpenConnectionAsync(cancellationToken);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<List<T>> OnceAsync<T>(string sql, object?[] arguments, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken)
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
