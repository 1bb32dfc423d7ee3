#pragma warning disable CA1001 // A memory stream holds nothing that waits to be freed.

namespace Seedance.Client.Tests.Simulation;

/// <summary>What becomes of the journal under a run.</summary>
internal enum JournalFate
{
    Moved,
    Copied,
    Truncated,
}

/// <summary>
/// The machine's disk with the one file on it. What is written is seen by every process at once, and survives a power
/// cut only once it has been flushed; of the rest, any beginning may survive.
/// </summary>
internal sealed class SimulatedDisk(Dice dice, ManualTimeProvider clock, Mutation mutation)
{
    private readonly Mutation _mutation = mutation;
    private MemoryStream _seen = new();
    private readonly Queue<(SimulatedProcess Process, Func<MemoryStream> File, TaskCompletionSource<IJournalLock> Turn)> _queue = new();
    private readonly List<(SimulatedProcess Process, MemoryStream File, long Offset, ReadOnlyMemory<byte> Bytes)> _writing = [];
    private readonly Dictionary<string, SimulatedProcess> _runs = [];
    private SimulatedProcess? _owner;
    private long _safe;
    private byte[]? _offsets;

    /// <summary>How often a write fails for want of room, 0 to 1.</summary>
    public double FaultRate { get; set; }

    public byte[] Content => _seen.ToArray();

    public IJournalFile OpenFor(SimulatedProcess process) => new Handle(this, process);

    /// <summary>The path names another file from now on: none, a copy, or the same one cut to nothing.</summary>
    public void Replace(JournalFate fate)
    {
        var content = _seen.ToArray();
        _seen = new MemoryStream();
        if (fate == JournalFate.Copied)
        {
            _seen.Write(content);
        }

        _safe = _seen.Length;
    }

    /// <summary>A process is gone: its lock is free, and of what it was writing any beginning may have been written.</summary>
    public void Discard(SimulatedProcess process)
    {
        foreach (var (_, file, offset, bytes) in _writing.Where(write => write.Process == process).ToList())
        {
            Put(file, offset, bytes[..dice.Between(0, bytes.Length)]);
        }
        _writing.RemoveAll(write => write.Process == process);
        if (_owner == process)
        {
            PassOn();
        }
    }

    /// <summary>The power goes off and on again. Call it after the processes have been killed.</summary>
    public void LosePower()
    {
        _safe += dice.Between(0, (int)(_seen.Length - _safe));
        _seen.SetLength(_safe);
        _offsets = _offsets is null || dice.Happens(0.5) ? _offsets : _offsets[..dice.Between(0, _offsets.Length)];
    }

    private static void Put(MemoryStream file, long offset, ReadOnlyMemory<byte> bytes)
    {
        file.Position = offset;
        file.Write(bytes.Span);
    }

    private async ValueTask WriteAsync(SimulatedProcess process, MemoryStream file, long offset, ReadOnlyMemory<byte> bytes)
    {
        // The caller may reuse its buffer: a copy is what the system call would have taken.
        var write = (process, file, offset, new ReadOnlyMemory<byte>(bytes.ToArray()));
        _writing.Add(write);
        await Task.Delay(dice.Milliseconds(0, 2), process.Clock);
        _writing.Remove(write);
        if (dice.Happens(FaultRate))
        {
            Put(file, offset, bytes[..dice.Between(0, bytes.Length - 1)]);
            throw new IOException("No space left on device");
        }

        Put(file, offset, bytes);
        if (file != _seen)
        {
            // Nobody will ever find it again.
            return;
        }

        if (_mutation == Mutation.DropFlush)
        {
            var reached = _seen.Length;
            clock.CreateTimer(_ => _safe = Math.Max(_safe, Math.Min(reached, _seen.Length)), null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
            return;
        }

        await Task.Delay(dice.Milliseconds(0, 10), process.Clock);
        _safe = _seen.Length;
    }

    private ValueTask<IJournalLock> LockAsync(SimulatedProcess process, Func<MemoryStream> file)
    {
        var turn = new TaskCompletionSource<IJournalLock>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Enqueue((process, file, turn));
        if (_owner is null)
        {
            PassOn();
        }
        return new ValueTask<IJournalLock>(turn.Task);
    }

    private void PassOn()
    {
        _owner = null;
        while (_owner is null && _queue.TryDequeue(out var next))
        {
            if (next.Process.IsAlive)
            {
                _owner = next.Process;
                next.Turn.SetResult(new Turn(this, next.Process, next.File(), isLock: true));
            }
        }
    }

    private sealed class Handle(SimulatedDisk disk, SimulatedProcess process) : IJournalFile
    {
        public string Name => "the simulated journal";

        // What a careless client holds open, whatever the path names by now.
        private MemoryStream? _pinned;

        public IJournalView? Open() => File.Length == 0 ? null : new Turn(disk, process, File);

        private MemoryStream File => disk._mutation == Mutation.PinFile ? _pinned ??= disk._seen : disk._seen;

        public ValueTask<IJournalLock> LockAsync(CancellationToken cancellationToken) =>
            disk._mutation == Mutation.NoLock ? ValueTask.FromResult<IJournalLock>(new Turn(disk, process, File)) : disk.LockAsync(process, () => File);

        public (IDisposable Hold, string Place) HoldRun(string runId)
        {
            disk._runs[runId] = process;
            return (new Hold(disk, runId), runId);
        }

        public bool IsRunHeld(string place) => disk._runs.TryGetValue(place, out var holder) && holder.IsAlive;

        public IJournalView? OpenOffsets() => disk._offsets is null ? null : new Turn(disk, process, new MemoryStream(disk._offsets));

        public void ReplaceOffsets(Action<Stream>? write)
        {
            var content = new MemoryStream();
            write?.Invoke(content);
            disk._offsets = write is null ? null : content.ToArray();
        }
    }

    private sealed class Hold(SimulatedDisk disk, string runId) : IDisposable
    {
        public void Dispose() => disk._runs.Remove(runId);
    }

    private sealed class Turn(SimulatedDisk disk, SimulatedProcess process, MemoryStream file, bool isLock = false) : IJournalLock
    {
        public bool IsCurrent => file == disk._seen || disk._mutation == Mutation.PinFile;

        public long Length => file.Length;

        public int Read(long offset, Span<byte> buffer)
        {
            file.Position = Math.Min(offset, file.Length);
            return file.Read(buffer);
        }

        public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes) => disk.WriteAsync(process, file, offset, bytes);

        public ValueTask ReplaceAsync(Func<Stream, ValueTask> write) => throw new NotSupportedException("No process of the simulation replaces the journal itself.");

        public void Truncate(long length)
        {
            file.SetLength(length);
            disk._safe = file == disk._seen ? Math.Min(disk._safe, length) : disk._safe;
        }

        public void Dispose()
        {
            if (isLock && disk._owner == process)
            {
                disk.PassOn();
            }
        }
    }
}
