using System.Data.Common;
using System.Globalization;
using Seedance.Journal.FileStore;

namespace Seedance.Journal.PostgreSql;

public sealed partial class PostgreSqlJournal : IRunnerJournal
{
    private const int EndedPageSize = 500;

    // What ended before may be seen after what ended later: it is recorded by others at the same time.
    private static readonly TimeSpan s_overlap = TimeSpan.FromSeconds(5);

    private bool _isWatchUnclear;
    private long _calls;

    /// <inheritdoc/>
    public async ValueTask<bool> CreateListAsync(string listName, bool mayExist, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        await _admission.RequireAsync(cancellationToken);
        return await _database.CallAsync<bool>("create_list_v2", _account.Name, listName, Guid.NewGuid().ToString("N"), mayExist);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<int>> EnqueueAsync(string listName, JournalIntent intent, string payload, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        return await _database.CallAsync<int[]>("enqueue_intent_v4", [_account.Name, intent.IntentId, listName, .. Claim(intent, [payload])]);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> HasWorkAsync(string runId, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        return await _database.CallAsync<bool>("has_work_v2", _account.Name, runId);
    }

    /// <inheritdoc/>
    public async ValueTask<TakenRequest> TakeAsync(string runId, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        var records = new Records(Name);
        var takeId = NextCallId();
        var taken = (await _database.CallAsync("take_intent_v2", [_account.Name, runId, takeId], Read, cancellationToken))[0];
        if (taken.Intent is { } mine)
        {
            _takes[mine.IntentId] = takeId;
        }

        return taken;

        TakenRequest Read(DbDataReader row)
        {
            JournalIntent? intent = null;
            if (row.GetText(1) is { } intentId)
            {
                var line = records.Read(row.GetString(3));
                line.GroupId = row.GetText(2);
                intent = JournalMapper.Restore(line, line.Group) with { IntentId = intentId };
            }

            return new TakenRequest(intent, row.GetText(4), row.GetBoolean(0));
        }
    }

    /// <inheritdoc/>
    public async ValueTask SplitAsync(
        JournalOutcome outcome, JournalIntent refused, JournalOutcome refusal, JournalIntent rest, string payload, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        _takes.TryGetValue(outcome.IntentId, out var takeId);
        await _database.CallAsync(
            "split_intent_v2", _account.Name, outcome.IntentId, takeId, Records.Write(JournalMapper.Outcome(outcome, Now)),
            refused.IntentId, JournalQueries.Hashes([refused.Rows[0].Key])[0], Records.Write(JournalMapper.Intent(refused, _account.Name, Now)), Records.Write(JournalMapper.Outcome(refusal, Now)),
            rest.IntentId, Records.Write(JournalMapper.Intent(rest, _account.Name, Now)), payload);
        _takes.TryRemove(outcome.IntentId, out _);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<SeedanceTask>> WatchAsync(string runId, int count, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);

        // If the answer is lost, what it gave is asked for with the next.
        var isAgain = _isWatchUnclear;
        _isWatchUnclear = true;
        var tasks = await _queries.ReadTasksAsync("watch_tasks_v2", [_account.Name, runId, NextCallId(), count, isAgain], cancellationToken);
        _isWatchUnclear = false;
        return tasks;
    }

    /// <inheritdoc/>
    public async ValueTask UnwatchAsync(string taskId, TimeSpan span, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        await _database.CallAsync("unwatch_task_v2", _account.Name, taskId, span);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<List>> FindListsAsync(string? listName, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        return await _database.CallAsync(
            "read_lists_v2", [_account.Name, listName],
            row => new List
            {
                ListName = row.GetString(0),
                CreatedAt = row.GetFieldValue<DateTimeOffset>(1),
                Queued = (int)row.GetInt64(2),
                UnderWay = (int)row.GetInt64(3),
                Accepted = (int)row.GetInt64(4),
                Unknown = (int)row.GetInt64(5),
                Refused = (int)row.GetInt64(6),
                Unsent = (int)row.GetInt64(7),
                Usable = (int)row.GetInt64(8),
                Failed = (int)row.GetInt64(9),
                OpenTasks = (int)row.GetInt64(10),
                Runners = (int)row.GetInt64(11),
            }, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<bool?> IsListDoneAsync(string listName, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        return await _database.CallAsync("is_list_done_v2", [_account.Name, listName], row => row.IsDBNull(0) ? (bool?)null : row.GetBoolean(0), cancellationToken) is [var isDone] ? isDone : null;
    }

    /// <inheritdoc/>
    public async ValueTask<(IReadOnlyList<SeedanceTask> Tasks, DateTimeOffset? Next)> FindEndedAsync(string listName, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        var tasks = new List<SeedanceTask>();
        for (var after = (At: since ?? DateTimeOffset.UnixEpoch, Position: 0L); ;)
        {
            var page = await _database.CallAsync(
                "read_list_tasks_v2", [_account.Name, listName, after.At, after.Position, EndedPageSize],
                row => (At: row.GetFieldValue<DateTimeOffset>(0), Position: row.GetInt64(1), Task: _queries.Restore(row, 2)), cancellationToken);
            tasks.AddRange(page.Select(one => one.Task).OfType<SeedanceTask>());
            after = page.Count == 0 ? after : (page[^1].At, page[^1].Position);
            if (page.Count < EndedPageSize)
            {
                return (tasks, tasks.Count == 0 ? since : after.At - s_overlap);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<SeedanceTask>> FindOpenAsync(string listName, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        return await _queries.ReadTasksAsync("read_list_open_v2", [_account.Name, listName], cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Runner>> FindRunnersAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        var records = new Records(Name);
        return await _database.CallAsync("read_runners_v2", [_account.Name], Read, cancellationToken);

        Runner Read(DbDataReader row)
        {
            var line = records.Read(row.GetString(5));
            return new Runner
            {
                RunId = row.GetString(0),
                ListName = row.GetString(1),
                StartedAt = row.GetFieldValue<DateTimeOffset>(2),
                IsStopping = row.GetBoolean(3),
                Requests = (int)row.GetInt64(4),
                Computer = line.Computer,
                ProcessId = line.Process,
            };
        }
    }

    /// <inheritdoc/>
    public async ValueTask StopRunnerAsync(string runId, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        await _database.CallAsync("stop_runner_v2", _account.Name, runId);
    }

    /// <inheritdoc/>
    public async ValueTask RemoveListAsync(string listName, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        await _database.CallAsync("remove_list_v2", _account.Name, listName);
    }

    // By their order the database knows a call that comes late, when it has been repeated and answered: what it would give would be lost.
    private string NextCallId() => string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref _calls):D12}-{Guid.NewGuid():N}");
}
