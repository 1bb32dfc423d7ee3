using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Seedance.Journal.PostgreSql.Tests.Simulation;

/// <summary>
/// The journal's functions over tables in memory: what the scripts of the schema say in SQL, said once more in C#, with
/// transactions that wait for one another's locks. <see cref="DatabaseModelTests"/> hold the two to the same answers.
/// </summary>
internal sealed partial class SimulatedDatabase(TimeProvider clock, FleetMutation mutation = FleetMutation.None)
{
    private Tables _tables = new();
    private RowLocks _locks = new();
    private Func<Task> _pauseAsync = () => Task.CompletedTask;
    private long _position;
    private long _runPosition;
    private long _listPosition;
    private int _timeline = 1;
    private int _confirmedTimeline = 1;
    private int _deadlocks;

    /// <summary>What passes between the steps of a claim; nothing by default.</summary>
    public Func<Task> PauseAsync
    {
        set => _pauseAsync = value;
    }

    /// <summary>How often transactions would have waited for one another for ever.</summary>
    public int Deadlocks => _deadlocks + _locks.Deadlocks;

    /// <summary>The requests, in their order.</summary>
    public IReadOnlyCollection<IntentRecord> Intents => _tables.Intents.Values;

    private DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Returns a request; null if there is none of that id.</summary>
    public IntentRecord? Find(string intentId) => _tables.IntentsById.GetValueOrDefault(intentId);

    /// <summary>Returns whether a run's lease has lapsed, or had before it was renewed.</summary>
    public bool HasLapsed(string runId) => _tables.Runs.ContainsKey(runId) && (!IsLive(runId) || _renewedLate.Contains(runId));

    /// <summary>Returns whether there is a list of that name.</summary>
    public bool HasList(string name) => _tables.Lists.Keys.Any(key => key.Name == name);

    /// <summary>Returns the rows of a request.</summary>
    public List<Guid> HashesOf(string intentId) => [.. _tables.Rows.Where(row => _tables.Intents[row.Position].IntentId == intentId).Select(row => row.Hash)];

    /// <summary>Which requests nobody else holds at the moment: takes and watches pass over the others. All by default.</summary>
    public Func<IntentRecord, bool> IsFree { get; set; } = _ => true;

    /// <summary>What is in its tables, each in an order of its own: what happens at once may come in any.</summary>
    public string Dump() => Describe(
        _tables.Intents.Values.OrderBy(one => one.IntentId, StringComparer.Ordinal).Select(one => (object?[])
        [
            one.IntentId, one.Account, one.RunId, one.GroupName, one.GroupId, one.State, one.TaskId, one.Takes, one.TakeId, one.WatchedBy, NameOf(one.ListPosition), one.SettledBy, one.Outcome, one.Final, one.Payload,
            string.Join(" ", _tables.Rows.Where(row => row.Position == one.Position).OrderBy(row => row.Ordinal).Select(row =>
                $"{row.Ordinal}:{(row.Previous is { } previous ? _tables.Intents[previous].IntentId : null)}:{row.PreviousOrdinal}:{(row.IsSuperseded ? "t" : "f")}")),
        ]),
        _tables.Runs.Values.OrderBy(one => one.RunId, StringComparer.Ordinal).Select(one => (object?[])
            [one.RunId, one.Account, one.RunName, IsLive(one.RunId), NameOf(one.ListPosition), one.ListPosition is not null && one.IsStopping, one.ListPosition is null ? null : one.LastTake, one.ListPosition is null ? null : one.LastWatch, one.End]),
        _tables.Lists.Values.OrderBy(one => one.Account, StringComparer.Ordinal).ThenBy(one => one.Name, StringComparer.Ordinal).Select(one => (object?[])[one.Account, one.Name, one.ListId]),
        _tables.Groups.OrderBy(one => one.Key.Account, StringComparer.Ordinal).ThenBy(one => one.Key.Project, StringComparer.Ordinal).ThenBy(one => one.Key.Name, StringComparer.Ordinal)
            .Select(one => (object?[])[one.Key.Account, one.Key.Project, one.Key.Name, one.Value.GroupId, one.Value.IsMade, one.Value.Leader, one.Value.LeaderRun]),
        _tables.Aliases.OrderBy(one => one.Account, StringComparer.Ordinal).ThenBy(one => one.GroupId, StringComparer.Ordinal).ThenBy(one => one.Name, StringComparer.Ordinal)
            .Select(one => (object?[])[one.Account, one.GroupId, one.Name]));

    /// <summary>Writes tables so that they can be compared.</summary>
    public static string Describe(params IEnumerable<IEnumerable<object?[]>> tables) => string.Join("\n", tables.Select(DatabaseCall.Describe));

    /// <summary>Another one that has gone the same way so far.</summary>
    public SimulatedDatabase Fork() => Renumber(_tables.Intents.Values.ToDictionary(one => one.IntentId, one => one.Position), _position);

