namespace Seedance.Journal.FileStore;

/// <summary>A journal that lasts as long as its connection: for rehearsals.</summary>
internal sealed class MemoryJournalFile : IJournalFile, IJournalLock
{
    private readonly MemoryStream _bytes = new();
    private readonly HashSet<string> _runs = new(StringComparer.Ordinal);

    public string Name => "the journal of this sandbox";

    public long Length
    {
        get
        {
            lock (_bytes)
            {
                return _bytes.Length;
            }
        }
    }

    public bool IsCurrent => true;

    public IJournalView? Open() => Length == 0 ? null : this;

    // One connection, one journal: nobody to keep out.
    public ValueTask<IJournalLock> LockAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IJournalLock>(this);

    public int Read(long offset, Span<byte> buffer)
    {
        lock (_bytes)
        {
            _bytes.Position = Math.Min(offset, _bytes.Length);
            return _bytes.Read(buffer);
        }
    }

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes)
    {
        lock (_bytes)
        {
            _bytes.Position = offset;
            _bytes.Write(bytes.Span);
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask ReplaceAsync(Func<Stream, ValueTask> write)
    {
        using var content = new MemoryStream();
        await write(content);
        lock (_bytes)
        {
            _bytes.SetLength(0);
            content.WriteTo(_bytes);
        }
    }

    public void Truncate(long length)
    {
        lock (_bytes)
        {
            _bytes.SetLength(length);
        }
    }

    public (IDisposable Hold, string Place) HoldRun(string runId)
    {
        lock (_runs)
        {
            _runs.Add(runId);
        }

        return (new RunHold(this, runId), runId);
    }

    public bool IsRunHeld(string place)
    {
        lock (_runs)
        {
            return _runs.Contains(place);
        }
    }

    public void Dispose()
    {
    }

    private sealed class RunHold(MemoryJournalFile file, string runId) : IDisposable
    {
        public void Dispose()
        {
            lock (file._runs)
            {
                file._runs.Remove(runId);
            }
        }
    }
}
