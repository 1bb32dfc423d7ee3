using System.Buffers;
using System.Text.Json;

namespace Seedance.Journal.FileStore;

/// <summary>
/// Reads journal lines in order. A line that a crash cut off is passed over: what it was to record had not happened, or
/// is unknown either way. A line that no crash explains means that the file is not to be trusted.
/// </summary>
internal sealed class JournalFileReader(string name)
{
    private const int BlockSize = 256 * 1024;

    // Some twenty rows: what one line is likely to need.
    private const int LineSize = 8 * 1024;

    private readonly JournalLineReader _reader = new();
    private long _line;

    /// <summary>The offset behind the last whole line that was read.</summary>
    public long Position { get; private set; }

    /// <summary>How many lines there are before it.</summary>
    public long Lines { get; private set; }

    /// <summary>How many lines were cut off.</summary>
    public int TornLines { get; private set; }

    /// <summary>The lines from <see cref="Position"/> on, each with its offset. A last line without its end stays for next time.</summary>
    /// <param name="file">The file as it is open now.</param>
    /// <param name="wanted">Looks at a line's bytes before it is parsed; null takes every line.</param>
    /// <param name="blockSize">How many bytes are read at once.</param>
    public IEnumerable<(long Offset, JournalLine Line)> Read(IJournalView file, Func<ReadOnlyMemory<byte>, bool>? wanted = null, int blockSize = BlockSize)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(blockSize);
        try
        {
            var filled = 0;
            while (true)
            {
                if (filled == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, filled).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                var read = file.Read(Position + filled, buffer.AsSpan(filled));
                filled += read;
                var start = 0;
                for (int end; (end = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n')) >= 0; start += end + 1)
                {
                    var offset = Position + start;
                    _line++;
                    var bytes = WithoutMark(buffer.AsMemory(start, end));
                    if ((_line == 1 || wanted is null || wanted(bytes)) && Parse(bytes.Span) is { } line)
                    {
                        yield return (offset, line);
                    }
                }

                Position += start;
                Lines = _line;
                filled -= start;
                buffer.AsSpan(start, filled).CopyTo(buffer);
                if (read == 0)
                {
                    if (_line == 0 && filled > 0)
                    {
                        RequireBeginning(WithoutMark(buffer.AsMemory(0, filled)).Span);
                    }

                    yield break;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Passes over lines that are known.</summary>
    public void Skip(long length, long lines) => (Position, Lines, _line) = (Position + length, _line + lines, _line + lines);

    /// <summary>The line at an offset that an earlier scan gave.</summary>
    public static JournalLine? ReadAt(IJournalView file, string name, long offset)
    {
        var reader = new JournalFileReader(name) { Position = offset, _line = 1 };
        foreach (var (_, line) in reader.Read(file, blockSize: LineSize))
        {
            return line;
        }

        return null;
    }

    // An editor may have saved the file with a byte order mark.
    private ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> bytes) =>
        _line <= 1 && bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;

    private JournalLine? Parse(ReadOnlySpan<byte> bytes)
    {
        JournalLine? line;
        try
        {
            line = bytes.IsEmpty ? null : _reader.Read(bytes);
        }
        catch (JsonException e)
        {
            if (_line > 1 && IsTorn(bytes))
            {
                TornLines++;
                return null;
            }

            throw _line == 1 ? JournalErrors.NotAJournal(name) : JournalErrors.Damaged(name, _line, e);
        }

        if (_line == 1)
        {
            RequireHeader(line);
        }

        return line;
    }

    // No whole line: the making of this file was cut off, or it is somebody else's.
    private void RequireBeginning(ReadOnlySpan<byte> bytes)
    {
        var ours = "{\"type\":\"Journal\",\"version\":"u8;
        var common = Math.Min(bytes.Length, ours.Length);
        if (!bytes[..common].SequenceEqual(ours[..common]))
        {
            throw JournalErrors.NotAJournal(name);
        }
    }

    private void RequireHeader(JournalLine? line)
    {
        if (line is not { Type: JournalLineType.Journal, Version: { } version })
        {
            throw JournalErrors.NotAJournal(name);
        }

        if (version is < 1 or > JournalLine.FormatVersion)
        {
            throw JournalErrors.OtherVersion(name, version);
        }
    }

    /// <summary>True for the beginning of a line whose rest never reached the disk: JSON without its end, or zeros.</summary>
    private static bool IsTorn(ReadOnlySpan<byte> bytes)
    {
        var written = bytes.TrimEnd((byte)0);
        try
        {
            var reader = new Utf8JsonReader(written, isFinalBlock: false, state: default);
            while (reader.Read())
            {
            }

            // A whole object was not cut off: whatever is wrong with it is no crash's doing.
            var isWhole = reader is { TokenType: JsonTokenType.EndObject, CurrentDepth: 0 };
            return written.Length < bytes.Length || written.IsEmpty || (written[0] == '{' && !isWhole);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
