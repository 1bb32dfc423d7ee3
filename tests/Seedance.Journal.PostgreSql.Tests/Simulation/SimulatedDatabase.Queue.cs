using System.Text.Json;

namespace Seedance.Journal.PostgreSql.Tests.Simulation;

internal sealed partial class SimulatedDatabase
{
    private const int MostTries = 20;

    private static readonly TimeSpan s_ahead = TimeSpan.FromSeconds(0.5);

    private bool CreateList(string account, string name, string listId, bool mayExist)
    {
        _tables.Lists.TryAdd((account, name), new ListRecord(++_listPosition, account, name, listId, Now));
        return mayExist || _tables.Lists[(account, name)].ListId == listId;
    }

    private async Task<ListRecord> RequireListAsync(RowLocks.Holder transaction, string account, string name)
    {
        await _locks.TakeAsync(transaction, ("list", account, name), isShared: true);
        return _tables.Lists.GetValueOrDefault((account, name)) ?? throw Error("SD003", "there is no such list");
    }

    private async Task<List<object?[]>> EnqueueAsync(RowLocks.Holder transaction, object?[] a)
    {
        var list = await RequireListAsync(transaction, Text(a[0])!, Text(a[2])!);
        return One(await ClaimAsync(transaction, Claim.Enqueue(a, list.Position)));
    }

    private async Task<List<object?[]>> BeginRunnerAsync(RowLocks.Holder transaction, string account, string listName, string runId, string? runName, string record, TimeSpan lease)
    {
        var list = await RequireListAsync(transaction, account, listName);
        BeginRun(account, runId, runName, record, lease, list.Position);
        return [[null]];
    }

    private HashSet<string> GroupsInMaking(string account) =>
        [.. _tables.Groups.Where(one => one.Key.Account == account && one.Value is { IsMade: false, Leader: not null } && IsLive(one.Value.LeaderRun)).Select(one => one.Key.Name)];

    private bool MayGo(IntentRecord intent, long list, HashSet<string> inMaking) =>
        intent.ListPosition == list && intent.State == "Queued" && intent.NotBefore <= Now && !(intent.NeedsGroup && inMaking.Contains(intent.GroupName!));

    private bool HasWork(string account, string runId)
    {
        if (_tables.Runs.GetValueOrDefault(runId) is not { ListPosition: { } list } run)
        {
            return true;
        }

        var inMaking = GroupsInMaking(account);
        return run.IsStopping || _tables.Intents.Values.Any(intent => MayGo(intent, list, inMaking));
    }

    private async Task<List<object?[]>> TakeAsync(RowLocks.Holder transaction, string account, string runId, string takeId)
    {
        await _locks.TakeAsync(transaction, ("runner", runId), isShared: false);
        if (_tables.Runs.GetValueOrDefault(runId) is not { ListPosition: { } list } run || run.Account != account || !IsLive(runId))
        {
            throw Error("SD001", "the lease of the run has lapsed");
        }

        var isRepeated = string.CompareOrdinal(takeId, run.LastTake) <= 0;
        var next = _tables.Intents.Values.FirstOrDefault(one => one.RunId == runId && one.TakeId == takeId && one.State is null);
        var record = next?.Record;
        for (var i = 0; i < MostTries && next is null && !run.IsStopping && !isRepeated; i++)
        {
            var inMaking = GroupsInMaking(account);
            next = _tables.Intents.Values.FirstOrDefault(one => MayGo(one, list, inMaking) && IsFree(one) && !_locks.IsTaken(transaction, ("row", one.IntentId)));
            if (next is null)
            {
                break;
            }

            await _locks.TakeAsync(transaction, ("row", next.IntentId), isShared: false);
            if (next.NeedsGroup)
            {
                var (leads, lead) = await LeadGroupAsync(transaction, account, Project(next.Record), next.GroupName!, next.IntentId, runId);
                if (!leads)
                {
                    next = null;
                    continue;
                }

                RequireSameServer();
                lead?.Invoke();
            }

            RequireSameServer();
            record = next.Record;
            (next.State, next.RunId, next.TakeId, next.Takes, next.SentAt) = (null, runId, takeId, next.Takes + 1, Now);
            next.Record = $"{next.Record.TrimEnd(' ', '\n')[..^1]},\"run\":{JsonSerializer.Serialize(runId)}}}";
        }

        run.LastTake = isRepeated ? run.LastTake : takeId;
        var groupId = next?.GroupId ?? (next is { GroupName: { } name, IsRealPerson: false } ? _tables.Groups.GetValueOrDefault((account, Project(next.Record), name))?.GroupId : null);
        return [[run.IsStopping, next?.IntentId, groupId, record, next?.Payload]];
    }

