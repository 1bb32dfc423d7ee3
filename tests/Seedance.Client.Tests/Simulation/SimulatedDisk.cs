#pragma warning disable CA1001 // A memory stream holds nothing that waits to be freed.

namespace Seedance.Client.Tests.Simulation;

/// <summary>
/// The machine's disk with the one file on it. What is written is seen by every process at once, and survives a power
/// cut only once it has been flushed; of the rest, any beginning may survive.
/// </summary>
internal sealed class SimulatedDisk(Dice dice, ManualTimeProvider clock, Mutation mutation)
{
    private readonly MemoryStream _seen = new();
    private readonly Queue<(SimulatedProcess Process, TaskCompletionSource<IJournalLock> Turn)> _queue = new();
    private readonly List<(SimulatedProcess Process, long Offset, ReadOnlyMemory<byte> Bytes)> _writing = [];
    private readonly Dictionary<string, SimulatedProcess> _runs = [];
    private SimulatedProcess? _owner;
    private long _safe;

    /// <summary>How often a write fails for want of room, 0 to 1.</summary>
    public double FaultRate { get; set; }

    public byte[] Content => _seen.ToArray();

    public IJournalFile OpenFor(SimulatedProcess process) => new Handle(this, process);

    /// <summary>A process is gone: its lock is free, and of what it was writing any beginning may have been written.</summary>
    public void Forget(SimulatedProcess process)
    {
        foreach (var (_, offset, bytes) in _writing.Where(write => write.Process == process).ToList())
        {
            Put(offset, bytes[..dice.Between(0, bytes.Length)]);
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
    }

    private void Put(long offset, ReadOnlyMemory<byte> bytes)
    {
        _seen.Position = offset;
        _seen.Write(bytes.Span);
    }

    private async ValueTask WriteAsync(SimulatedProcess process, long offset, ReadOnlyMemory<byte> bytes)
    {
        // The caller may reuse its buffer: a copy is what the system call would have taken.
        var write = (process, offset, new ReadOnlyMemory<byte>(bytes.ToArray()));
        _writing.Add(write);
        await Task.Delay(dice.Milliseconds(0, 2), process.Clock);
        _writing.Remove(write);
        if (dice.Happens(FaultRate))
        {
            Put(offset, bytes[..dice.Between(0, bytes.Length - 1)]);
            throw new IOException("No space left on device");
        }

        Put(offset, bytes);
        if (mutation == Mutation.DropFlush)
        {
            var reached = _seen.Length;
            clock.CreateTimer(_ => _safe = Math.Max(_safe, Math.Min(reached, _seen.Length)), null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
            return;
        }

        await Task.Delay(dice.Milliseconds(0, 10), process.Clock);
        _safe = _seen.Length;
    }

    private ValueTask<IJournalLock> LockAsync(SimulatedProcess process)
    {
        var turn = new TaskCompletionSource<IJournalLock>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Enqueue((process, turn));
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
                next.Turn.SetResult(new Turn(this, next.Process, isLock: true));
            }
        }
    }

    private sealed class Handle(SimulatedDisk disk, SimulatedProcess process) : IJournalFile
    {
        public string Name => "the simulated journal";

        public IJournalView? Open() => disk._seen.Length == 0 ? null : new Turn(disk, process);

        public ValueTask<IJournalLock> LockAsync(CancellationToken cancellationToken) => disk.LockAsync(process);

        public (IDisposable Hold, string Place) HoldRun(string runId)
        {
            disk._runs[runId] = process;
            return (new Hold(disk, runId), runId);
        }

        public bool IsRunHeld(string place) => disk._runs.TryGetValue(place, out var holder) && holder.IsAlive;
    }

    private sealed class Hold(SimulatedDisk disk, string runId) : IDisposable
    {
        public void Dispose() => disk._runs.Remove(runId);
    }

    private sealed class Turn(SimulatedDisk disk, SimulatedProcess process, bool isLock = false) : IJournalLock
    {
        public long Length => disk._seen.Length;

        public int Read(long offset, Span<byte> buffer)
        {
            disk._seen.Position = Math.Min(offset, disk._seen.Length);
            return disk._seen.Read(buffer);
        }

        public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes) => disk.WriteAsync(process, offset, bytes);

        public void Truncate(long length)
        {
            disk._seen.SetLength(length);
            disk._safe = Math.Min(disk._safe, length);
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
