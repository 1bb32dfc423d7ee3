using System.Data.Common;
using Npgsql;

namespace Seedance.Journal.PostgreSql;

/// <summary>Runs statements in a database, each once, and as a transaction of its own.</summary>
internal interface IStatements : IAsyncDisposable
{
    /// <summary>Runs a statement that returns rows.</summary>
    Task<List<T>> RunAsync<T>(string sql, object?[] arguments, Func<DbDataReader, T> map, CancellationToken cancellationToken);

    /// <summary>Opens a connection, for what is more than one statement.</summary>
    ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken);
}
