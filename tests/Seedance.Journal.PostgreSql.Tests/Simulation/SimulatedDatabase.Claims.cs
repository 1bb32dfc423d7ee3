namespace Seedance.Journal.PostgreSql.Tests.Simulation;

internal sealed partial class SimulatedDatabase
{
    /// <summary>What the database itself records of a request that is not to go out, but for the time.</summary>
    public const string Repeat = """{"type":"Outcome","state":"Unsent","message":"A row of it was accepted after all, with an earlier request."}""";

    private const int MostTakes = 5;

    private readonly HashSet<string> _renewedLate = [];

    private bool Introduce(string account, string record, long seen)
    {
        if (_tables.Accounts.Exists(one => one.Position > seen))
        {
            return false;
        }

        _tables.Accounts.Add((_tables.Accounts.Count + 1, account, record));
        return true;
    }

    private void BeginRun(string account, string runId, string? runName, string record, TimeSpan lease, long? list)
    {
        RequireSameServer();
        var position = ++_runPosition;
        _tables.Runs.TryAdd(runId, new RunRecord(position, account, runId, runName, record, Now) { LeaseUntil = Now + lease });
        _tables.Runs[runId].ListPosition ??= list;
    }

    private bool Renew(string runId, TimeSpan lease)
    {
        if (!_tables.Runs.TryGetValue(runId, out var run) || (run.LeaseUntil <= Now && mutation != FleetMutation.RenewLapsedLease))
        {
            return false;
        }

        if (run.LeaseUntil <= Now)
        {
            _renewedLate.Add(runId);
        }

        run.LeaseUntil = Now + lease;
        return true;
    }

    private async Task<List<object?[]>> ReleaseAsync(RowLocks.Holder transaction, string runId)
    {
        await _locks.TakeAsync(transaction, ("runner", runId), isShared: false);
        if (IsLive(runId))
        {
            _tables.Runs[runId].LeaseUntil = Now;
        }

        if (_tables.Runs.GetValueOrDefault(runId)?.ListPosition is { } list)
        {
            foreach (var intent in _tables.Intents.Values.Where(one => one.ListPosition == list && one.State is null && !IsLive(one.RunId)))
            {
                intent.Payload = null;
            }
        }

        return [[null]];
    }

    private void EndRun(string runId, string record)
    {
        if (_tables.Runs.TryGetValue(runId, out var run))
        {
            (run.End, run.EndedAt) = (record, Now);
        }
    }

    private async Task<List<object?[]>> GetPositionAsync(RowLocks.Holder transaction, string account)
    {
        await _locks.TakeAsync(transaction, ("position", account), isShared: false);
        return One(_position + 1);
    }

    /// <summary>Whether a request may go: its group is made, or it is the one that makes it. Who makes it is recorded with the result's second part.</summary>
    private async Task<(bool Leads, Action? Record)> LeadGroupAsync(RowLocks.Holder transaction, string account, string project, string name, string intentId, string? runId)
    {
        var key = (account, project, name);
        if (mutation == FleetMutation.PerProcessGroupGate || (_tables.Groups.TryGetValue(key, out var group) && group.IsMade))
        {
            return (true, null);
        }

        await _locks.TakeAsync(transaction, ("group", key), isShared: false);
        if (!_tables.Groups.TryGetValue(key, out group))
        {
            return (true, () => _tables.Groups[key] = new GroupRecord { Leader = intentId, LeaderRun = runId });
        }

        return !group.IsMade && (group.Leader is null || group.Leader == intentId || !IsLive(group.LeaderRun))
            ? (true, () => (group.Leader, group.LeaderRun) = (intentId, runId))
            : (group.IsMade, null);
    }

