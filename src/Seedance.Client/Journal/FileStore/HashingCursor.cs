using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Seedance.Journal.FileStore;

/// <summary>Reads on through a file in large blocks, and hashes what it reads.</summary>
internal sealed class HashingCursor(IJournalView view, long position = 0)
{
    private readonly byte[] _buffer = new byte[Math.Min(256 * 1024, view.Length)];
    private IncrementalHash? _hash;
    private int _filled;
    private int _used;

    public long Position { get; private set; } = position;

    public void BeginHash() => _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public byte[] EndHash()
    {
        using (_hash)
        {
            return _hash!.GetHashAndReset();
        }
    }

    public void ReadExactly(Span<byte> bytes)
    {
        Position += bytes.Length;
        while (bytes.Length > 0)
        {
            if (_used == _filled)
            {
                (_used, _filled) = (0, view.Read(Position - bytes.Length, _buffer));
                if (_filled == 0)
                {
                    throw new EndOfStreamException();
                }
            }

            var part = _buffer.AsSpan(_used, Math.Min(bytes.Length, _filled - _used));
            part.CopyTo(bytes);
            _hash?.AppendData(part);
            _used += part.Length;
            bytes = bytes[part.Length..];
        }
    }

    public long ReadInt64()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        ReadExactly(bytes);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    public long[] ReadList()
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        ReadExactly(bytes);
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (count < 0 || count > (view.Length - Position) / sizeof(long))
        {
            throw new EndOfStreamException();
        }

        var offsets = new long[count];
        for (var i = 0; i < count; i++)
        {
            offsets[i] = ReadInt64();
        }

        return offsets;
    }
}
