namespace Seedance.Journal.Tests;

/// <summary>The smallest journal: lists under one lock. A place to begin a store of one's own.</summary>
internal sealed class ListJournal(ListJournal.Store store) : IJournal
{
    public string Name => "a list";

    public ValueTask<IAsyncDisposable> BeginRunAsync(JournalRun run, CancellationToken cancellationToken)
    {
        lock (store)
        {
            store.LiveRuns.Add(run.RunId);
            store.Runs[run.RunId] = (run, null);
        }

        return ValueTask.FromResult<IAsyncDisposable>(new Lease(store, run.RunId));
    }

    public ValueTask EndRunAsync(JournalRunEnd runEnd, CancellationToken cancellationToken)
    {
        lock (store)
        {
            store.Runs[runEnd.RunId] = (store.Runs[runEnd.RunId].Run, runEnd);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<int>> BeginAsync(JournalIntent intent, CancellationToken cancellationToken)
    {
        lock (store)
        {
            List<int> taken = [.. Enumerable.Range(0, intent.Rows.Count).Where(i => !intent.Rows[i].IsAsSeen(store.Find(intent.Rows[i].Key)))];
            if (taken.Count == 0)
            {
                // What each row's request before this one came to, for telling which results this one supersedes.
                store.Add(intent, [.. intent.Rows.Select(row => store.FindEffective(row.Key))]);
            }

            return ValueTask.FromResult<IReadOnlyList<int>>(taken);
        }
    }

    public ValueTask EndAsync(JournalOutcome outcome, CancellationToken cancellationToken)
    {
        lock (store)
        {
            var request = store.Requests.Find(one => one.Intent.IntentId == outcome.IntentId)!;
            (request.Outcome, request.Group) = (outcome, Join(request.Group, outcome.GroupId));
            store.Groups.Learn(request.Group);
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask<bool> SettleAsync(string intentId, SeedanceTask task, CancellationToken cancellationToken)
    {
        lock (store)
        {
            if (store.Requests.Find(one => one.Intent.IntentId == intentId)?.Outcome is { State: not JournalState.Unknown })
            {
                return false;
            }
        }

        await EndAsync(new JournalOutcome { IntentId = intentId, State = JournalState.Accepted, TaskId = task.TaskId, GroupId = task.GroupId }, cancellationToken);
        await RecordFinalAsync(task, cancellationToken);
        return true;
    }

    public async IAsyncEnumerable<JournalOpenRequest> ReadOpenAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        foreach (var request in store.Requests.ToList().Where(one => one.Outcome is null or { State: JournalState.Unknown }))
        {
            yield return new JournalOpenRequest(request.Intent with { Group = request.Group }, request.SentAt)
            {
                RunName = request.Intent.RunId is { } id ? store.Runs.GetValueOrDefault(id).Run?.Name : null,
                IsUnderWay = request.Outcome is null && request.Intent.RunId is { } run && store.LiveRuns.Contains(run),
                Message = request.Outcome?.Message,
            };
        }
    }

    public async IAsyncEnumerable<JournalIntent> ReadWithoutTaskAsync(
        string runId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        foreach (var request in store.Requests.ToList().Where(one => one.Intent.RunId == runId && one.Outcome is not { State: JournalState.Accepted }))
        {
            yield return request.Intent with { Group = request.Group };
        }
    }

    public ValueTask RecordFinalAsync(SeedanceTask task, CancellationToken cancellationToken)
    {
        lock (store)
        {
            if (store.Requests.Find(one => one.Outcome?.TaskId == task.TaskId) is { } request)
            {
                (request.Final, request.Group) = (task, Join(request.Group, task.GroupId));
                store.Groups.Learn(request.Group);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask RecordChangesAsync(IReadOnlyList<JournalAssetChange> changes, CancellationToken cancellationToken)
    {
        lock (store)
        {
            changes.ToList().ForEach(store.Changes.Add);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<long> GetPositionAsync(CancellationToken cancellationToken)
    {
        lock (store)
        {
            return ValueTask.FromResult((long)store.Requests.Count);
        }
    }

    public ValueTask<IReadOnlyList<JournalMatch?>> FindAsync(IReadOnlyList<JournalKey> keys, CancellationToken cancellationToken)
    {
        lock (store)
        {
            return ValueTask.FromResult<IReadOnlyList<JournalMatch?>>([.. keys.Select(store.Find)]);
        }
    }

    public ValueTask<IReadOnlyList<SeedanceTask?>> FindTasksAsync(IReadOnlyList<string> taskIds, CancellationToken cancellationToken)
    {
        lock (store)
        {
            return ValueTask.FromResult<IReadOnlyList<SeedanceTask?>>(
                [.. taskIds.Select(id => store.Requests.Find(one => one.Outcome?.TaskId == id) is { } found ? store.Changes.Apply(found.ToTask()) : null)]);
        }
    }

    public async IAsyncEnumerable<SeedanceTask> ReadTasksAsync(
        JournalQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        foreach (var task in store.Requests.ToList().Where(one => one.Outcome?.TaskId is not null).Select(one => store.Changes.Apply(one.ToTask())).Where(query.Matches))
        {
            yield return task;
        }
    }

    public async IAsyncEnumerable<SeedanceAsset> ReadAssetsAsync(
        JournalQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var task in ReadTasksAsync(query with { IncludeSuperseded = true }, cancellationToken))
        {
            foreach (var asset in task.Assets)
            {
                var isSuperseded = store.Superseded.Contains((task.TaskId, asset.SourceIndex));
                if (query.IncludeSuperseded || !isSuperseded)
                {
                    yield return asset with { IsSuperseded = isSuperseded };
                }
            }
        }
    }

    public async IAsyncEnumerable<Run> ReadRunsAsync(
        JournalQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        foreach (var (run, end) in store.Runs.Values.ToList())
        {
            var summary = new RunSummary(run, startedAt: null);
            foreach (var request in store.Requests.Where(one => one.Intent.RunId == run.RunId))
            {
                request.AddTo(summary);
            }

            if (end is not null)
            {
                summary.End(end, null);
            }

            if (summary.ToRun(store.LiveRuns.Contains(run.RunId), DateTimeOffset.UnixEpoch) is var sum && query.Matches(sum))
            {
                yield return sum;
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static AvatarGroup? Join(AvatarGroup? group, string? groupId) =>
        groupId is null || group is { GroupId: not null } ? group : (group ?? new AvatarGroup()) with { GroupId = groupId };

    internal sealed class Store
    {
        public List<Request> Requests { get; } = [];

        public HashSet<string> LiveRuns { get; } = [];

        public Dictionary<string, (JournalRun Run, JournalRunEnd? End)> Runs { get; } = [];

        public GroupAliases Groups { get; } = new();

        public AssetChanges Changes { get; } = new();

        public IEnumerable<(string TaskId, int Row)> Superseded => Requests.Where(one => one.Outcome?.TaskId is not null)
            .SelectMany(one => one.Before).Where(before => before?.Request.Outcome?.TaskId is not null).Select(before => (before!.Value.Request.Outcome!.TaskId!, before.Value.Row));

        public void Add(JournalIntent intent, IReadOnlyList<(Request Request, int Row)?> before)
        {
            Requests.Add(new Request(intent, before));
            Groups.Learn(intent.Group);
        }

        public (Request Request, int Row)? FindEffective(JournalKey key)
        {
            var sent = Sent(key);
            return sent.Count == 0 ? null : sent.Find(one => one.Request.Intent.IntentId == RowState.Derive(sent.Select(Record)).Record.IntentId);
        }

        public JournalMatch? Find(JournalKey key)
        {
            var sent = Sent(key);
            if (sent.Count == 0)
            {
                return null;
            }

            var (state, record) = RowState.Derive(sent.Select(Record));
            var request = sent.Find(one => one.Request.Intent.IntentId == record.IntentId).Request;
            var reason = state == JournalState.Refused ? new TaskError(request.Outcome?.Code, request.Outcome?.Message) : request.Final?.Error ?? new TaskError(null, null);
            return new JournalMatch(state, record.IntentId, sent[0].Request.Intent.IntentId)
            {
                Group = request.Group,
                TaskId = request.Outcome?.TaskId,
                Message = request.Outcome?.Message,
                Code = state is JournalState.Refused or JournalState.ReviewFailed ? reason.Code : null,
                IsPassing = state is JournalState.Refused or JournalState.ReviewFailed && reason.IsPassing,
                RunId = request.Intent.RunId,
                Position = Requests.IndexOf(request),
                IsRunLive = record.IsRunLive,
                IsReviewUnclear = record.Review == RowReview.Unclear,
                Requests = sent.Count,
            };
        }

        // Newest first.
        private List<(Request Request, int Row)> Sent(JournalKey key) =>
            [.. Requests.AsEnumerable().Reverse().Where(one => Groups.AreSame(key.Group, one.Group)).SelectMany(one => one.Intent.Rows.Index()
                .Where(row => row.Item.Key.ContentHash == key.ContentHash || row.Item.Key.ContentHash == key.OtherHash || row.Item.Key.ContentHash == key.LibraryHash).Select(row => (one, row.Index)))];

        private RowRecord Record((Request Request, int Row) sent) => new(sent.Request.Intent.IntentId, sent.Request.Outcome?.State ?? JournalState.Unknown)
        {
            IsOpen = sent.Request.Outcome is null,
            IsRunLive = sent.Request.Intent.RunId is { } run && LiveRuns.Contains(run),
            Review = sent.Request.Final is null ? RowReview.None : RowReviews.From(sent.Request.ToTask())[sent.Row],
        };
    }

    internal sealed class Request(JournalIntent intent, IReadOnlyList<(Request Request, int Row)?> before)
    {
        public JournalIntent Intent { get; } = intent;

        public IReadOnlyList<(Request Request, int Row)?> Before { get; } = before;

        public DateTimeOffset SentAt { get; } = TimeProvider.System.GetUtcNow();

        public AvatarGroup? Group { get; set; } = intent.Group;

        public JournalOutcome? Outcome { get; set; }

        public SeedanceTask? Final { get; set; }

        public void AddTo(RunSummary run)
        {
            run.Begin(Intent.IntentId, Intent.Kind, Intent.Group, [.. Intent.Rows.Select(row => row.Key.ContentHash)], null);
            if (Outcome is not null)
            {
                run.Settle(Intent.IntentId, Outcome.State, null);
            }

            if (Final is not null)
            {
                run.Finish(Intent.IntentId, Final.Status, Final.UsableAssets.Count, Final.FailedAssets.Count, Final.Cost);
            }
        }

        public SeedanceTask ToTask() => (Final ?? new SeedanceTask { TaskId = Outcome!.TaskId!, Kind = Intent.Kind, Status = SeedanceTaskStatus.Processing }) with
        {
            RunId = Intent.RunId,
            Group = Group,
            ProjectName = Intent.ProjectName,
            AssetType = Intent.AssetType,
            Sources = [.. Intent.Rows.Select(row => row.Source)],
        };
    }

    private sealed class Lease(Store store, string runId) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            lock (store)
            {
                store.LiveRuns.Remove(runId);
            }

            return ValueTask.CompletedTask;
        }
    }
}