    private async Task<int[]> ClaimAsync(RowLocks.Holder transaction, Claim claim)
    {
        RequireSameServer();
        Action? lead = null;
        if (claim is { State: null, Group: { Id: null, Name: { } name, IsReal: false } })
        {
            (var leads, lead) = await LeadGroupAsync(transaction, claim.Account, Project(claim.Record), name, claim.IntentId, claim.RunId);
            if (!leads)
            {
                return [-1];
            }
        }

        await _locks.TakeAsync(transaction, ("position", claim.Account), isShared: true);
        var position = ++_position;
        await _locks.TakeAsync(transaction, ("intent", claim.IntentId), isShared: false);
        if (_tables.IntentsById.ContainsKey(claim.IntentId))
        {
            lead?.Invoke();
            return [];
        }

        var places = claim.Hashes.Concat(claim.Others.Concat(claim.Libraries).OfType<Guid>()).Distinct();
        foreach (var place in mutation == FleetMutation.UnorderedClaim ? places : places.Order())
        {
            await _pauseAsync();
            await _locks.TakeAsync(transaction, ("place", claim.Account, place), isShared: false);
        }

        if (claim.RunId is not null && !IsLive(claim.RunId))
        {
            throw Error("SD001", "the lease of the run has lapsed");
        }

        var last = claim.Hashes.Select((_, i) => Last(claim, i)).ToArray();
        var taken = Enumerable.Range(0, last.Length).Where(i => !IsAsSeen(last[i], claim.Supersedes[i]) || (claim.WereUnknown[i] && !IsUnknown(claim, i))).ToArray();
        if (taken.Length > 0)
        {
            lead?.Invoke();
            foreach (var group in _tables.Groups.Values.Where(group => group.Leader == claim.IntentId))
            {
                group.Leader = null;
            }

            return taken;
        }

        lead?.Invoke();
        var intent = new IntentRecord
        {
            Position = position, IntentId = claim.IntentId, Account = claim.Account, RunId = claim.RunId, Record = claim.Record,
            GroupName = claim.Group.Name, GroupId = claim.Group.Id, IsRealPerson = claim.Group.IsReal, IsImplied = claim.Group.IsImplied,
            RowCount = claim.Hashes.Length, SentAt = Now, State = claim.State, ListPosition = claim.ListPosition, Payload = claim.Payload,
        };
        Insert(intent, claim.Hashes.Select((hash, i) => (hash, last[i].Row)));
        LearnGroup(intent, null);
        return [];
    }

    private (IntentRowRecord? Row, IntentRecord? Intent) Last(Claim claim, int place) => NewestFirst(claim, place).FirstOrDefault();

    private bool IsUnknown(Claim claim, int place) =>
        NewestFirst(claim, place).Select(one => one.Intent).FirstOrDefault(intent => intent?.State is not ("Refused" or "Unsent")) is { State: null or "Unknown" };

    private IEnumerable<(IntentRowRecord? Row, IntentRecord? Intent)> NewestFirst(Claim claim, int place) => _tables.Rows
        .Where(row => row.Account == claim.Account && claim.Names(place, row.Hash) && IsSameGroup(claim.Account, claim.Group, Group.Of(_tables.Intents[row.Position])))
        .OrderByDescending(row => row.Position).ThenBy(row => row.Ordinal).Select(row => ((IntentRowRecord?)row, (IntentRecord?)_tables.Intents[row.Position]));

    private bool IsAsSeen((IntentRowRecord? Row, IntentRecord? Intent) last, string? supersedes) =>
        last.Intent?.IntentId == supersedes && last.Intent?.State != "Queued"
        && (last.Intent is not { State: null } || mutation == FleetMutation.RetryUnknownTakesUnderWay || !IsLive(last.Intent.RunId));

    private void Insert(IntentRecord intent, IEnumerable<(Guid Hash, IntentRowRecord? Previous)> rows)
    {
        _tables.Intents.Add(intent.Position, intent);
        _tables.IntentsById.Add(intent.IntentId, intent);
        _tables.Rows.AddRange(rows.Select((row, i) => new IntentRowRecord(intent.Account, row.Hash, intent.Position, i, row.Previous?.Position, row.Previous?.Ordinal)));
    }

