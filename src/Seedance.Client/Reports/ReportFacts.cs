namespace Seedance.Reports;

/// <summary>Gathers from tasks and assets what a report's head says. What they do not agree on is left out.</summary>
internal sealed class ReportFacts
{
    private readonly Shared _run = new();
    private readonly Shared _group = new();
    private readonly Shared _groupId = new();
    private DateTimeOffset? _start;
    private DateTimeOffset? _end;
    private decimal? _cost;
    private bool _hasOpen;

    public ReportHead Head => new()
    {
        Title = _run.Value ?? _group.Value ?? "Seedance report",
        RunName = _run.Value,
        GroupName = _group.Value,
        GroupId = _groupId.Value,
        StartedAt = _start,
        EndedAt = _hasOpen ? null : _end,
        Duration = _hasOpen || _end < _start ? null : _end - _start,
        Cost = _cost,
    };

    public void Add(SeedanceTask task)
    {
        _run.Add(task.RunName);
        _group.Add(task.Group?.Name);
        _groupId.Add(task.GroupId);
        var sent = task.CreatedAt ?? task.SubmittedAt;
        _start = sent is null || _start <= sent ? _start : sent;
        _end = task.CompletedAt is null || _end >= task.CompletedAt ? _end : task.CompletedAt;
        _hasOpen |= !task.IsFinal;
        _cost = task.Cost is null ? _cost : (_cost ?? 0) + task.Cost;
    }

    public void Add(SeedanceAsset asset)
    {
        _group.Add(asset.Source?.Group?.Name);
        _groupId.Add(asset.GroupId);
    }

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
