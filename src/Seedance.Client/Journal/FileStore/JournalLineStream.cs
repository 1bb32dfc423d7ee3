using System.Buffers;

namespace Seedance.Journal.FileStore;

/// <summary>Writes the lines of a whole journal file, one after the other.</summary>
internal sealed class JournalLineStream(Stream stream)
{
    private const int BlockSize = 256 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(BlockSize);

    /// <summary>How many bytes the lines so far take.</summary>
    public long Length { get; private set; }

    /// <summary>Writes a line.</summary>
    public async ValueTask WriteAsync(JournalLine line, CancellationToken cancellationToken)
    {
        var before = _buffer.WrittenCount;
        JournalLineWriter.Write(_buffer, line);
        Length += _buffer.WrittenCount - before;
        if (_buffer.WrittenCount >= BlockSize)
        {
            await FlushAsync(cancellationToken);
        }
    }

    /// <summary>Hands over what is left.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_buffer.WrittenMemory, cancellationToken);
        _buffer.Clear();
    }
}