    private async Task<List<object?[]>> EndAsync(
        RowLocks.Holder transaction, string account, string intentId, string? takeId, string state, string? taskId, string? groupId, string record, Guid? settledBy = null)
    {
        if (await LockIntentAsync(transaction, account, intentId) is not { } intent
            || (takeId is not null && intent.TakeId != takeId)
            || (mutation == FleetMutation.EndOnlyIfLeased && intent.RunId is not null && !IsLive(intent.RunId)))
        {
            return [[null]];
        }

        foreach (var (key, _) in _tables.Groups.Where(one => one.Value.Leader == intentId).ToList())
        {
            await _locks.TakeAsync(transaction, ("group", key), isShared: false);
        }

        var led = _tables.Groups.Values.Where(group => group.Leader == intentId).ToList();
        if (intent.State == "Accepted" && state != "Accepted")
        {
            led.ForEach(Lead);
            return [[null]];
        }

        if (state == "Unsent" && takeId is not null && intent.Takes <= MostTakes && intent.Payload is not null)
        {
            await LockPlacesAsync(transaction, intent);
            if (!HasSuccessor(intent))
            {
                led.ForEach(Lead);
                (intent.State, intent.RunId, intent.TakeId) = ("Queued", null, null);
                intent.NotBefore = Now + TimeSpan.FromSeconds(Math.Min(Math.Pow(2, intent.Takes), 30));
                return [[null]];
            }
        }

        led.ForEach(Lead);
        var before = intent.State;
        (intent.State, intent.TaskId, intent.Outcome, intent.OutcomeAt, intent.Payload) = (state, taskId ?? intent.TaskId, record, Now, null);
        intent.WatchedBy = intent.ListPosition is null ? null : intent.RunId;
        (intent.SettledBy, intent.Final) = settledBy is null ? (intent.SettledBy, intent.Final) : (settledBy, record);
        LearnGroup(intent, groupId);
        if (taskId is not null)
        {
            Supersede(intent.Position);
        }

        if (state == "Accepted" && before != "Accepted")
        {
            await UnqueueRepeatsAsync(transaction, intent);
        }

        return [[null]];

        void Lead(GroupRecord group) => (group.IsMade, group.GroupId, group.Leader) = (group.IsMade || state == "Accepted", groupId ?? group.GroupId, null);
    }

    private async Task UnqueueRepeatsAsync(RowLocks.Holder transaction, IntentRecord intent)
    {
        var later = _tables.Rows.Where(row => row.Previous == intent.Position).ToList();
        for (var i = 0; i < later.Count; i++)
        {
            later.AddRange(_tables.Rows.Where(row => row.Previous == later[i].Position && row.PreviousOrdinal == later[i].Ordinal));
        }

        foreach (var repeat in later.Select(row => _tables.Intents[row.Position]).Where(one => one.State == "Queued").Distinct().OrderBy(one => one.Position).ToList())
        {
            await _locks.TakeAsync(transaction, ("row", repeat.IntentId), isShared: false);
            if (repeat.State == "Queued")
            {
                (repeat.State, repeat.Outcome, repeat.OutcomeAt, repeat.Payload) = ("Unsent", Repeat, Now, null);
            }
        }
    }

    private async Task<List<object?[]>> SplitAsync(RowLocks.Holder transaction, object?[] a)
    {
        var (account, intentId, refusedHash) = (Text(a[0])!, Text(a[1])!, (Guid)a[5]!);
        if (await LockIntentAsync(transaction, account, intentId) is not { State: null } intent || intent.TakeId != Text(a[2]))
        {
            return [[null]];
        }

        await _locks.TakeAsync(transaction, ("position", account), isShared: true);
        await LockPlacesAsync(transaction, intent);
        if (!HasSuccessor(intent))
        {
            RequireSameServer();
            var rows = _tables.Rows.Where(row => row.Position == intent.Position).OrderBy(row => row.Ordinal).ToLookup(row => row.Hash == refusedHash);
            var refused = intent with
            {
                Position = ++_position, IntentId = Text(a[4])!, RowCount = 1, Record = Text(a[6])!, State = "Refused", Outcome = Text(a[7]), OutcomeAt = Now, SentAt = Now,
                TakeId = null, Takes = 0, NotBefore = default, WatchedBy = null, Payload = null,
            };
            var rest = refused with
            {
                Position = ++_position, IntentId = Text(a[8])!, RunId = null, RowCount = intent.RowCount - 1, Record = Text(a[9])!, State = "Queued", Outcome = null, OutcomeAt = null,
                Payload = Text(a[10]),
            };
            Insert(refused, rows[true].Select(row => (row.Hash, (IntentRowRecord?)row)).ToList());
            Insert(rest, rows[false].Select(row => (row.Hash, (IntentRowRecord?)row)).ToList());
        }

        foreach (var group in _tables.Groups.Values.Where(group => group.Leader == intentId))
        {
            group.Leader = null;
        }

        (intent.State, intent.Outcome, intent.OutcomeAt, intent.Payload) = ("Unsent", Text(a[3]), Now, null);
        return [[null]];
    }

