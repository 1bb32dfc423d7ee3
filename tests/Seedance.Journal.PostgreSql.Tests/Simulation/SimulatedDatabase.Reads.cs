namespace Seedance.Journal.PostgreSql.Tests.Simulation;

internal sealed partial class SimulatedDatabase
{
    /// <summary>The requests that rows of one group went out with.</summary>
    public List<object?[]> FindRows(string account, Guid[] hashes, Guid?[] others, Guid?[] libraries, object?[] group)
    {
        T[] All<T>(int column) => [.. hashes.Select(_ => (T)group[column]!)];
        return FindRows([account, hashes, others, libraries, All<string?>(0), All<string?>(1), All<bool>(2), All<bool>(3)]);
    }

    private List<object?[]> FindRows(object?[] a)
    {
        var (account, hashes, others, libraries) = (Text(a[0])!, (Guid[])a[1]!, (Guid?[])a[2]!, (Guid?[])a[3]!);
        var (names, ids, areReal, areImplied) = ((string?[])a[4]!, (string?[])a[5]!, (bool[])a[6]!, (bool[])a[7]!);
        var seen = new HashSet<long>();
        var found = new List<object?[]>();
        for (var i = 0; i < hashes.Length; i++)
        {
            var group = new Group(names[i], ids[i], areReal[i], areImplied[i]);
            foreach (var row in _tables.Rows
                .Where(row => row.Account == account && (row.Hash == hashes[i] || row.Hash == others[i] || row.Hash == libraries[i])
                    && IsSameGroup(account, group, Group.Of(_tables.Intents[row.Position])))
                .OrderByDescending(row => row.Position).ThenBy(row => row.Ordinal))
            {
                var intent = _tables.Intents[row.Position];
                var isFirst = seen.Add(row.Position);
                found.Add(
                [
                    i, row.Ordinal, row.Position, intent.IntentId, intent.RunId, IsSeenAsLive(intent.RunId), intent.State,
                    intent.TaskId, intent.RowCount, intent.GroupName, intent.GroupId, intent.IsRealPerson, intent.IsImplied,
                    isFirst ? intent.Outcome : null, isFirst ? intent.Final : null, false,
                ]);
            }
        }

        return found;
    }

    private List<object?[]> FindTasks(string account, string[] taskIds) =>
        [.. taskIds.Select((id, i) => (Intent: LastOf(account, id), Number: i)).Where(one => one.Intent is not null).Select<(IntentRecord? Intent, int Number), object?[]>(one => [one.Number, .. ToTask(one.Intent!)])];

    private List<object?[]> ReadTasks(string account, long after, int count, string? runId) =>
        [.. _tables.Intents.Values.Where(one => one.Account == account && one.TaskId is not null && one.Position > after && (runId is null || one.RunId == runId)).Take(count)
            .Select<IntentRecord, object?[]>(one =>
            [
                one.Position, .. ToTask(one),
                _tables.Rows.Where(row => row.Position == one.Position && row.IsSuperseded).Select(row => row.Ordinal).Order().ToArray(),
            ])];

    private List<object?[]> FindChanges(string account, string[] assetIds, string[] groupIds) =>
    [
        .. _tables.AssetChanges.Where(one => one.Key.Account == account && assetIds.Contains(one.Key.AssetId)).Select(one => new object?[] { one.Key.AssetId, null, one.Value.Status, one.Value.Name }),
        .. _tables.GroupChanges.Where(one => one.Key.Account == account && groupIds.Contains(one.Key.GroupId)).Select(one => new object?[] { null, one.Key.GroupId, one.Value, null }),
    ];

    private List<object?[]> ReadOpen(string account, long after, int count) =>
        [.. _tables.Intents.Values.Where(one => one.Account == account && one.State is null or "Unknown" && one.Position > after).Take(count)
            .Select(one => new object?[] { one.Position, one.GroupId, RunName(one), one.State is null && IsSeenAsLive(one.RunId), one.SentAt, one.Record, one.Outcome })];

    private List<object?[]> ReadWithoutTask(string account, long after, int count, string? runId) =>
        [.. _tables.Intents.Values.Where(one => one.Account == account && one.RunId == runId && one.State != "Accepted" && one.Position > after).Take(count)
            .Select(one => new object?[] { one.Position, one.GroupId, one.Record })];

    private List<object?[]> ReadRuns(string account, long after, int count, string? runId, string? runName) =>
        [.. _tables.Runs.Values
            .Where(run => run.Account == account && run.Position > after && (runId is null || run.RunId == runId) && (runName is null || run.RunName == runName))
            .OrderBy(run => run.Position).Take(count)
            .Select(run => new object?[] { run.Position, run.RunId, IsLive(run.RunId), Now, run.StartedAt, run.EndedAt, run.Record, run.End })];

    private List<object?[]> ReadRunRequests(string[] runIds) =>
        [.. _tables.Intents.Values.Where(one => runIds.Contains(one.RunId)).Select(one => new object?[] { one.RunId, one.IntentId, one.SentAt, one.State, one.OutcomeAt, one.Record, one.Final })];

    private bool IsSeenAsLive(string? runId) => mutation != FleetMutation.RetryUnknownTakesUnderWay && IsLive(runId);

    private string? RunName(IntentRecord intent) => intent.RunId is { } runId ? _tables.Runs.GetValueOrDefault(runId)?.RunName : null;

    // task_id, group_id, run_name, sent_at, record and final.
    private object?[] ToTask(IntentRecord intent) => [intent.TaskId, intent.GroupId, RunName(intent), intent.SentAt, intent.Record, intent.Final];
}
