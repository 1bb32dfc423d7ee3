using System.Buffers;

namespace Seedance.Journal.FileStore;

/// <summary>
/// Appends lines to the journal. Those that come while a flush is under way share the next one. All processes that write
/// the file take turns, and claims are decided while it is this one's turn.
/// </summary>
internal sealed class JournalWriter(IJournalFile file, JournalReader reader, JournalAccount account, TimeProvider time)
{
    private readonly object _gate = new();
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly List<(long Offset, JournalLine Line)> _lines = [];
    private List<Append> _waiting = [];
    private TaskCompletionSource _written = new();
    private bool _isWriting;

    /// <summary>
    /// Appends a line, and returns once it is durable. With <paramref name="claims"/>, rows that others have taken are
    /// returned instead, and nothing is written; so it is with a request that is settled and was so before.
    /// </summary>
    public Task<IReadOnlyList<int>> AppendAsync(JournalLine line, IReadOnlyList<JournalRow>? claims = null)
    {
        var append = new Append(line, claims);
        lock (_gate)
        {
            _waiting.Add(append);
            if (_isWriting)
            {
                return append.Done.Task;
            }

            (_isWriting, _written) = (true, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        _ = WriteWaitingAsync();
        return append.Done.Task;
    }

    /// <summary>Waits for what is being written.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
        {
            return _isWriting ? _written.Task : Task.CompletedTask;
        }
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
                    _isWriting = false;
                    _written.SetResult();
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
                var failure = e as SeedanceException ?? JournalErrors.NotWritable(file.Name, e);
                group.ForEach(append => append.Done.TrySetException(failure));
                continue;
            }

            group.ForEach(append => append.Complete());
        }
    }

    private async Task WriteAsync(List<Append> group)
    {
        using var journal = await file.LockAsync(CancellationToken.None);
        var end = Compose(group, journal);
        if (_buffer.WrittenCount == 0)
        {
            return;
        }

        try
        {
            await journal.WriteAsync(end, _buffer.WrittenMemory);
        }
        catch
        {
            // Half a group would be read as written.
            journal.Truncate(end);
            reader.Invalidate();
            throw;
        }

        if (!journal.IsCurrent)
        {
            reader.Invalidate();
            throw JournalErrors.Replaced(file.Name);
        }

        reader.Advance(journal, end, _buffer.WrittenCount, _lines);
    }

    /// <summary>Puts the group's lines into the buffer and returns the offset they go to.</summary>
    private long Compose(List<Append> group, IJournalLock journal)
    {
        _buffer.Clear();
        _lines.Clear();
        reader.CatchUp(journal);
        var end = EndOf(journal);
        if (end == 0)
        {
            Put(new JournalLine { Type = JournalLineType.Journal, Version = JournalLine.FormatVersion, At = time.GetUtcNow() }, end);
        }
        else if (LastByte(journal, end) != '\n')
        {
            // Another process was cut off while it wrote: its rest must not run into our line.
            _buffer.Write("\n"u8);
        }

        foreach (var append in group)
        {
            if (append.Line.Type is JournalLineType.Intent or JournalLineType.Run)
            {
                if (reader.Objection() is { } objection)
                {
                    append.Failure = JournalErrors.AccountUnclear(file.Name, account, objection);
                    continue;
                }

                if (reader.Introduction(time.GetUtcNow()) is { } introduction)
                {
                    Put(introduction, end);
                }
            }

            append.Taken = append.Claims is not null ? reader.Taken(append.Claims)
                : append.Line is { Type: JournalLineType.Settled, Intent: { } settled } && !reader.IsOpen(settled) ? [0] : [];
            if (append.Taken.Count == 0)
            {
                reader.MarkSuperseding(append.Line, append.Claims);
                Put(append.Line, end);
            }
        }

        return end;
    }

    private void Put(JournalLine line, long end)
    {
        var offset = end + _buffer.WrittenCount;
        JournalLineWriter.Write(_buffer, line);
        _lines.Add((offset, line));
        if (line.Type is JournalLineType.Intent or JournalLineType.Account or JournalLineType.Run or JournalLineType.Settled)
        {
            reader.Anticipate(offset, line);
        }
    }

    // The first line is checked as it is read. Where there is none, the making of this file was cut off.
    private long EndOf(IJournalLock journal)
    {
        if (journal.Length > 0 && !reader.HasReadAny)
        {
            journal.Truncate(0);
        }

        return journal.Length;
    }

    private static byte LastByte(IJournalView journal, long end)
    {
        Span<byte> last = stackalloc byte[1];
        return journal.Read(end - 1, last) == 1 ? last[0] : (byte)0;
    }

    private sealed record Append(JournalLine Line, IReadOnlyList<JournalRow>? Claims)
    {
        public TaskCompletionSource<IReadOnlyList<int>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<int> Taken { get; set; } = [];

        public SeedanceException? Failure { get; set; }

        public void Complete()
        {
            if (Failure is null)
            {
                Done.TrySetResult(Taken);
            }
            else
            {
                Done.TrySetException(Failure);
            }
        }
    }
}
