using System.Buffers.Binary;
using Seedance.Sandbox.State;

namespace Seedance.Sandbox.Transfers;

/// <summary>The bytes of a file that is nowhere: each follows from the file's seed and its place, so any part can be read alone.</summary>
internal sealed class PatternStream(ulong seed, long start, long size) : Stream
{
    private readonly ulong _first = (ulong)start;
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => size;

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length, size - _read);
        var rest = buffer[..count];
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        while (!rest.IsEmpty)
        {
            var position = _first + (ulong)_read;
            var offset = (int)(position % sizeof(ulong));
            var value = Ids.Mix(seed + position / sizeof(ulong));
            var length = Math.Min(sizeof(ulong) - offset, rest.Length);
            if (length == sizeof(ulong))
            {
                BinaryPrimitives.WriteUInt64LittleEndian(rest, value);
            }
            else
            {
                BinaryPrimitives.WriteUInt64LittleEndian(word, value);
                word.Slice(offset, length).CopyTo(rest);
            }
            rest = rest[length..];
            _read += length;
        }
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    // The inherited reads would borrow a thread for what never waits.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<int>(cancellationToken)
            : ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
