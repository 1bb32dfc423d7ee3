using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace Seedance.Journal.PostgreSql;

/// <summary>
/// Calls the functions of the schema, each call one statement and one transaction. A call that was not answered is
/// repeated as it was: each is made so that it may have happened before.
/// </summary>
/// <param name="options">Where it is, and for how long a call is repeated.</param>
/// <param name="statements">What runs each statement once; the database at that address by default.</param>
internal sealed class Database(PostgreSqlJournalOptions options, IStatements? statements = null) : IAsyncDisposable
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_longestAttempt = TimeSpan.FromSeconds(10);

    private readonly IStatements _statements = statements ?? new NpgsqlStatements(options);

    /// <summary>Gets what the journal is called in messages.</summary>
    public string Name { get; } = options.Address.ToString();

    /// <summary>Calls a function that returns rows, and repeats that for a while where the database cannot be reached.</summary>
    public Task<List<T>> CallAsync<T>(string function, object?[] arguments, Func<DbDataReader, T> map, CancellationToken cancellationToken = default) =>
        CallAsync(function, arguments, map, options.Patience, cancellationToken);

    /// <summary>Calls a function that returns rows, and repeats that for as long as <paramref name="patience"/> tells.</summary>
    public async Task<List<T>> CallAsync<T>(
        string function, object?[] arguments, Func<DbDataReader, T> map, TimeSpan patience, CancellationToken cancellationToken = default)
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
        string sql, object?[] arguments, Func<DbDataReader, T> map, TimeSpan patience, CancellationToken cancellationToken = default)
    {
        var (pause, spent) = (s_firstPause, TimeSpan.Zero);
        while (true)
        {
            var began = options.TimeProvider.GetTimestamp();
            try
            {
                return await _statements.RunAsync(sql, arguments, map, cancellationToken);
            }
            catch (Exception e) when (DatabaseErrors.IsOfDatabase(e))
            {
                // Not by the clock alone: after a suspension the network needs its moment, too.
                var took = options.TimeProvider.GetElapsedTime(began);
                spent += pause + (took < s_longestAttempt ? took : s_longestAttempt);
                if (!DatabaseErrors.IsPassing(e) || spent > patience)
                {
                    throw DatabaseErrors.From(Name, e);
                }
            }

            await Task.Delay(pause, options.TimeProvider, cancellationToken);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }

    /// <summary>Opens a connection, for what is more than one statement.</summary>
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => _statements.OpenAsync(cancellationToken);

    public ValueTask DisposeAsync() => _statements.DisposeAsync();
}