    /// <summary>Another one that has gone the same way so far, but for which requests got which positions.</summary>
    public SimulatedDatabase Renumber(IReadOnlyDictionary<string, long> positions, long last) => new(clock, mutation)
    {
        _tables = _tables.Copy(position => positions[_tables.Intents[position].IntentId]),
        _position = last,
        _runPosition = _runPosition,
        _listPosition = _listPosition,
        _timeline = _timeline,
        _confirmedTimeline = _confirmedTimeline,
    };

    /// <summary>What a standby has that is up to date.</summary>
    public Tables CopyTables() => _tables.Copy();

    /// <summary>The server is killed and comes back, with what was committed.</summary>
    public void Restart()
    {
        _deadlocks += _locks.Deadlocks;
        _locks = new RowLocks();
    }

    /// <summary>A standby takes over, with what it has.</summary>
    public void Promote(Tables standby)
    {
        Restart();
        _tables = standby;
        _timeline++;
    }

    /// <summary>The owner has looked, and lets the journal go on.</summary>
    public void Confirm() => _confirmedTimeline = _timeline;

    /// <summary>Calls a function, as a transaction of its own.</summary>
    public async Task<List<object?[]>> CallAsync(string function, object?[] a)
    {
        var transaction = new RowLocks.Holder();
        var locks = _locks;
        try
        {
            return function switch
            {
                "schema_version" => [[JournalSchema.Version, 1]],
                "read_accounts_v1" => [.. _tables.Accounts.Select(one => new object?[] { one.Position, one.Record })],
                "introduce_account_v1" => One(Introduce(Text(a[0])!, Text(a[1])!, (long)a[2]!)),
                "begin_run_v1" => Nothing(() => BeginRun(Text(a[0])!, Text(a[1])!, Text(a[2]), Text(a[3])!, (TimeSpan)a[4]!, null)),
                "begin_runner_v2" => await BeginRunnerAsync(transaction, Text(a[0])!, Text(a[1])!, Text(a[2])!, Text(a[3]), Text(a[4])!, (TimeSpan)a[5]!),
                "renew_run_v1" => One(Renew(Text(a[0])!, (TimeSpan)a[1]!)),
                "release_run_v1" => await ReleaseAsync(transaction, Text(a[0])!),
                "end_run_v1" => Nothing(() => EndRun(Text(a[0])!, Text(a[1])!)),
                "get_position_v1" => await GetPositionAsync(transaction, Text(a[0])!),
                "begin_intent_v4" => One(await ClaimAsync(transaction, Claim.Begin(a, _tables.Runs.GetValueOrDefault(Text(a[2]) ?? string.Empty)?.ListPosition))),
                "enqueue_intent_v4" => await EnqueueAsync(transaction, a),
                "end_intent_v2" => await EndAsync(transaction, Text(a[0])!, Text(a[1])!, Text(a[2]), Text(a[3])!, Text(a[4]), Text(a[5]), Text(a[6])!),
                "split_intent_v2" => await SplitAsync(transaction, a),
                "settle_intent_v1" => await SettleAsync(transaction, Text(a[0])!, Text(a[1])!, Text(a[2]), Text(a[3]), Text(a[4])!, (Guid)a[5]!),
                "record_final_v1" => Nothing(() => RecordFinal(Text(a[0])!, Text(a[1])!, Text(a[2]), Text(a[3])!)),
                "record_changes_v1" => Nothing(() => RecordChanges(Text(a[0])!, (string?[])a[1]!, (string?[])a[2]!, (string?[])a[3]!, (string?[])a[4]!)),
                "record_upload_v1" => Nothing(() => _tables.Uploads[(Text(a[0])!, Text(a[1])!)] = Text(a[2])!),
                "find_upload_v1" => [[_tables.Uploads.GetValueOrDefault((Text(a[0])!, Text(a[1])!))]],
                "find_rows_v3" => FindRows(a),
                "find_tasks_v1" => FindTasks(Text(a[0])!, (string[])a[1]!),
                "read_tasks_v1" => ReadTasks(Text(a[0])!, (long)a[1]!, (int)a[2]!, Text(a[3])),
                "find_changes_v1" => FindChanges(Text(a[0])!, (string[])a[1]!, (string[])a[2]!),
                "read_open_v1" => ReadOpen(Text(a[0])!, (long)a[1]!, (int)a[2]!),
                "read_without_task_v2" => ReadWithoutTask(Text(a[0])!, (long)a[1]!, (int)a[2]!, Text(a[3])),
                "read_runs_v1" => ReadRuns(Text(a[0])!, (long)a[1]!, (int)a[2]!, Text(a[3]), Text(a[4])),
                "read_run_requests_v1" => ReadRunRequests((string[])a[0]!),
                "create_list_v2" => One(CreateList(Text(a[0])!, Text(a[1])!, Text(a[2])!, (bool)a[3]!)),
                "has_work_v2" => One(HasWork(Text(a[0])!, Text(a[1])!)),
                "take_intent_v2" => await TakeAsync(transaction, Text(a[0])!, Text(a[1])!, Text(a[2])!),
                "watch_tasks_v2" => Watch(Text(a[0])!, Text(a[1])!, Text(a[2])!, (int)a[3]!, (bool)a[4]!),
                "unwatch_task_v2" => Nothing(() => Unwatch(Text(a[0])!, Text(a[1])!, (TimeSpan)a[2]!)),
                "read_lists_v2" => ReadLists(Text(a[0])!, Text(a[1])),
                "is_list_done_v2" => IsListDone(Text(a[0])!, Text(a[1])!),
                "read_list_tasks_v2" => ReadListTasks(Text(a[0])!, Text(a[1])!, (DateTimeOffset)a[2]!, (long)a[3]!, (int)a[4]!),
                "read_list_open_v2" => ReadListOpen(Text(a[0])!, Text(a[1])!),
                "read_runners_v2" => ReadRunners(Text(a[0])!),
                "stop_runner_v2" => Nothing(() => StopRunner(Text(a[0])!, Text(a[1])!)),
                "remove_list_v2" => await RemoveListAsync(transaction, Text(a[0])!, Text(a[1])!),
                "lease_turns_v2" => LeaseTurns(Text(a[0])!, (int)a[1]!, (int)a[2]!),
                "pause_account_v2" => Nothing(() => Pause(Text(a[0])!, (TimeSpan)a[1]!)),
                _ => throw new NotSupportedException(function),
            };
        }
        finally
        {
            locks.Release(transaction);
        }
    }

