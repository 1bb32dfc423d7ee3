using System.Data.Common;
using System.Runtime.CompilerServices;
using Seedance.Journal.FileStore;

namespace Seedance.Journal.PostgreSql;

/// <summary>Reads the journal. What is read whole comes in pages: neither end holds more than one.</summary>
internal sealed class JournalQueries(Database database, string account)
{
    private const int PageSize = 500;
    private const int RunPageSize = 50;

    // More than anybody looks through, in a few milliseconds.
    private const int LateRequests = 100;

    private readonly Records _records = new(database.Name);

    public static Guid[] Hashes(IEnumerable<JournalKey> keys) => [.. keys.Select(key => ToGuid(key.ContentHash))];

    public static Guid?[] OtherHashes(IEnumerable<JournalKey> keys) => [.. keys.Select(key => ToGuid(key.OtherHash))];

    public static Guid?[] LibraryHashes(IEnumerable<JournalKey> keys) => [.. keys.Select(key => ToGuid(key.LibraryHash))];

    /// <summary>What is recorded of each row; null for one that was never sent.</summary>
    public async Task<IReadOnlyList<JournalMatch?>> FindAsync(IReadOnlyList<JournalKey> keys, CancellationToken cancellationToken)
    {
        var groups = keys.Select(key => key.Group).ToList();
        var found = await database.CallAsync(
            "find_rows_v3",
            [
                account, Hashes(keys), OtherHashes(keys), LibraryHashes(keys),
                groups.Select(group => group?.Name).ToArray(), groups.Select(group => group?.GroupId).ToArray(),
                groups.Select(group => group is { IsRealPerson: true }).ToArray(), groups.Select(group => group is { IsImplied: true }).ToArray(),
            ],
            FoundRow.Read, cancellationToken);

        var requests = new Dictionary<long, RecordedReviews>();
        foreach (var row in found)
        {
            // Its first row has what is long, and may not be the first to be met.
            if (row.Outcome is not null || row.Final is not null || !requests.ContainsKey(row.Position))
            {
                requests[row.Position] = new RecordedReviews(row.RowCount, row.Outcome is null ? null : _records.Read(row.Outcome), row.Final is null ? null : _records.Read(row.Final));
            }
        }

        var matches = new JournalMatch?[keys.Count];
        foreach (var sent in found.GroupBy(row => row.Number))
        {
            matches[sent.Key] = Match([.. sent], requests);
        }

        return matches;
    }

    /// <summary>Tasks with their rows and their end, as far as they are recorded; null for one that is not there.</summary>
    public async Task<IReadOnlyList<SeedanceTask?>> FindTasksAsync(IReadOnlyList<string> taskIds, CancellationToken cancellationToken)
    {
        var tasks = new SeedanceTask?[taskIds.Count];
        var found = await database.CallAsync(
            "find_tasks_v1", [account, taskIds.ToArray()], row => (Number: row.GetInt32(0), Task: Restore(row, 1)), cancellationToken);
        var changes = await FindChangesAsync(found.Select(one => one.Task).OfType<SeedanceTask>(), cancellationToken);
        foreach (var (number, task) in found.Where(one => one.Task is not null))
        {
            tasks[number] = changes.Apply(task!);
        }

        return tasks;
    }

    public async Task<JournalUpload?> FindUploadAsync(string contentHash, CancellationToken cancellationToken)
    {
        var found = await database.CallAsync("find_upload_v1", [account, contentHash], row => row.GetText(0), cancellationToken);
        return found is [{ } record] && _records.Read(record) is { Url: { } url, Expires: { } expiry } line ? new JournalUpload(contentHash, url, line.Path, expiry) : null;
    }

