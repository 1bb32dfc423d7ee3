using System.Buffers;

namespace Seedance.Journal.FileStore;

/// <summary>
/// Appends lines to the journal. Those that come while a flush is under way share the next one. All processes that write
/// the file take turns, and claims are decided while it is this one's turn.
/// </summary>
internal sealed class JournalWriter(IJournalFile file, JournalReader reader, TimeProvider time)
{
    private readonly object _gate = new();
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private List<Append> _waiting = [];
    private Task _writing = Task.CompletedTask;
    private bool _checked;

    /// <summary>
    /// Appends a line, and returns once it is durable. With <paramref name="claims"/>, rows that others have taken are
    /// returned instead, and nothing is written.
    /// </summary>
    public Task<IReadOnlyList<int>> AppendAsync(JournalLine line, IReadOnlyList<JournalRow>? claims = null)
    {
        var append = new Append(line, claims);
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

    /// <summary>Waits for what is being written.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
        {
            return _writing;
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
                var failure = e as SeedanceException ?? JournalErrors.NotWritable(file.Name, e);
                group.ForEach(append => append.Done.TrySetException(failure));
                continue;
            }

            group.ForEach(append => append.Done.TrySetResult(append.Taken));
        }
    }

    private async Task WriteAsync(List<Append> group)
    {
        using var turn = await file.LockAsync(CancellationToken.None);
        var end = Compose(group, file.Length);
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
            // Half a group would be read as written.
            file.Truncate(end);
            reader.Forget();
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
            JournalLineWriter.Write(_buffer, new JournalLine { Type = JournalLineType.Journal, Version = JournalLine.FormatVersion, At = time.GetUtcNow() });
        }
        else if (LastByte(end) != '\n')
        {
            // Another process was cut off while it wrote: its rest must not run into our line.
            _buffer.Write("\n"u8);
        }

        foreach (var append in group)
        {
            append.Taken = append.Claims is null ? [] : reader.Taken(append.Claims);
            if (append.Taken.Count == 0)
            {
                var offset = end + _buffer.WrittenCount;
                JournalLineWriter.Write(_buffer, append.Line);
                if (append.Claims is not null)
                {
                    reader.Anticipate(offset, append.Line);
                }
            }
        }

        return end;
    }

    /// <summary>Refuses a file that is no journal of ours, and returns the length to go on from.</summary>
    private long CheckHead(long end)
    {
        // The first line is checked as it is read. Where there is none, the making of this file was cut off.
        if (!_checked && end > 0 && !new JournalFileReader(file).Read().Any())
        {
            file.Truncate(0);
            end = 0;
        }

        _checked = true;
        return end;
    }

    private byte LastByte(long end)
    {
        Span<byte> last = stackalloc byte[1];
        return file.Read(end - 1, last) == 1 ? last[0] : (byte)0;
    }

    private sealed record Append(JournalLine Line, IReadOnlyList<JournalRow>? Claims)
    {
        public TaskCompletionSource<IReadOnlyList<int>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<int> Taken { get; set; } = [];
    }
}