    private static string? Text(object? value) => (string?)value;

    private static List<object?[]> One(object? value) => [[value]];

    private static List<object?[]> Nothing(Action act)
    {
        act();
        return [[null]];
    }

    private static PostgresException Error(string state, string message) => new(message, "ERROR", "ERROR", state);

    private static string Project(string record) =>
        JsonDocument.Parse(record).RootElement.TryGetProperty("project", out var project) ? project.GetString() ?? string.Empty : string.Empty;

    private string? NameOf(long? list) => _tables.Lists.Values.FirstOrDefault(one => one.Position == list)?.Name;

    private void RequireSameServer()
    {
        if (_timeline != _confirmedTimeline && mutation != FleetMutation.AsyncFailover)
        {
            throw Error("SD005", string.Create(CultureInfo.InvariantCulture, $"timeline {_timeline:X8}, and before {_confirmedTimeline:X8}"));
        }
    }

    private bool IsLive(string? runId) => runId is not null && _tables.Runs.TryGetValue(runId, out var run) && run.LeaseUntil > Now;

    private bool IsNamed(string account, string? name, string? id, bool isReal, string? otherName, bool isOtherReal) =>
        otherName is not null && !isOtherReal && ((!isReal && name == otherName) || (id is not null && _tables.Aliases.Contains((account, id, otherName))));

    private bool IsSameGroup(string account, in Group one, in Group other) => (one, other) switch
    {
        ({ IsNone: var none }, { IsNone: var otherNone }) when none || otherNone => none && otherNone,
        ({ IsImplied: true }, { IsImplied: true }) => true,
        ({ Id: { } id }, { Id: { } otherId }) => id == otherId,
        _ => IsNamed(account, one.Name, one.Id, one.IsReal, other.Name, other.IsReal) || IsNamed(account, other.Name, other.Id, other.IsReal, one.Name, one.IsReal),
    };

    private void LearnGroup(IntentRecord intent, string? groupId)
    {
        intent.GroupId ??= groupId;
        if (intent is { GroupId: { } id, GroupName: { } name, IsRealPerson: false })
        {
            _tables.Aliases.Add((intent.Account, id, name));
        }
    }

    private void Supersede(long position)
    {
        var next = new Queue<IntentRowRecord>(_tables.Rows.Where(row => row.Position == position));
        var seen = new HashSet<(long, int)>();
        while (next.TryDequeue(out var row))
        {
            if (row is { Previous: { } previous, PreviousOrdinal: { } ordinal } && seen.Add((previous, ordinal)))
            {
                var earlier = _tables.Rows.Single(one => one.Position == previous && one.Ordinal == ordinal);
                earlier.IsSuperseded = true;
                next.Enqueue(earlier);
            }
        }
    }

    /// <summary>A group as a request names it.</summary>
    private readonly record struct Group(string? Name, string? Id, bool IsReal, bool IsImplied)
    {
        public bool IsNone => Name is null && Id is null && !IsReal;

        public static Group Of(IntentRecord intent) => new(intent.GroupName, intent.GroupId, intent.IsRealPerson, intent.IsImplied);
    }
}