    public async IAsyncEnumerable<JournalOpenRequest> ReadOpenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in PagesAsync("read_open_v1", PageSize, [], ReadOpen, one => one.Position, cancellationToken))
        {
            foreach (var (_, request) in page)
            {
                yield return request;
            }
        }
    }

    public async IAsyncEnumerable<JournalIntent> ReadWithoutTaskAsync(string runId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in PagesAsync("read_without_task_v2", PageSize, [runId], ReadIntent, one => one.Position, cancellationToken))
        {
            foreach (var (_, intent) in page)
            {
                yield return intent;
            }
        }
    }

    public async IAsyncEnumerable<SeedanceTask> ReadTasksAsync(JournalQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (task, changes, _) in ReadChangedTasksAsync(query, cancellationToken))
        {
            if (changes.Apply(task) is var changed && query.Matches(changed))
            {
                yield return changed;
            }
        }
    }

    public async IAsyncEnumerable<SeedanceAsset> ReadAssetsAsync(JournalQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (task, changes, superseded) in ReadChangedTasksAsync(query with { RunId = null }, cancellationToken))
        {
            if (!query.Matches(task.Group, task.ProjectName, task.SubmittedAt ?? task.CreatedAt))
            {
                continue;
            }

            foreach (var asset in task.Assets.Select(changes.Apply))
            {
                var isSuperseded = superseded.Contains(asset.SourceIndex);
                if (!isSuperseded || query.IncludeSuperseded)
                {
                    yield return asset with { IsSuperseded = isSuperseded };
                }
            }
        }
    }

    public async IAsyncEnumerable<Run> ReadRunsAsync(JournalQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var runs in PagesAsync("read_runs_v1", RunPageSize, [query.RunId, query.RunName], RecordedRun.Read, run => run.Position, cancellationToken))
        {
            var requests = (await database.CallAsync("read_run_requests_v1", [runs.Select(run => run.RunId).ToArray()], RecordedRequestRow.Read, cancellationToken))
                .ToLookup(request => request.RunId);
            foreach (var run in runs)
            {
                if (Sum(run, requests[run.RunId]) is var sum && query.Matches(sum))
                {
                    yield return sum;
                }
            }
        }
    }

    /// <summary>Ids and names of late. It is asked once.</summary>
    public async Task<JournalNames> ReadNamesAsync(CancellationToken cancellationToken)
    {
        var names = new LateNames(_ => true);
        var lines = await database.CallAsync("read_names_v3", [account, LateRequests], row => row.GetString(0), TimeSpan.Zero, cancellationToken);
        lines.ForEach(line => names.Add(_records.Read(line)));
        await FindChangesAsync(names.Assets, names.Changes, cancellationToken);
        return names.ToNames();
    }

    private static JournalMatch Match(List<FoundRow> newestFirst, Dictionary<long, RecordedReviews> requests)
    {
        var (state, record) = RowState.Derive(newestFirst.Select(row => new RowRecord(row.IntentId, row.State ?? JournalState.Unknown)
        {
            IsOpen = row.State is null,
            IsRunLive = row.IsLive,
            Review = requests[row.Position].At(row.Ordinal),
        }));
        var found = newestFirst.Find(row => row.IntentId == record.IntentId)!;
        var request = requests[found.Position];
        return new JournalMatch(state, record.IntentId, newestFirst[0].IntentId)
        {
            Group = found.Group,
            TaskId = found.TaskId,
            Message = request.Outcome?.Message,
            Code = request.Code,
            IsPassing = request.IsPassing,
            RunId = found.RunId,
            Position = found.Position,
            IsRunLive = record.IsRunLive,
            IsReviewUnclear = record.Review == RowReview.Unclear,
            Requests = newestFirst.Count,
            IsCleared = found.IsCleared,
        };
    }

    private Run Sum(RecordedRun recorded, IEnumerable<RecordedRequestRow> requests)
    {
        var line = _records.Read(recorded.Record);
        var summary = new RunSummary(new JournalRun(recorded.RunId, line.RunName) { Computer = line.Computer, ProcessId = line.Process }, recorded.StartedAt);
        var sent = requests.ToList();
        foreach (var request in sent)
        {
            var intent = _records.Read(request.Record);
            summary.Begin(request.IntentId, intent.Kind ?? TaskKind.Unknown, intent.Group, [.. (intent.Rows ?? []).Select(row => row.ContentHash())], request.SentAt);
        }

        // In the order of what came: the last time that something was heard is when an unfinished run ended.
        foreach (var request in sent.Where(request => request.State is not null).OrderBy(request => request.OutcomeAt))
        {
            summary.Settle(request.IntentId, request.State!.Value, request.OutcomeAt);
            if (request.Final is not null && _records.Read(request.Final) is var final && (final.Type == JournalLineType.Final || final.Status is SeedanceTaskStatus.Completed or SeedanceTaskStatus.Failed))
            {
                var usable = final.Assets?.Count(asset => asset.Usable) ?? 0;
                summary.Finish(request.IntentId, final.Status, usable, (final.Assets?.Count ?? 0) - usable, final.Cost);
            }
        }

        if (recorded.End is not null)
        {
            summary.End(JournalMapper.RunEnd(_records.Read(recorded.End)), recorded.EndedAt);
        }

        return summary.ToRun(recorded.IsLive, recorded.ReadAt);
    }

    private async IAsyncEnumerable<(SeedanceTask Task, AssetChanges Changes, int[] Superseded)> ReadChangedTasksAsync(
        JournalQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = PagesAsync(
            "read_tasks_v1", PageSize, [query.RunId],
            row => (Position: row.GetInt64(0), Task: Restore(row, 1), Superseded: row.GetFieldValue<int[]>(7)), one => one.Position, cancellationToken);
        await foreach (var page in pages)
        {
            var changes = await FindChangesAsync(page.Select(one => one.Task).OfType<SeedanceTask>(), cancellationToken);
            foreach (var (_, task, superseded) in page.Where(one => one.Task is not null))
            {
                yield return (task!, changes, superseded);
            }
        }
    }

    private async IAsyncEnumerable<List<T>> PagesAsync<T>(
        string function, int size, object?[] more, Func<DbDataReader, T> map, Func<T, long> position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = 0L; ;)
        {
            var page = await database.CallAsync(function, [account, after, size, .. more], map, cancellationToken);
            yield return page;
            if (page.Count < size)
            {
                yield break;
            }

            after = position(page[^1]);
        }
    }

    private async Task<AssetChanges> FindChangesAsync(IEnumerable<SeedanceTask> tasks, CancellationToken cancellationToken)
    {
        var changes = new AssetChanges();
        await FindChangesAsync([.. tasks.SelectMany(task => task.Assets)], changes, cancellationToken);
        return changes;
    }

    private async Task FindChangesAsync(IReadOnlyList<SeedanceAsset> assets, AssetChanges changes, CancellationToken cancellationToken)
    {
        if (assets.Count > 0)
        {
            var found = await database.CallAsync(
                "find_changes_v1",
                [account, assets.Select(asset => asset.AssetId).Distinct().ToArray(), assets.Select(asset => asset.GroupId).OfType<string>().Distinct().ToArray()],
                row => new JournalAssetChange { AssetId = row.GetText(0), GroupId = row.GetText(1), Status = row.GetText(2), Name = row.GetText(3) }, cancellationToken);
            found.ForEach(changes.Add);
        }
    }

    private (long Position, JournalIntent Intent) ReadIntent(DbDataReader row)
    {
        var line = _records.Read(row.GetString(2));
        line.GroupId = row.GetText(1);
        return (row.GetInt64(0), JournalMapper.Restore(line, line.Group));
    }

    private (long Position, JournalOpenRequest Request) ReadOpen(DbDataReader row)
    {
        var line = _records.Read(row.GetString(5));
        line.GroupId = row.GetText(1);
        return (row.GetInt64(0), new JournalOpenRequest(JournalMapper.Restore(line, line.Group), row.GetFieldValue<DateTimeOffset>(4))
        {
            RunName = row.GetText(2),
            IsUnderWay = row.GetBoolean(3),
            Message = row.GetText(6) is { } outcome ? _records.Read(outcome).Message : null,
        });
    }

    /// <summary>Calls a function that returns tasks: task_id, group_id, run_name, sent_at, record and final, from a column on.</summary>
    public async Task<List<SeedanceTask>> ReadTasksAsync(string function, object?[] arguments, CancellationToken cancellationToken)
    {
        var tasks = (await database.CallAsync(function, arguments, row => Restore(row, 0), cancellationToken)).OfType<SeedanceTask>().ToList();
        var changes = await FindChangesAsync(tasks, cancellationToken);
        return tasks.ConvertAll(changes.Apply);
    }

    /// <summary>A task of task_id, group_id, run_name, sent_at, record and final: its request as it left, by the database's clock; null if it was cleared.</summary>
    public SeedanceTask? Restore(DbDataReader row, int first)
    {
        var line = _records.Read(row.GetString(first + 4));
        if (line.Cleared == true)
        {
            return null;
        }

        line.GroupId = row.GetText(first + 1);
        line.RunName = row.GetText(first + 2);
        line.At = row.GetFieldValue<DateTimeOffset>(first + 3);
        return JournalMapper.Restore(row.GetString(first), line, line.Group, row.GetText(first + 5) is { } final ? _records.Read(final) : null);
    }

    public static Guid ToGuid(UInt128 hash) => Guid.ParseExact(JournalLine.LineRow.Format(hash), "N");

    private static Guid? ToGuid(UInt128? hash) => hash is { } known ? ToGuid(known) : null;
}
