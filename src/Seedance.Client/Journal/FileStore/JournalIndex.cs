namespace Seedance.Journal.FileStore;

/// <summary>
/// What the journal says of every row of one account, in memory: a few dozen bytes a row. Fed line by line, in the
/// order of the file, whoever wrote the lines.
/// </summary>
internal sealed class JournalIndex(string account)
{
    private readonly Dictionary<UInt128, Place> _rows = [];
    private readonly Dictionary<string, Request> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Request> _tasks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _uploads = new(StringComparer.Ordinal);

    /// <summary>What is recorded of a row; null if it was never sent.</summary>
    public JournalMatch? Find(JournalKey key)
    {
        foreach (var place in key.Places())
        {
            if (_rows.TryGetValue(place, out var found))
            {
                var (request, row) = found;
                var state = request.State == JournalState.Accepted && (request.FailedRows >> row & 1) != 0 ? JournalState.ReviewFailed : request.State;
                return new JournalMatch(state, request.IntentId, request.Group, request.TaskId, request.Message);
            }
        }

        return null;
    }

    /// <summary>Where the line of a picture's last upload is; null if there is none.</summary>
    public long? FindUpload(string contentHash) => _uploads.TryGetValue(contentHash, out var offset) ? offset : null;

    /// <summary>Where the lines of a task are; null if it is not this account's.</summary>
    public (long Intent, long Final, AvatarGroup? Group)? FindTask(string taskId) =>
        _tasks.TryGetValue(taskId, out var request) ? (request.IntentOffset, request.FinalOffset, request.Group) : null;

    /// <summary>Takes in one line.</summary>
    public void Apply(long offset, JournalLine line)
    {
        switch (line.Type)
        {
            // A claim is taken in when it is decided, and met again when the file is read.
            case JournalLineType.Intent when line.Account == account && line.Intent is not null && !_open.ContainsKey(line.Intent):
                Begin(offset, line);
                break;
            case JournalLineType.Outcome when line.Intent is not null && _open.Remove(line.Intent, out var request):
                End(request, line);
                break;
            case JournalLineType.Final when line.Task is not null && _tasks.TryGetValue(line.Task, out var request):
                request.FinalOffset = offset;
                foreach (var asset in line.Assets ?? [])
                {
                    request.FailedRows |= !asset.Usable && asset.Row is >= 0 and < 64 ? 1UL << asset.Row : 0;
                }

                break;
            case JournalLineType.Upload when line.Account == account && line.Hash is not null:
                _uploads[line.Hash] = offset;
                break;
            default:
                break;
        }
    }

    // Until its outcome is read, a request may have taken effect: whatever was known of its rows before is displaced.
    private void Begin(long offset, JournalLine line)
    {
        var rows = line.Rows ?? [];
        var request = new Request(line.Intent!, offset, line.Group)
        {
            Materials = [.. rows.Select(row => row.Material())],
            Displaced = [],
        };
        for (var i = 0; i < request.Materials.Length; i++)
        {
            foreach (var place in JournalKey.Restore(request.Materials[i], request.Group).Places())
            {
                if (_rows.TryGetValue(place, out var before))
                {
                    request.Displaced.Add((place, before));
                }

                _rows[place] = new Place(request, i);
            }
        }

        _open[request.IntentId] = request;
    }

    private void End(Request request, JournalLine line)
    {
        request.State = line.State ?? JournalState.Unknown;
        request.TaskId = line.Task;
        request.Message = line.Message;
        if (line.Task is not null)
        {
            _tasks[line.Task] = request;
        }

        // The answer may have told the group's id: from now on the rows are found by it too.
        if (line.GroupId is not null && request.Group is not { GroupId: not null })
        {
            request.Group = (request.Group ?? new AvatarGroup()) with { GroupId = line.GroupId };
            for (var i = 0; i < request.Materials.Length; i++)
            {
                foreach (var place in JournalKey.Restore(request.Materials[i], request.Group).Places())
                {
                    _rows[place] = new Place(request, i);
                }
            }
        }

        // What took no effect hides nothing that did.
        if (request.State is JournalState.Unsent or JournalState.Refused)
        {
            foreach (var (place, before) in request.Displaced)
            {
                if (before.Request.State is JournalState.Accepted or JournalState.Unknown && _rows[place].Request == request)
                {
                    _rows[place] = before;
                }
            }
        }

        request.Materials = [];
        request.Displaced = [];
    }

    private readonly record struct Place(Request Request, int Row);

    private sealed class Request(string intentId, long intentOffset, AvatarGroup? group)
    {
        public string IntentId { get; } = intentId;

        public long IntentOffset { get; } = intentOffset;

        public long FinalOffset { get; set; } = -1;

        public AvatarGroup? Group { get; set; } = group;

        public JournalState State { get; set; } = JournalState.Unknown;

        public string? TaskId { get; set; }

        public string? Message { get; set; }

        /// <summary>One bit a row: its review failed.</summary>
        public ulong FailedRows { get; set; }

        public UInt128[] Materials { get; set; } = [];

        public List<(UInt128 Place, Place Before)> Displaced { get; set; } = [];
    }
}
