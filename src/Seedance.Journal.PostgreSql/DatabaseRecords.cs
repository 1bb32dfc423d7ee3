using Npgsql;
using NpgsqlTypes;
using Seedance.Journal.FileStore;

namespace Seedance.Journal.PostgreSql;

/// <summary>
/// The records of a database as a journal file: written to a temporary one that its user alone can read, and taken back
/// from one in the transaction that they were read in.
/// </summary>
internal sealed class DatabaseRecords(Database database, TimeProvider time) : IJournalFile, IAsyncDisposable
{
    private const string RunPlace = "live";

    private const string Tables = """
        create temp table line (
          n bigint, type text, at timestamptz, account text, intent text, task text, run text, run_name text, state text,
          group_name text, group_id text, is_real_person boolean, is_implied boolean, is_cleared boolean, row_count integer, hash text, record text) on commit drop;
        create temp table line_row (n bigint, ordinal integer, hash uuid) on commit drop;
        create temp table change (n bigint, account text, asset_id text, group_id text, status text, name text, at timestamptz) on commit drop;
        """;

    private static readonly NpgsqlDbType[] s_lineTypes =
    [
        NpgsqlDbType.Bigint, NpgsqlDbType.Text, NpgsqlDbType.TimestampTz, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text,
        NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Boolean, NpgsqlDbType.Boolean, NpgsqlDbType.Boolean, NpgsqlDbType.Integer, NpgsqlDbType.Text, NpgsqlDbType.Text,
    ];

    private static readonly NpgsqlDbType[] s_rowTypes = [NpgsqlDbType.Bigint, NpgsqlDbType.Integer, NpgsqlDbType.Uuid];

    private static readonly NpgsqlDbType[] s_changeTypes =
        [NpgsqlDbType.Bigint, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.TimestampTz];

    private readonly Records _records = new(database.Name);
    private readonly List<string> _files = [];
    private NpgsqlConnection? _connection;
    private NpgsqlTransaction? _transaction;

    public string Name => database.Name;

    public IJournalView? Open() => _files is [var first, ..] ? new DiskJournalFile(first, time).Open() : null;

    /// <summary>Reads the records while nobody else writes any, until the lock is disposed or they have been replaced.</summary>
    public async ValueTask<IJournalLock> LockAsync(CancellationToken cancellationToken)
    {
        try
        {
            _connection = await database.OpenAsync(cancellationToken);
            _transaction = await _connection.BeginTransactionAsync(cancellationToken);

            // One order, which is that of a claim: its request before its rows.
            await ExecuteAsync("lock table seedance.run, seedance.intent, seedance.place, seedance.intent_row in share row exclusive mode", cancellationToken);
            await ReadAsync("seedance.dump(null)", "seedance.dump_changes(null)", null, _connection, cancellationToken);
            return new Lock(this, Open()!);
        }
        catch (NpgsqlException e)
        {
            throw DatabaseErrors.From(Name, e);
        }
    }

    public (IDisposable Hold, string Place) HoldRun(string runId) => throw new NotSupportedException();

    public bool IsRunHeld(string place) => place == RunPlace;

    /// <summary>Throws unless the role may change the tables themselves: whoever merely uses the journal changes no records but by sending.</summary>
    public async Task RequireOwnerAsync(CancellationToken cancellationToken)
    {
        var isOwner = await database.QueryAsync(
            "select pg_has_role(n.nspowner, 'usage') from pg_namespace n where n.nspname = 'seedance'", [], row => row.GetBoolean(0), TimeSpan.Zero, cancellationToken);
        if (isOwner is not [true])
        {
            throw DatabaseErrors.NotOwner(Name);
        }
    }

    /// <summary>Reads an account's records, or all where none is named.</summary>
    public async Task ReadAsync(string? account, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenAsync(cancellationToken);

            // Of one moment, though it takes two statements.
            await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
            await (account is null
                ? ReadAsync("seedance.dump(null)", "seedance.dump_changes(null)", null, connection, cancellationToken)
                : ReadAsync("seedance.export_v3($1)", "seedance.export_changes_v3($1)", account, connection, cancellationToken));
        }
        catch (NpgsqlException e)
        {
            throw DatabaseErrors.From(Name, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_transaction is not null)
        {
            await _transaction.DisposeAsync();
        }

        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        _files.ForEach(File.Delete);
    }