    private List<object?[]> Watch(string account, string runId, string callId, int count, bool again)
    {
        if (_tables.Runs.GetValueOrDefault(runId) is not { ListPosition: { } list } run || string.CompareOrdinal(callId, run.LastWatch) < 0)
        {
            return [];
        }

        var isRepeated = callId == run.LastWatch;
        run.LastWatch = callId;
        var due = _tables.Intents.Values
            .Where(one => one.ListPosition == list && one.Account == account && one is { TaskId: not null, Final: null } && !(one.UnwatchedUntil >= Now)
                && IsFree(one) && (one.WatchedBy == runId ? again || isRepeated : !isRepeated && (one.WatchedBy is null || !IsLive(one.WatchedBy))))
            .Take(count).ToList();
        due.ForEach(one => one.WatchedBy = runId);
        return due.ConvertAll(ToTask);
    }

    private void Unwatch(string account, string taskId, TimeSpan span)
    {
        foreach (var intent in _tables.Intents.Values.Where(one => one.Account == account && one.TaskId == taskId && one.Final is null))
        {
            (intent.WatchedBy, intent.UnwatchedUntil) = (null, Now + span);
        }
    }

    private List<object?[]> ReadLists(string account, string? name)
    {
        return [.. ListsOf(account, name).Select(list =>
        {
            var counts = new Dictionary<string, long>();
            long usable = 0, failed = 0, open = 0;
            foreach (var intent in _tables.Intents.Values.Where(one => one.ListPosition == list.Position))
            {
                var state = intent.State ?? (IsLive(intent.RunId) ? "UnderWay" : "Unknown");
                var rows = _tables.Rows.Count(row => row.Position == intent.Position
                    && !_tables.Rows.Exists(later => later.Previous == row.Position && later.PreviousOrdinal == row.Ordinal && _tables.Intents[later.Position].ListPosition == list.Position));
                counts[state] = counts.GetValueOrDefault(state) + rows;
                var passed = intent.Final is null ? 0 : CountUsable(intent);
                usable += passed;
                failed += intent.Final is null ? 0 : rows - passed;
                open += IsWatchable(intent) ? 1 : 0;
            }

            long Of(string state) => counts.GetValueOrDefault(state);
            return new object?[]
            {
                list.Name, list.CreatedAt, Of("Queued"), Of("UnderWay"), Of("Accepted"), Of("Unknown"), Of("Refused"), Of("Unsent"), usable, failed, open,
                (long)_tables.Runs.Values.Count(run => run.ListPosition == list.Position && IsLive(run.RunId)),
            };
        })];

        static int CountUsable(IntentRecord intent)
        {
            var final = JsonDocument.Parse(intent.Final!).RootElement;
            return final.TryGetProperty("assets", out var assets)
                ? Math.Min(intent.RowCount, assets.EnumerateArray().Count(asset => asset.TryGetProperty("usable", out var isUsable) && isUsable.GetBoolean()))
                : final.TryGetProperty("status", out var status) && status.GetString() == "Completed" ? intent.RowCount : 0;
        }
    }

    private IEnumerable<ListRecord> ListsOf(string account, string? name) =>
        _tables.Lists.Values.Where(list => list.Account == account && (name is null || list.Name == name)).OrderBy(list => list.Position);

    private bool IsWatchable(IntentRecord intent) => intent is { TaskId: not null, Final: null } && !(intent.UnwatchedUntil >= Now);

    private List<object?[]> IsListDone(string account, string name) =>
        One(_tables.Lists.TryGetValue((account, name), out var list)
            ? !_tables.Intents.Values.Any(one => one.ListPosition == list.Position && (one.State == "Queued" || (one.State is null && IsLive(one.RunId)) || IsWatchable(one)))
            : null);

