using System.Buffers;
using System.Text.Json;

namespace Seedance;

/// <summary>
/// The journal as an append-only file of JSON lines. Appends that come while a flush is under way share the next one.
/// All processes that write it take turns; claims are decided while it is this one's turn.
/// </summary>
internal sealed class FileJournal(IJournalFile file, string account, TimeProvider time) : IJournal
{
    private readonly object _gate = new();
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private List<Append> _waiting = [];
    private Task _writing = Task.CompletedTask;
    private bool _checked;
    private JournalIndex? _index;
    private JournalScan? _scan;

    public string Name => file.Name;

    public async ValueTask<IReadOnlyList<int>> BeginAsync(JournalIntent intent, bool claim, CancellationToken cancellation)
    {
        var append = new Append(new JournalLine
        {
            Type = JournalLineType.Intent,
            Intent = intent.IntentId,
            At = time.GetUtcNow(),
            Account = account,
            Kind = intent.Kind,
            Group = intent.Group,
            Project = intent.ProjectName,
            AssetType = intent.AssetType,
            Rows = [.. intent.Rows.Select(row => new JournalLine.LineRow { Key = JournalLine.LineRow.Format(row.Key.Material), Name = row.Name, Url = row.SourceUrl })],
        }, claim ? intent.Rows : null);
        await AppendAsync(append);
        return append.Taken;
    }

    public async ValueTask EndAsync(JournalOutcome outcome, CancellationToken cancellation) => await AppendAsync(new Append(new JournalLine
    {
        Type = JournalLineType.Outcome,
        Intent = outcome.IntentId,
        At = time.GetUtcNow(),
        State = outcome.State,
        Task = outcome.TaskId,
        GroupId = outcome.GroupId,
        Message = outcome.Message,
    }));

    public async ValueTask RecordFinalAsync(SeedanceTask task, CancellationToken cancellation) =>
        await AppendAsync(new Append(JournalTasks.Final(task, account, time.GetUtcNow())));

    public async ValueTask RecordUploadAsync(JournalUpload upload, CancellationToken cancellation) => await AppendAsync(new Append(new JournalLine
    {
        Type = JournalLineType.Upload,
        At = time.GetUtcNow(),
        Account = account,
        Hash = upload.ContentHash,
        Url = upload.Url,
        Path = upload.Path,
        Expires = upload.ExpiresAt,
    }));

    public ValueTask<JournalUpload?> FindUploadAsync(string contentHash, CancellationToken cancellation)
    {
        lock (_gate)
        {
            CatchUp();
            return ValueTask.FromResult(_index!.FindUpload(contentHash) is { } offset && JournalScan.ReadAt(file, offset) is { Url: { } url, Expires: { } expiry } line
                ? new JournalUpload(contentHash, url, line.Path, expiry) : null);
        }
    }

    public ValueTask<IReadOnlyList<JournalMatch?>> FindAsync(IReadOnlyList<JournalKey> keys, CancellationToken cancellation)
    {
        lock (_gate)
        {
            CatchUp();
            return ValueTask.FromResult<IReadOnlyList<JournalMatch?>>([.. keys.Select(_index!.Find)]);
        }
    }

    public ValueTask<SeedanceTask?> FindTaskAsync(string taskId, CancellationToken cancellation)
    {
        lock (_gate)
        {
            CatchUp();
            if (_index!.FindTask(taskId) is not var (intent, final, group) || JournalScan.ReadAt(file, intent) is not { } sent)
            {
                return ValueTask.FromResult<SeedanceTask?>(null);
            }

            return ValueTask.FromResult<SeedanceTask?>(JournalTasks.Restore(taskId, sent, group, final < 0 ? null : JournalScan.ReadAt(file, final)));
        }
    }

    public IEnumerable<SeedanceTask> ReadTasks() => JournalRecall.Tasks(file, account);

    public IEnumerable<SeedanceAsset> ReadAssets() => JournalRecall.Assets(file, account);

    public JournalNames ReadNames() => JournalNames.Read(file, account);

    public async ValueTask DisposeAsync()
    {
        await _writing;
        await file.DisposeAsync();
    }

    private Task AppendAsync(Append append)
    {
        lock (_gate)
        {
            _waiting.Add(append);
            if (_writing.IsCompleted)
            {
                _writing = WriteWaitingAsync();
            }
        }

        return append.Done.Task;
    }

