namespace Seedance.Reports;

/// <summary>Gathers from runs, tasks and assets what a report's head says. What they do not agree on is left out.</summary>
internal sealed class ReportFacts
{
    private readonly Dictionary<ReportRowState, long> _counts = [];
    private readonly Shared _run = new();
    private readonly Shared _runId = new();
    private readonly Shared _group = new();
    private readonly Shared _groupId = new();
    private DateTimeOffset? _start;
    private DateTimeOffset? _end;
    private decimal? _cost;
    private long? _requests;
    private bool _hasOpen;

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
        Counts = _counts,
    };

    /// <summary>Takes in what is known of a run. Its rows are counted with it, those that left nothing to show too.</summary>
    public void Add(Run run)
    {
        _run.Add(run.RunName);
        _runId.Add(run.RunId);
        _group.Add(run.GroupName);
        Extend(run.StartedAt, run.EndedAt, isOpen: run.IsUnderWay);
        _requests = (_requests ?? 0) + run.Requests;
        AddCost(run.Cost);
        Count(ReportRowState.Usable, run.Usable);
        Count(ReportRowState.Failed, run.Failed);
        Count(ReportRowState.Accepted, run.Accepted - run.Usable - run.Failed);
        Count(ReportRowState.AcceptedEarlier, run.AcceptedEarlier);
        Count(ReportRowState.Invalid, run.Invalid);
        Count(ReportRowState.NotAccepted, run.NotAccepted);
        Count(ReportRowState.Unknown, run.Unknown);
        Count(ReportRowState.UnderWayElsewhere, run.UnderWayElsewhere);
    }

    /// <summary>Counts a row that belongs to no run that was added.</summary>
    public void Count(ReportRowState state, long rows = 1)
    {
        if (rows > 0)
        {
            _counts[state] = _counts.GetValueOrDefault(state) + rows;
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
