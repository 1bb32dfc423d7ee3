using System.Collections.Concurrent;
using Seedance.Http;
using Seedance.Journal.FileStore;

namespace Seedance.Journal.PostgreSql;

/// <summary>The journal in a PostgreSQL database, shared by all machines of an account.</summary>
public sealed partial class PostgreSqlJournal : IJournal, ISharedRate
{
    private static readonly TimeSpan s_groupIsMade = TimeSpan.FromMilliseconds(200);

    // Long enough for a connection that was cut; a pause that others hear of later than that would outlast its reason.
    private static readonly TimeSpan s_pausePatience = TimeSpan.FromSeconds(1);

    private readonly PostgreSqlJournalOptions _options;
    private readonly JournalAccount _account;
    private readonly Database _database;
    private readonly JournalQueries _queries;
    private readonly AccountAdmission _admission;
    private readonly PromptNames _names;
    private readonly ConcurrentDictionary<string, RunLease> _leases = new(StringComparer.Ordinal);

    // Requests that were taken from a queue and have no outcome yet, with the take that they are this journal's by.
    private readonly ConcurrentDictionary<string, string> _takes = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1);
    private bool _isOpen;

    /// <summary>Takes the options; opens nothing.</summary>
    public PostgreSqlJournal(PostgreSqlJournalOptions options, JournalAccount account)
        : this(options, account, new NpgsqlStatements(options))
    {
    }

    /// <summary>Takes what runs its statements.</summary>
    internal PostgreSqlJournal(PostgreSqlJournalOptions options, JournalAccount account, IStatements statements)
    {
        _options = options;
        _account = account;
        _database = new Database(options, statements);
        _queries = new JournalQueries(_database, account.Name);
        _admission = new AccountAdmission(_database, account, options.TimeProvider);
        _names = new PromptNames(_queries.ReadNamesAsync, options.TimeProvider);
    }

    /// <inheritdoc/>
    public string Name => _database.Name;

    /// <inheritdoc/>
    /// <remarks>What a question costs is mostly its way.</remarks>
    public int PreferredLookupSize => 1_000;

    /// <summary>Makes a journal's tables and functions in a database, or brings them up to this version, as the owner.</summary>
    /// <param name="options">Where, and as whom.</param>
    /// <param name="runnerRoles">Roles that are to use the journal: they may execute its functions and read no table.</param>
    /// <param name="confirmsServer">Whether the journal may go on at a server that is another than before: a promoted standby, or a copy that was brought back.</param>
    /// <param name="cancellationToken">Calls it off; nothing is changed then.</param>
    /// <exception cref="SeedanceException">The database cannot be used, or is not this role's to change.</exception>
    public static async Task<JournalHealth> InstallAsync(
        PostgreSqlJournalOptions options, IReadOnlyList<string> runnerRoles, bool confirmsServer = false, CancellationToken cancellationToken = default)
    {
        await using var database = new Database(options);
        await JournalSchema.InstallAsync(database, runnerRoles, confirmsServer, cancellationToken);
        return await JournalInspection.InspectAsync(database, cancellationToken);
    }

    /// <summary>Looks at how the database is set up. What is wrong with the journal is told, not thrown.</summary>
    /// <exception cref="SeedanceException">The database cannot be reached, or does not let this role in.</exception>
    public Task<JournalHealth> TestAsync(CancellationToken cancellationToken = default) => JournalInspection.InspectAsync(_database, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IAsyncDisposable> BeginRunAsync(JournalRun run, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        await _admission.RequireAsync(cancellationToken);
        var line = JournalMapper.Run(run, _account.Name, Now, place: null);
        var askedAt = _options.TimeProvider.GetTimestamp();
        await (run.ListName is null
            ? _database.CallAsync("begin_run_v1", _account.Name, run.RunId, run.Name, Records.Write(line), _options.Lease)
            : _database.CallAsync("begin_runner_v2", _account.Name, run.ListName, run.RunId, run.Name, Records.Write(line), _options.Lease));
        return _leases[run.RunId] = new RunLease(_database, run.RunId, _options, askedAt, () => _leases.TryRemove(run.RunId, out _));
    }

    /// <inheritdoc/>
    public async ValueTask EndRunAsync(JournalRunEnd runEnd, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        await _database.CallAsync("end_run_v1", runEnd.RunId, Records.Write(JournalMapper.RunEnd(runEnd, Now)));
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<int>> BeginAsync(JournalIntent intent, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        await _admission.RequireAsync(cancellationToken);

        // From here on to its end, whoever loses patience: a claim that nobody knows of is a row of unknown outcome.
        int[] taken;
        while ((taken = await _database.CallAsync<int[]>("begin_intent_v4", [_account.Name, intent.IntentId, intent.RunId, .. Claim(intent, [])])) is [< 0])
        {
            // Another request makes the group, anywhere: two could make two of one name.
            await Task.Delay(s_groupIsMade, _options.TimeProvider, CancellationToken.None);
        }

        if (taken.Length == 0 && intent.RunId is { } run && _leases.TryGetValue(run, out var lease) && lease.HasLapsed)
        {
            await EndAsync(new JournalOutcome { IntentId = intent.IntentId, State = JournalState.Unsent }, CancellationToken.None);
            throw DatabaseErrors.LeaseLapsed(Name);
        }

        return taken;
    }

    /// <inheritdoc/>
    public async ValueTask EndAsync(JournalOutcome outcome, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        var line = JournalMapper.Outcome(outcome, Now);
        _takes.TryGetValue(outcome.IntentId, out var takeId);
        await _database.CallAsync(
            "end_intent_v2", _account.Name, outcome.IntentId, takeId, outcome.State.ToString(), outcome.TaskId, outcome.GroupId, Records.Write(line));
        _takes.TryRemove(outcome.IntentId, out _);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SettleAsync(string intentId, SeedanceTask task, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        var line = JournalMapper.Settled(intentId, task, _account.Name, Now);
        return await _database.CallAsync<bool>(
            "settle_intent_v1", _account.Name, intentId, task.TaskId, line.GroupId, Records.Write(line), Guid.NewGuid());
    }

    /// <inheritdoc/>
    public async ValueTask RecordFinalAsync(SeedanceTask task, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        var line = JournalMapper.Final(task, _account.Name, Now);
        await _database.CallAsync("record_final_v1", _account.Name, task.TaskId, line.GroupId, Records.Write(line));
    }

    /// <inheritdoc/>
    public async ValueTask RecordChangesAsync(IReadOnlyList<JournalAssetChange> changes, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);

        // One statement can change a row once: what is told of one asset twice is told together, the later above the earlier.
        List<JournalAssetChange> merged =
        [
            .. changes.Where(change => change.AssetId is not null).GroupBy(change => change.AssetId).Select(same => new JournalAssetChange
            {
                AssetId = same.Key,
                Status = same.LastOrDefault(change => change.Status is not null)?.Status,
                Name = same.LastOrDefault(change => change.Name is not null)?.Name,
            }),
            .. changes.Where(change => change.AssetId is null && change.GroupId is not null).GroupBy(change => change.GroupId).Select(same => same.Last()),
        ];
        await _database.CallAsync(
            "record_changes_v1", _account.Name, merged.Select(change => change.AssetId).ToArray(), merged.Select(change => change.GroupId).ToArray(),
            merged.Select(change => change.Status).ToArray(), merged.Select(change => change.Name).ToArray());
    }

    /// <inheritdoc/>
    public async ValueTask RecordUploadAsync(JournalUpload upload, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        await _database.CallAsync("record_upload_v1", _account.Name, upload.ContentHash, Records.Write(JournalMapper.Upload(upload, _account.Name, Now)));
    }

    /// <inheritdoc/>
    public async ValueTask<JournalUpload?> FindUploadAsync(string contentHash, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        return await _queries.FindUploadAsync(contentHash, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<long> GetPositionAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        return await _database.CallAsync<long>("get_position_v1", _account.Name);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<JournalMatch?>> FindAsync(IReadOnlyList<JournalKey> keys, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        return await _queries.FindAsync(keys, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<SeedanceTask?>> FindTasksAsync(IReadOnlyList<string> taskIds, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        return await _queries.FindTasksAsync(taskIds, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<JournalOpenRequest> ReadOpenAsync(CancellationToken cancellationToken = default) =>
        OpenAndReadAsync(_queries.ReadOpenAsync, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<JournalIntent> ReadWithoutTaskAsync(string runId, CancellationToken cancellationToken = default) =>
        OpenAndReadAsync(stop => _queries.ReadWithoutTaskAsync(runId, stop), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<SeedanceTask> ReadTasksAsync(JournalQuery query, CancellationToken cancellationToken = default) =>
        OpenAndReadAsync(stop => _queries.ReadTasksAsync(query, stop), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<SeedanceAsset> ReadAssetsAsync(JournalQuery query, CancellationToken cancellationToken = default) =>
        OpenAndReadAsync(stop => _queries.ReadAssetsAsync(query, stop), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<Run> ReadRunsAsync(JournalQuery query, CancellationToken cancellationToken = default) =>
        OpenAndReadAsync(stop => _queries.ReadRunsAsync(query, stop), cancellationToken);

    /// <inheritdoc/>
    public JournalNames ReadNames() => _names.Read();

    // Asked once: what waits for a turn goes on without it rather than wait for the database.
    async Task<TurnLease> ISharedRate.LeaseTurnsAsync(int perSecond, int count, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        var leases = await _database.CallAsync(
            "lease_turns_v2", [_account.Name, perSecond, count],
            row => new TurnLease(row.GetFieldValue<TimeSpan>(0), row.GetInt32(1), row.GetFieldValue<TimeSpan>(2), row.GetFieldValue<TimeSpan>(3)), TimeSpan.Zero, cancellationToken);
        return leases[0];
    }

    async Task ISharedRate.PauseAsync(TimeSpan span, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        await _database.CallAsync("pause_account_v2", [_account.Name, span], _ => true, s_pausePatience, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var lease in _leases.Values)
        {
            await lease.DisposeAsync();
        }

        await _database.DisposeAsync();
        _gate.Dispose();
    }

    // What a claim is made of: the record, what goes between it and the group, the group, and the rows.
    private object?[] Claim(JournalIntent intent, object?[] between)
    {
        var line = JournalMapper.Intent(intent, _account.Name, Now);
        var keys = intent.Rows.Select(row => row.Key).ToList();
        return
        [
            Records.Write(line), .. between, line.GroupName, line.GroupId, line.RealPerson ?? false, line.Implied ?? false,
            JournalQueries.Hashes(keys), JournalQueries.OtherHashes(keys), JournalQueries.LibraryHashes(keys), intent.Rows.Select(row => row.Supersedes).ToArray(),
            intent.Rows.Select(row => row.WasUnknown).ToArray(),
        ];
    }

    private DateTimeOffset Now => _options.TimeProvider.GetUtcNow();

    private async IAsyncEnumerable<T> OpenAndReadAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> read, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        await foreach (var item in read(cancellationToken))
        {
            yield return item;
        }
    }

    // Asked once, and at once: nothing has been sent yet that would be worth waiting for the database.
    private async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _isOpen))
        {
            return;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!_isOpen)
            {
                await JournalSchema.RequireAsync(_database, cancellationToken);
                Volatile.Write(ref _isOpen, true);
            }
        }
        finally
        {
            _gate.Release();
        }
    }
}
