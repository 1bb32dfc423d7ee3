namespace Seedance.Journal.FileStore;

/// <summary>
/// What the journal says of every row of one account, in memory: a few dozen bytes a row. Fed line by line, in the
/// order of the file, whoever wrote the lines.
/// </summary>
/// <param name="isOurs">Tells whether a line's account is this one.</param>
/// <param name="isRunLive">Tells whether the run that is held at a place is still going.</param>
internal sealed class JournalIndex(Func<string?, bool> isOurs, Func<string, bool> isRunLive)
{
    private readonly Dictionary<UInt128, int> _newest = [];
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, Request> _requests = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Request> _tasks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _uploads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string? Place, string? Name)> _runs = new(StringComparer.Ordinal);
    private readonly GroupAliases _groups = new();

    /// <summary>What became of assets after their reviews.</summary>
    public AssetChanges Changes { get; } = new();

    /// <summary>What is recorded of a row; null if it was never sent.</summary>
    public JournalMatch? Find(JournalKey key) => FindEffective(key) is not { } found ? null
        : new JournalMatch(found.State, found.Request.IntentId, found.LastIntentId)
        {
            Group = found.Request.Group,
            TaskId = found.Request.TaskId,
            Message = found.Request.Message,
            Code = found.Request.Code,
            IsPassing = found.Request.IsPassing,
            RunId = found.Request.RunId,
            Position = found.Request.IntentOffset,
            IsRunLive = found.Record.IsRunLive,
            IsReviewUnclear = found.Record.Review == RowReview.Unclear,
            Requests = found.Requests,
            IsCleared = found.Request.IsCleared,
        };

    private (JournalState State, RowRecord Record, Request Request, int Row, string LastIntentId, int Requests)? FindEffective(JournalKey key)
    {
        List<Entry>? entries = null;
        foreach (var hash in (ReadOnlySpan<UInt128?>)[key.ContentHash, key.OtherHash, key.LibraryHash])
        {
            for (var at = hash is { } content && _newest.TryGetValue(content, out var newest) ? newest : -1; at >= 0; at = _entries[at].Previous)
            {
                if (_groups.AreSame(key.Group, _entries[at].Request.Group))
                {
                    (entries ??= []).Add(_entries[at]);
                }
            }
        }

        if (entries is null)
        {
            return null;
        }

        // What was recorded first may have been taken in last.
        if (entries.Count > 1)
        {
            entries.Sort((one, other) => other.Request.IntentOffset.CompareTo(one.Request.IntentOffset));
        }

        var (state, record) = RowState.Derive(entries.Select(entry => entry.Request.Record(entry.Row, IsRunLive)));
        var (request, row, _) = entries.Find(entry => entry.Request.IntentId == record.IntentId);
        return (state, record, request, row, entries[0].Request.IntentId, entries.Count);
    }

    /// <summary>Where the line of a picture's last upload is; null if there is none.</summary>
    public long? FindUpload(string contentHash) => _uploads.TryGetValue(contentHash, out var offset) ? offset : null;

    /// <summary>Where the lines of a task are; null if it is not this account's.</summary>
    public (long Intent, long Final, AvatarGroup? Group, string? RunName)? FindTask(string taskId) => _tasks.TryGetValue(taskId, out var request) && !request.IsCleared
        ? (request.IntentOffset, request.FinalOffset, request.Group, request.RunId is null ? null : _runs.GetValueOrDefault(request.RunId).Name) : null;

    /// <summary>The requests of which no certain outcome is recorded, in the order in which they were sent.</summary>
    public IEnumerable<(long Intent, AvatarGroup? Group, bool IsUnderWay, string? RunName, string? Message)> Open() =>
        _requests.Values.Where(request => request.State == JournalState.Unknown).OrderBy(request => request.IntentOffset)
            .Select(request => (request.IntentOffset, request.Group, request.Record(0, IsRunLive) is { IsOpen: true, IsRunLive: true },
                request.RunId is null ? null : _runs.GetValueOrDefault(request.RunId).Name, request.Message));

    /// <summary>Returns whether no certain outcome of a request is recorded.</summary>
    public bool IsOpen(string intentId) => _requests.TryGetValue(intentId, out var request) && request.State == JournalState.Unknown;

    /// <summary>Takes in one line.</summary>
    public void Apply(long offset, JournalLine line)
    {
        switch (line.Type)
        {
            case JournalLineType.Run when line.Run is not null:
                _runs[line.Run] = (line.Path, line.RunName);
                break;
            case JournalLineType.Changes when isOurs(line.Account):
                JournalMapper.Changes(line).ForEach(Changes.Add);
                break;

            // A claim is taken in when it is decided, and met again when the file is read.
            case JournalLineType.Intent when line.Intent is not null && isOurs(line.Account) && !_requests.ContainsKey(line.Intent):
                Begin(offset, line);
                break;
            case JournalLineType.Outcome when line.Intent is not null && _requests.TryGetValue(line.Intent, out var request):
                End(request, line);
                break;
            case JournalLineType.Settled when line is { Intent: not null, Task: not null } && _requests.TryGetValue(line.Intent, out var request):
                End(request, line);
                EndTask(request, offset, line);
                break;
            case JournalLineType.Final when line.Task is not null && _tasks.TryGetValue(line.Task, out var request):
                EndTask(request, offset, line);
                break;
            case JournalLineType.Upload when line.Hash is not null && isOurs(line.Account) && _uploads.GetValueOrDefault(line.Hash) <= offset:
                _uploads[line.Hash] = offset;
                break;
            default:
                break;
        }
    }

    /// <summary>Marks a line that supersedes what is recorded: another end of a task, or a row that was accepted before.</summary>
    /// <param name="line">The line, before it is taken in.</param>
    /// <param name="keys">Of a request, the keys of those of its rows that supersede something, by their places.</param>
    public void MarkSuperseding(JournalLine line, IEnumerable<(int Row, JournalKey Key)> keys)
    {
        switch (line.Type)
        {
            case JournalLineType.Final when line.Task is not null && _tasks.TryGetValue(line.Task, out var ended):
                line.Again = ended.FinalOffset >= 0 ? true : null;
                break;
            case JournalLineType.Outcome or JournalLineType.Settled when line.Intent is not null && _requests.TryGetValue(line.Intent, out var request):
                line.Again = request.Supersedes ? true : null;
                break;
            case JournalLineType.Intent:
                foreach (var (row, key) in keys)
                {
                    if (FindEffective(key) is { Request.TaskId: { } task } before)
                    {
                        line.Again = true;
                        (line.Rows![row].Supersedes, line.Rows[row].SupersedesRow) = (task, before.Row);
                    }
                }

                break;
            default:
                break;
        }
    }

    private bool IsRunLive(string runId) => _runs.GetValueOrDefault(runId).Place is { } place && isRunLive(place);

    private void Begin(long offset, JournalLine line)
    {
        var rows = line.Rows ?? [];
        var request = new Request(line.Intent!, offset, line.Run, rows.Count) { Group = line.Group, Supersedes = line.Again == true, IsCleared = line.Cleared == true };
        _groups.Learn(request.Group);
        for (var i = 0; i < rows.Count; i++)
        {
            var content = rows[i].ContentHash();
            _entries.Add(new Entry(request, i, _newest.TryGetValue(content, out var previous) ? previous : -1));
            _newest[content] = _entries.Count - 1;
        }

        _requests[request.IntentId] = request;
    }

    private void End(Request request, JournalLine line)
    {
        // The last word counts: an unknown outcome may be settled later.
        request.IsOpen = false;
        request.State = line.State ?? JournalState.Unknown;
        request.TaskId = line.Task ?? request.TaskId;
        request.Message = line.Message;
        LearnReason(request, line, hasFailed: line.State == JournalState.Refused);
        LearnGroup(request, line.GroupId);
        if (line.Task is not null)
        {
            _tasks[line.Task] = request;
        }
    }

    private static void LearnReason(Request request, JournalLine line, bool hasFailed) =>
        (request.Code, request.IsPassing) = hasFailed ? (line.Code, TaskError.MayPass(line.Code, line.Message)) : (null, false);

    private void EndTask(Request request, long offset, JournalLine line)
    {
        request.FinalOffset = offset;
        LearnGroup(request, line.GroupId);
        (request.FailedRows, request.UnclearRows) = JournalMapper.Reviews(line, request.RowCount);
        LearnReason(request, line, hasFailed: request.FailedRows != 0);
    }

    // The answer, or the end of the task, may tell the group's id: from then on the rows are found by it too.
    private void LearnGroup(Request request, string? groupId)
    {
        if (groupId is not null && request.Group is not { GroupId: not null })
        {
            request.Group = (request.Group ?? new AvatarGroup()) with { GroupId = groupId };
            _groups.Learn(request.Group);
        }
    }

    private readonly record struct Entry(Request Request, int Row, int Previous);

    private sealed class Request(string intentId, long intentOffset, string? runId, int rowCount)
    {
        public string IntentId { get; } = intentId;

        public long IntentOffset { get; } = intentOffset;

        public string? RunId { get; } = runId;

        public int RowCount { get; } = rowCount;

        public bool Supersedes { get; init; }

        public bool IsCleared { get; init; }

        public long FinalOffset { get; set; } = -1;

        public AvatarGroup? Group { get; set; }

        public bool IsOpen { get; set; } = true;

        public JournalState State { get; set; } = JournalState.Unknown;

        public string? TaskId { get; set; }

        public string? Message { get; set; }

        public string? Code { get; set; }

        public bool IsPassing { get; set; }

        /// <summary>One bit a row: its review failed.</summary>
        public ulong FailedRows { get; set; }

        /// <summary>One bit a row: it may be one of those that failed.</summary>
        public ulong UnclearRows { get; set; }

        public RowRecord Record(int row, Func<string, bool> isRunLive) => new(IntentId, State)
        {
            IsOpen = IsOpen,
            IsRunLive = RunId is not null && isRunLive(RunId),
            Review = RowReviews.At(row, FailedRows, UnclearRows),
        };
    }
}