    private async Task WriteWaitingAsync()
    {
        while (true)
        {
            List<Append> group;
            lock (_gate)
            {
                if (_waiting.Count == 0)
                {
                    // Said inside the gate, so that the next append begins a new round.
                    _writing = Task.CompletedTask;
                    return;
                }

                (group, _waiting) = (_waiting, []);
            }

            try
            {
                await WriteAsync(group);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                var failure = e as SeedanceException ?? JournalFailures.NotWritable(file.Name, e);
                group.ForEach(append => append.Done.TrySetException(failure));
                continue;
            }

            group.ForEach(append => append.Done.TrySetResult());
        }
    }

    private async Task WriteAsync(List<Append> group)
    {
        using var turn = await file.LockAsync(CancellationToken.None);
        var end = file.Length;
        lock (_gate)
        {
            end = Compose(group, end);
        }

        if (_buffer.WrittenCount == 0)
        {
            return;
        }

        try
        {
            await file.WriteAsync(end, _buffer.WrittenMemory);
        }
        catch
        {
            // Half a group would be read as written. What the index has of it goes with it.
            file.Truncate(end);
            lock (_gate)
            {
                _index = null;
                _scan = null;
            }

            throw;
        }
    }

    /// <summary>Puts the group's lines into the buffer and returns the offset they go to.</summary>
    private long Compose(List<Append> group, long end)
    {
        _buffer.Clear();
        end = CheckHead(end);
        if (end == 0)
        {
            Write(new JournalLine { Type = JournalLineType.Journal, Version = JournalLine.FormatVersion, At = time.GetUtcNow() });
        }
        else if (LastByte(end) != '\n')
        {
            // Another process was cut off while it wrote: its rest must not run into our line.
            _buffer.Write("\n"u8);
        }

        if (group.Exists(append => append.Claims is not null))
        {
            CatchUp();
        }

        foreach (var append in group)
        {
            append.Taken = append.Claims is null ? [] : Taken(append.Claims);
            if (append.Taken.Count == 0)
            {
                var offset = end + _buffer.WrittenCount;
                Write(append.Line);
                if (append.Claims is not null)
                {
                    // Seen by the other claims of this very group; read again, harmlessly, when the file is.
                    _index!.Apply(offset, append.Line);
                }
            }
        }

        return end;
    }

    private List<int> Taken(IReadOnlyList<JournalRow> rows)
    {
        var taken = new List<int>();
        for (var i = 0; i < rows.Count; i++)
        {
            if (_index!.Find(rows[i].Key) is { } match && match.IntentId != rows[i].Supersedes)
            {
                taken.Add(i);
            }
        }

        return taken;
    }

    /// <summary>Refuses a file that is no journal of ours, and returns the length to go on from.</summary>
    private long CheckHead(long end)
    {
        if (_checked || end == 0)
        {
            _checked = true;
            return end;
        }

        var scan = new JournalScan(file);
        using (var lines = scan.Read().GetEnumerator())
        {
            if (!lines.MoveNext())
            {
                // No whole line: the making of this file was cut off, or it is somebody else's.
                Span<byte> head = stackalloc byte[64];
                head = head[..file.Read(0, head)];
                ReadOnlySpan<byte> ours = "{\"type\":\"Journal\",\"version\":"u8;
                var common = Math.Min(head.Length, ours.Length);
                if (!head[..common].SequenceEqual(ours[..common]))
                {
                    throw JournalFailures.NotAJournal(file.Name);
                }

                file.Truncate(0);
                end = 0;
            }
        }

        _checked = true;
        return end;
    }

    private void CatchUp()
    {
        try
        {
            _index ??= new JournalIndex(account);
            _scan ??= new JournalScan(file);
            foreach (var (offset, line) in _scan.Read())
            {
                _index.Apply(offset, line);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw JournalFailures.NotReadable(file.Name, e);
        }
    }

    private byte LastByte(long end)
    {
        Span<byte> last = stackalloc byte[1];
        return file.Read(end - 1, last) == 1 ? last[0] : (byte)0;
    }

    private void Write(JournalLine line)
    {
        using (var writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JournalFormat.Readable.Options.Encoder }))
        {
            JsonSerializer.Serialize(writer, line, JournalFormat.Readable.JournalLine);
        }

        _buffer.Write("\n"u8);
    }

    private sealed record Append(JournalLine Line, IReadOnlyList<JournalRow>? Claims = null)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<int> Taken { get; set; } = [];
    }
}
