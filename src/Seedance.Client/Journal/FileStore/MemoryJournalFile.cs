namespace Seedance.Journal.FileStore;

/// <summary>A journal that lasts as long as its connection: for rehearsals.</summary>
internal sealed class MemoryJournalFile : IJournalFile, IDisposable
{
    private readonly MemoryStream _bytes = new();

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

    // One connection, one journal: nobody to keep out.
    public ValueTask<IDisposable> LockAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IDisposable>(this);

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

    public void Truncate(long length)
    {
        lock (_bytes)
        {
            _bytes.SetLength(length);
        }
    }

    public void Dispose()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
