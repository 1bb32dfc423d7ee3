using System.Text;

namespace Seedance.Client.Tests;

/// <summary>A journal file in memory that counts its writes and can be slow, full, or cut off.</summary>
internal sealed class FakeJournalFile(string content = "") : IJournalFile, IJournalLock
{
    private readonly HashSet<string> _runs = [];
    private readonly MemoryStream _bytes = Begin(content);

    public string Name => "/journals/journal.jsonl";

    public int Writes { get; private set; }

    /// <summary>How many bytes were read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>What every write waits for.</summary>
    public Func<Task> Wait { get; set; } = () => Task.CompletedTask;

    /// <summary>Writes that fail: after how many bytes, or -1 for none.</summary>
    public int FullAfter { get; set; } = -1;

    public long Length => _bytes.Length;

    public string Text => Encoding.UTF8.GetString(_bytes.ToArray());

    /// <summary>The whole lines.</summary>
    public string[] Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public bool IsCurrent => true;

    public IJournalView? Open() => this;

    public ValueTask<IJournalLock> LockAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IJournalLock>(this);

    public (IDisposable Hold, string Place) HoldRun(string runId)
    {
        _runs.Add(runId);
        return (new RunHold(() => _runs.Remove(runId)), runId);
    }

    public bool IsRunHeld(string place) => _runs.Contains(place);

    /// <summary>The processes that held runs are gone.</summary>
    public void ReleaseRuns() => _runs.Clear();

    public int Read(long offset, Span<byte> buffer)
    {
        _bytes.Position = Math.Min(offset, _bytes.Length);
        var read = _bytes.Read(buffer);
        BytesRead += read;
        return read;
    }

    public async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes)
    {
        Writes++;
        var copy = bytes.ToArray();
        await Wait();
        _bytes.Position = offset;
        if (FullAfter >= 0)
        {
            _bytes.Write(copy.AsSpan(0, Math.Min(FullAfter, copy.Length)));
            throw new IOException("No space left on device");
        }

        _bytes.Write(copy);
    }

    public async ValueTask ReplaceAsync(Func<Stream, ValueTask> write)
    {
        using var content = new MemoryStream();
        await write(content);
        await Wait();
        _bytes.SetLength(0);
        content.WriteTo(_bytes);
    }

    public void Truncate(long length) => _bytes.SetLength(length);

    public void Dispose()
    {
    }

    private static MemoryStream Begin(string content)
    {
        var bytes = new MemoryStream();
        bytes.Write(Encoding.UTF8.GetBytes(content));
        return bytes;
    }

    private sealed class RunHold(Action release) : IDisposable
    {
        public void Dispose() => release();
    }
}