    private List<object?[]> ReadListTasks(string account, string name, DateTimeOffset after, long afterPosition, int count) =>
        [.. ListsOf(account, name).SelectMany(list => _tables.Intents.Values.Where(one => one.ListPosition == list.Position))
            .Where(one => one.FinalAt is { } at && (at > after || (at == after && one.Position > afterPosition)))
            .OrderBy(one => one.FinalAt).ThenBy(one => one.Position).Take(count)
            .Select<IntentRecord, object?[]>(one => [one.FinalAt, one.Position, .. ToTask(one)])];

    private List<object?[]> ReadListOpen(string account, string name) =>
        [.. ListsOf(account, name).SelectMany(list => _tables.Intents.Values.Where(one => one.ListPosition == list.Position && one is { TaskId: not null, Final: null })).Select(ToTask)];

    private List<object?[]> ReadRunners(string account) =>
        [.. _tables.Runs.Values.Where(run => run.Account == account && run.ListPosition is not null && IsLive(run.RunId)).OrderBy(run => run.Position)
            .Select(run => new object?[]
            {
                run.RunId, _tables.Lists.Values.Single(list => list.Position == run.ListPosition).Name, run.StartedAt, run.IsStopping,
                (long)_tables.Intents.Values.Count(one => one.RunId == run.RunId), run.Record,
            })];

    private void StopRunner(string account, string runId)
    {
        if (_tables.Runs.GetValueOrDefault(runId) is { ListPosition: not null } run && run.Account == account)
        {
            run.IsStopping = true;
        }
    }

    private async Task<List<object?[]>> RemoveListAsync(RowLocks.Holder transaction, string account, string name)
    {
        await _locks.TakeAsync(transaction, ("list", account, name), isShared: false);
        if (!_tables.Lists.TryGetValue((account, name), out var list))
        {
            return [[null]];
        }

        if (_tables.Runs.Values.Any(run => run.ListPosition == list.Position && IsLive(run.RunId)))
        {
            throw Error("SD004", "the list has runners");
        }

        foreach (var intent in _tables.Intents.Values.Where(one => one.ListPosition == list.Position).ToList())
        {
            (intent.ListPosition, intent.Payload) = (null, null);
            if (intent.State == "Queued")
            {
                _tables.Intents.Remove(intent.Position);
                _tables.IntentsById.Remove(intent.IntentId);
                _tables.Rows.RemoveAll(row => row.Position == intent.Position);
            }
        }

        _tables.Lists.Remove((account, name));
        foreach (var run in _tables.Runs.Values.Where(run => run.ListPosition == list.Position))
        {
            run.ListPosition = null;
        }

        return [[null]];
    }

    private List<object?[]> LeaseTurns(string account, int perSecond, int count)
    {
        if (!_tables.Rates.TryGetValue(account, out var rate))
        {
            _tables.Rates.Add(account, rate = new RateRecord());
        }

        var (now, granted, wait) = (Now, 0, TimeSpan.Zero);
        var first = Later(now, Earlier(rate.NextTurn, now + s_ahead + TimeSpan.FromSeconds(1)));
        var pause = Later(now, Earlier(rate.PausedUntil, now + TimeSpan.FromMinutes(1))) - now;
        if (perSecond >= rate.PerSecond || rate.PerSecondAt < now - TimeSpan.FromSeconds(10) || rate.PerSecondAt > now)
        {
            (rate.PerSecond, rate.PerSecondAt) = (perSecond, now);
        }

        var spacing = TimeSpan.FromMicroseconds(Math.Ceiling(1_060_000.0 / rate.PerSecond));
        if (pause > TimeSpan.Zero)
        {
            wait = pause;
        }
        else if (first > now + s_ahead)
        {
            wait = first - now - (s_ahead / 2);
        }
        else
        {
            granted = Math.Min(count, 1 + (int)Math.Floor((now + s_ahead - first) / spacing));
            wait = first - now;
            rate.NextTurn = first + (granted * spacing);
        }

        return [[wait, granted, spacing, pause]];

        static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
        static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
    }

    private void Pause(string account, TimeSpan span)
    {
        if (!_tables.Rates.TryGetValue(account, out var rate))
        {
            _tables.Rates.Add(account, rate = new RateRecord());
        }

        rate.PausedUntil = Now + span > rate.PausedUntil ? Now + span : rate.PausedUntil;
    }
}