    private async Task ReadAsync(string records, string changes, string? account, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var stream = DiskJournalFile.CreatePrivate(NewFile());
        var lines = new JournalLineStream(stream);
        await lines.WriteAsync(new JournalLine { Type = JournalLineType.Journal, Version = JournalLine.FormatVersion, At = time.GetUtcNow() }, cancellationToken);
        await using (var command = Command($"select * from {records}", connection, account))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var line = _records.Read(reader.GetString(0));
                line.Path = line.Type != JournalLineType.Run ? line.Path : reader.GetBoolean(1) ? RunPlace : null;
                await lines.WriteAsync(line, cancellationToken);
            }
        }

        await using (var command = Command($"select * from {changes}", connection, account))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            foreach (var line in await ReadChangesAsync(reader, cancellationToken))
            {
                await lines.WriteAsync(line, cancellationToken);
            }
        }

        await lines.FlushAsync(cancellationToken);
    }

    // What was recorded at one time is one line, and no two lines have the same: by that they are told apart.
    private static async Task<IEnumerable<JournalLine>> ReadChangesAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var changes = new List<(string Account, DateTimeOffset At, JournalAssetChange Change)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            changes.Add((reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(5), new JournalAssetChange
            {
                AssetId = reader.GetText(1),
                GroupId = reader.GetText(2),
                Status = reader.GetText(3),
                Name = reader.GetText(4),
            }));
        }

        return changes.GroupBy(one => (one.Account, one.At)).SelectMany(same =>
        {
            var groups = same.Select(one => one.Change).Where(change => change.AssetId is null).ToList();
            var assets = same.Select(one => one.Change).Where(change => change.AssetId is not null).ToList();
            return Enumerable.Range(0, Math.Max(1, groups.Count)).Select(i =>
                JournalMapper.Changes([.. groups.Skip(i).Take(1), .. i == 0 ? assets : []], same.Key.Account, same.Key.At.AddTicks(i)));
        });
    }

    private string NewFile()
    {
        var path = Path.Combine(Path.GetTempPath(), $"seedance-{Guid.NewGuid():N}.jsonl");
        _files.Add(path);
        return path;
    }

    private static NpgsqlCommand Command(string sql, NpgsqlConnection connection, string? account)
    {
        // As long as it takes.
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        if (account is not null)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = account });
        }

        return command;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = Command(sql, _connection!, account: null);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task ReplaceAsync(Func<Stream, ValueTask> write)
    {
        var path = NewFile();
        await using (var stream = DiskJournalFile.CreatePrivate(path))
        {
            await write(stream);
        }

        try
        {
            await ExecuteAsync(Tables, CancellationToken.None);
            await CopyAsync("line", s_lineTypes, Lines(path).Select((line, n) => Columns(n, line)));
            await CopyAsync("line_row", s_rowTypes, Lines(path).SelectMany((line, n) => RowColumns(n, line)));
            await CopyAsync("change", s_changeTypes, Lines(path).SelectMany((line, n) => ChangeColumns(n, line)));
            await ExecuteAsync("create index on line (intent); create index on line (type, run); create index on line_row (n); analyze line; analyze line_row", CancellationToken.None);
            await ExecuteAsync("select seedance.restore()", CancellationToken.None);
            await _transaction!.CommitAsync(CancellationToken.None);
        }
        catch (NpgsqlException e)
        {
            throw DatabaseErrors.From(Name, e);
        }
    }

    // Under the names that accounts have by now: there is no asking whose a hash of key and address was.
    private IEnumerable<JournalLine> Lines(string path)
    {
        using var view = new DiskJournalFile(path, time).Open()!;
        var names = new JournalFileReader(path).Read(view).Select(one => one.Line)
            .Where(line => line is { Type: JournalLineType.Account, Account: not null, Legacy: not null })
            .DistinctBy(line => line.Legacy).ToDictionary(line => line.Legacy!, line => line.Account!, StringComparer.Ordinal);
        foreach (var (_, line) in new JournalFileReader(path).Read(view))
        {
            line.Account = line.Account is { } name && names.TryGetValue(name, out var now) ? now : line.Account;
            line.Path = line.Type == JournalLineType.Run ? null : line.Path;
            yield return line;
        }
    }

    private object?[] Columns(int n, JournalLine line) =>
    [
        (long)n, line.Type.ToString(), (line.At ?? time.GetUtcNow()).ToUniversalTime(), line.Account, line.Intent, line.Task, line.Run, line.RunName, line.State?.ToString(),
        line.GroupName, line.GroupId, line.RealPerson ?? false, line.Implied ?? false, line.Cleared ?? false, line.Rows?.Count ?? 0, line.Hash, Records.Write(line),
    ];

    private static IEnumerable<object?[]> RowColumns(int n, JournalLine line) => line.Type != JournalLineType.Intent ? []
        : (line.Rows ?? []).Select((row, i) => new object?[] { (long)n, i, JournalQueries.ToGuid(row.ContentHash()) });

    private static IEnumerable<object?[]> ChangeColumns(int n, JournalLine line) => line.Type != JournalLineType.Changes ? []
        : JournalMapper.Changes(line).Select(change => new object?[] { (long)n, line.Account, change.AssetId, change.GroupId, change.Status, change.Name, line.At?.ToUniversalTime() });

    private async Task CopyAsync(string table, NpgsqlDbType[] types, IEnumerable<object?[]> rows)
    {
        await using var copy = await _connection!.BeginBinaryImportAsync($"copy pg_temp.{table} from stdin (format binary)");
        foreach (var row in rows)
        {
            await copy.StartRowAsync();
            for (var i = 0; i < types.Length; i++)
            {
                await (row[i] is { } value ? copy.WriteAsync(value, types[i]) : copy.WriteNullAsync());
            }
        }

        await copy.CompleteAsync();
    }

    private sealed class Lock(DatabaseRecords records, IJournalView view) : IJournalLock
    {
        public bool IsCurrent => true;

        public long Length => view.Length;

        public int Read(long offset, Span<byte> buffer) => view.Read(offset, buffer);

        public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes) => throw new NotSupportedException();

        public void Truncate(long length) => throw new NotSupportedException();

        public async ValueTask ReplaceAsync(Func<Stream, ValueTask> write) => await records.ReplaceAsync(write);

        // The transaction ends with the records.
        public void Dispose() => view.Dispose();
    }
}
