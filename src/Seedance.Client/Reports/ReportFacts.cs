namespace Seedance.Reports;

/// <summary>Gathers from runs, tasks and assets what a report's head says. What they do not agree on is left out.</summary>
internal sealed class ReportFacts
{
    private readonly Dictionary<ReportRowState, long> _shown = [];
    private readonly Dictionary<ReportRowState, long> _missing = [];
    private readonly Shared _run = new();
    private readonly Shared _runId = new();
    private readonly Shared _group = new();
    private readonly Shared _groupId = new();
    private DateTimeOffset? _start;
    private DateTimeOffset? _end;
    private decimal? _cost;
    private long? _requests;
    private bool _hasOpen;
    private bool _hasLastingFailure;
    private bool _isImplied;

    public ReportHead Head => new()
    {
        Title = _run.Value ?? _group.Value ?? "Seedance report",
        RunId = _runId.Value,
        RunName = _run.Value,
        GroupName = _group.Value,
        GroupId = _groupId.Value,
        StartedAt = _start,
        EndedAt = _hasOpen ? null : _end,
        Duration = _hasOpen || _end < _start ? null : _end - _start,
        Requests = _requests,
        Cost = _cost,
        Counts = Enum.GetValues<ReportRowState>().Where(state => Rows(state) > 0).ToDictionary(state => state, Rows),
        HasLastingFailure = _hasLastingFailure,
    };

    /// <summary>Gets the group that all of it is in, as far as is known by now; null if they differ.</summary>
    public AvatarGroup? Group => _group.Value is null && _groupId.Value is null ? null : new AvatarGroup { Name = _group.Value, GroupId = _groupId.Value, IsImplied = _isImplied };

    /// <summary>Takes in what is known of a run. Its rows that left nothing to show are counted with it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="shown">How many of its rows are shown, by state.</param>
    public void Add(Run run, IReadOnlyDictionary<ReportRowState, long> shown)
    {
        _run.Add(run.RunName);
        _runId.Add(run.RunId);
        _group.Add(run.GroupName);
        Extend(run.StartedAt, run.EndedAt, isOpen: run.IsUnderWay);
        _requests = (_requests ?? 0) + run.Requests;
        AddCost(run.Cost);

        // What is shown may have come to another state than the run has it in: all of them are its rows, and no more.
        var rest = Math.Max(0, run.Rows - shown.Values.Sum());
        foreach (var (state, rows) in InOrder(run))
        {
            var missing = Math.Clamp(rows - shown.GetValueOrDefault(state), 0, rest);
            _missing[state] = _missing.GetValueOrDefault(state) + missing;
            rest -= missing;
        }
    }

    /// <summary>Counts a row that is shown.</summary>
    public void Count(ReportRow row)
    {
        _shown[row.State] = _shown.GetValueOrDefault(row.State) + 1;
        _hasLastingFailure |= row.IsLasting;
    }

    /// <summary>Takes a row that is shown for one of those that a run has and that left nothing in it to show.</summary>
    public void Find(ReportRowState state)
    {
        var counted = _missing.GetValueOrDefault(state) > 0 ? state : ReportRowState.AcceptedEarlier;
        if (_missing.GetValueOrDefault(counted) > 0 && (counted == state || state is ReportRowState.Usable or ReportRowState.Failed or ReportRowState.Accepted))
        {
            _missing[counted]--;
        }
    }

    public void Add(SeedanceTask task)
    {
        _run.Add(task.RunName);
        _runId.Add(task.RunId);
        AddGroup(task);
        Extend(task.CreatedAt ?? task.SubmittedAt, task.CompletedAt, isOpen: !task.IsFinal);
        AddCost(task.Cost);
    }

    /// <summary>Takes in the group of a task, where its run tells the rest.</summary>
    public void AddGroup(SeedanceTask task)
    {
        _group.Add(task.Group?.Name);
        _groupId.Add(task.GroupId);
        _isImplied |= task.Group is { IsImplied: true };
    }

    public void Add(SeedanceAsset asset)
    {
        _run.Add(asset.RunName);
        _group.Add(asset.GroupName);
        _groupId.Add(asset.GroupId);
    }

    private void Extend(DateTimeOffset? start, DateTimeOffset? end, bool isOpen)
    {
        _start = start is null || _start <= start ? _start : start;
        _end = end is null || _end >= end ? _end : end;
        _hasOpen |= isOpen;
    }

    private long Rows(ReportRowState state) => _shown.GetValueOrDefault(state) + _missing.GetValueOrDefault(state);

    // Those first of which a journal holds nothing but their number.
    private static IEnumerable<(ReportRowState State, int Rows)> InOrder(Run run) =>
    [
        (ReportRowState.AcceptedEarlier, run.AcceptedEarlier),
        (ReportRowState.Invalid, run.Invalid),
        (ReportRowState.UnderWayElsewhere, run.UnderWayElsewhere),
        (ReportRowState.NotAccepted, run.NotAccepted),
        (ReportRowState.Unknown, run.Unknown),
        (ReportRowState.Usable, run.Usable),
        (ReportRowState.Failed, run.Failed),
        (ReportRowState.Accepted, run.Accepted - run.Usable - run.Failed),
    ];

    private void AddCost(decimal? cost) => _cost = cost is null ? _cost : (_cost ?? 0) + cost;

    /// <summary>A text that all have that have one; null where two differ.</summary>
    private sealed class Shared
    {
        private bool _differs;

        public string? Value { get; private set; }

        public void Add(string? value)
        {
            if (value is null || _differs)
            {
                return;
            }

            _differs = Value is not null && Value != value;
            Value = _differs ? null : value;
        }
    }
}
