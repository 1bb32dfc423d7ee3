namespace Seedance;

/// <summary>Sums up a run from what a store recorded of it, in the order in which it was recorded: the one way of counting for every store.</summary>
/// <param name="run">The run.</param>
/// <param name="startedAt">When it began.</param>
public sealed class RunSummary(JournalRun run, DateTimeOffset? startedAt)
{
    private readonly DateTimeOffset? _startedAt = startedAt;
    private readonly Dictionary<string, Request> _requests = new(StringComparer.Ordinal);

    // The rows that were sent, each once: how many there were in all, only the end of a run tells.
    private readonly HashSet<(UInt128 Content, string? Group)> _sent = [];
    private JournalRunEnd? _end;
    private DateTimeOffset? _lastAt = startedAt;
    private string? _groupName;
    private bool _hasManyGroups;

    /// <summary>Takes in a request.</summary>
    /// <param name="intentId">Its id.</param>
    /// <param name="kind">What its task does.</param>
    /// <param name="group">The group that it went to.</param>
    /// <param name="rows">The hashes of its rows (<see cref="JournalKey.ContentHash"/>).</param>
    /// <param name="at">When it was about to leave.</param>
    public void Begin(string intentId, TaskKind kind, AvatarGroup? group, IReadOnlyList<UInt128> rows, DateTimeOffset? at)
    {
        var name = group?.Name ?? group?.GroupId;
        _hasManyGroups |= _requests.Count > 0 && name != _groupName;
        _groupName = _hasManyGroups ? null : name;
        _requests[intentId] = new Request(kind, rows.Count);
        _lastAt = at ?? _lastAt;
        foreach (var row in rows)
        {
            _sent.Add((row, name));
        }
    }

    /// <summary>Takes in what came of a request. The last word counts: an unknown outcome may be settled later.</summary>
    public void Settle(string intentId, JournalState state, DateTimeOffset? at)
    {
        if (_requests.TryGetValue(intentId, out var request))
        {
            request.State = state;
            _lastAt = _end is null ? at ?? _lastAt : _lastAt;
        }
    }

    /// <summary>Takes in how the task of a request ended; a later end takes the place of an earlier one.</summary>
    /// <param name="intentId">The request.</param>
    /// <param name="status">The task's state.</param>
    /// <param name="usable">How many assets passed.</param>
    /// <param name="failed">How many did not.</param>
    /// <param name="cost">What it cost, in US dollars; null if that is not told.</param>
    public void Finish(string intentId, SeedanceTaskStatus? status, int usable, int failed, decimal? cost)
    {
        if (!_requests.TryGetValue(intentId, out var request))
        {
            return;
        }

        // What a review leaves without a verdict has failed, unless the task was completed: then it may still come.
        var isCompleted = status == SeedanceTaskStatus.Completed;
        request.Usable = request.Kind == TaskKind.Asset ? Math.Min(request.Rows, usable) : isCompleted ? request.Rows : 0;
        request.Failed = request.Kind == TaskKind.Asset && isCompleted ? Math.Min(request.Rows - request.Usable, failed) : request.Rows - request.Usable;
        request.Cost = cost;
    }

    /// <summary>Takes in how the run ended.</summary>
    public void End(JournalRunEnd end, DateTimeOffset? at)
    {
        (_end, _lastAt) = (end, at ?? _lastAt);
        _sent.Clear();
    }

    /// <summary>Returns the run as of now.</summary>
    /// <param name="isLive">Whether its process is still at it.</param>
    /// <param name="now">The time.</param>
    public Run ToRun(bool isLive, DateTimeOffset now)
    {
        var isUnderWay = isLive && _end is null;
        var rows = _end?.Rows ?? _sent.Count;
        var accepted = Sum(request => request.State == JournalState.Accepted ? request.Rows : 0);

        // What has no outcome is on its way while its run is going, and of unknown outcome afterwards.
        var open = Sum(request => request.State is null ? request.Rows : 0);
        var unknown = Sum(request => request.State == JournalState.Unknown ? request.Rows : 0) + (isUnderWay ? 0 : open) + (_end?.UnknownEarlier ?? 0);
        var elsewhere = (isUnderWay ? open : 0) + (_end?.UnderWayElsewhere ?? 0);
        var (earlier, invalid) = (_end?.AcceptedEarlier ?? 0, _end?.Invalid ?? 0);
        return new Run
        {
            RunId = run.RunId,
            RunName = run.Name,
            StartedAt = _startedAt,
            EndedAt = isUnderWay ? null : _lastAt,
            Duration = (isUnderWay ? now : _lastAt) - _startedAt,
            IsUnderWay = isUnderWay,
            IsComplete = _end is not null,
            Computer = run.Computer,
            ProcessId = run.ProcessId,
            GroupName = _groupName,
            Rows = rows,
            Accepted = accepted,
            AcceptedEarlier = earlier,
            Usable = Sum(request => request.Usable),
            Failed = Sum(request => request.Failed),
            Invalid = invalid,
            Unknown = unknown,
            UnderWayElsewhere = elsewhere,
            NotAccepted = Math.Max(0, rows - accepted - earlier - invalid - unknown - elsewhere),
            Requests = _requests.Count,
            Cost = _requests.Values.Any(request => request.Cost is not null) ? _requests.Values.Sum(request => request.Cost ?? 0) : null,
        };
    }

    private int Sum(Func<Request, int> count) => _requests.Values.Sum(count);

    private sealed class Request(TaskKind kind, int rows)
    {
        public TaskKind Kind { get; } = kind;

        public int Rows { get; } = rows;

        public JournalState? State { get; set; }

        public int Usable { get; set; }

        public int Failed { get; set; }

        public decimal? Cost { get; set; }
    }
}