    private async Task<List<object?[]>> SettleAsync(
        RowLocks.Holder transaction, string account, string intentId, string? taskId, string? groupId, string record, Guid attempt)
    {
        if (await LockIntentAsync(transaction, account, intentId) is not { } intent)
        {
            return One(false);
        }

        if (intent.State is not (null or "Unknown"))
        {
            return One(intent.SettledBy == attempt);
        }

        await EndAsync(transaction, account, intentId, null, "Accepted", taskId, groupId, record, attempt);
        return One(true);
    }

    private void RecordFinal(string account, string taskId, string? groupId, string record)
    {
        if (LastOf(account, taskId) is { } intent)
        {
            (intent.Final, intent.FinalAt) = (record, Now);
            LearnGroup(intent, groupId);
        }
    }

    private void RecordChanges(string account, string?[] assetIds, string?[] groupIds, string?[] statuses, string?[] names)
    {
        for (var i = 0; i < assetIds.Length; i++)
        {
            if (assetIds[i] is { } assetId)
            {
                var before = _tables.AssetChanges.GetValueOrDefault((account, assetId));
                _tables.AssetChanges[(account, assetId)] = (statuses[i] ?? before.Status, names[i] ?? before.Name);
            }
            else if (groupIds[i] is { } groupId)
            {
                _tables.GroupChanges[(account, groupId)] = statuses[i];
            }
        }
    }

    private IntentRecord? LastOf(string account, string taskId) =>
        _tables.Intents.Values.LastOrDefault(one => one.Account == account && one.TaskId == taskId);

    private bool HasSuccessor(IntentRecord intent) => _tables.Rows.Exists(row => row.Previous == intent.Position);

    private async Task<IntentRecord?> LockIntentAsync(RowLocks.Holder transaction, string account, string intentId)
    {
        if (_tables.IntentsById.ContainsKey(intentId))
        {
            await _locks.TakeAsync(transaction, ("row", intentId), isShared: false);
        }

        return _tables.IntentsById.GetValueOrDefault(intentId) is { } intent && intent.Account == account ? intent : null;
    }

    private async Task LockPlacesAsync(RowLocks.Holder transaction, IntentRecord intent)
    {
        foreach (var place in _tables.Rows.Where(row => row.Position == intent.Position).Select(row => row.Hash).Distinct().Order().ToList())
        {
            await _locks.TakeAsync(transaction, ("place", intent.Account, place), isShared: false);
        }
    }

    /// <summary>What a claim is made of.</summary>
    private sealed record Claim(
        string Account, string IntentId, string? RunId, string? State, long? ListPosition, string? Payload, string Record, Group Group,
        Guid[] Hashes, Guid?[] Others, Guid?[] Libraries, string?[] Supersedes, bool[] WereUnknown)
    {
        public static Claim Begin(object?[] a, long? list) =>
            new(Text(a[0])!, Text(a[1])!, Text(a[2]), null, list, null, Text(a[3])!, GroupAt(a, 4), (Guid[])a[8]!, (Guid?[])a[9]!, (Guid?[])a[10]!, (string?[])a[11]!, (bool[])a[12]!);

        public static Claim Enqueue(object?[] a, long list) =>
            new(Text(a[0])!, Text(a[1])!, null, "Queued", list, Text(a[4]), Text(a[3])!, GroupAt(a, 5), (Guid[])a[9]!, (Guid?[])a[10]!, (Guid?[])a[11]!, (string?[])a[12]!, (bool[])a[13]!);

        /// <summary>Returns whether a hash is one of those of a row.</summary>
        public bool Names(int place, Guid hash) => hash == Hashes[place] || hash == Others[place] || hash == Libraries[place];

        private static Group GroupAt(object?[] a, int first) => new(Text(a[first]), Text(a[first + 1]), (bool)a[first + 2]!, (bool)a[first + 3]!);
    }
}
