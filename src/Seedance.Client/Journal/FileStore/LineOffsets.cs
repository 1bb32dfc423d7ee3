using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Seedance.Journal.FileStore;

/// <summary>
/// Where in a long journal its rows, requests, tasks and uploads are told of: a sorted table of keys and offsets in a
/// file beside the journal, which is read at the places that are asked for. It holds no outcome, only where to read it,
/// covers the journal's beginning up to <see cref="Position"/>, and can be made anew at any time.
/// </summary>
internal sealed class LineOffsets : IDisposable
{
    private const int EntrySize = 16;
    private const int BlockLength = 256;
    private const int SampleCount = 64;
    private const int SampleSize = 64;

    private readonly IJournalView _table;
    private readonly long _start;
    private readonly long _count;

    // The first key of each block: what is read of the file for a look-up is one block.
    private readonly ulong[] _fences;

    private LineOffsets(IJournalView table, Head head, long start, long count, ulong[] fences)
    {
        (_table, _start, _count, _fences) = (table, start, count, fences);
        (Position, Lines, Standing, Open) = (head.Position, head.Lines, head.Standing, head.Open);
    }

    private static ReadOnlySpan<byte> Magic => "SEEDANCE OFFSETS 1\n"u8;

    /// <summary>Gets how much of the journal the table covers.</summary>
    public long Position { get; }

    /// <summary>Gets how many lines that is.</summary>
    public long Lines { get; }

    /// <summary>Gets the lines that every session needs: accounts, runs, changes, and one for each name of a group.</summary>
    public IReadOnlyList<long> Standing { get; }

    /// <summary>Gets a line of each request without a certain outcome.</summary>
    public IReadOnlyList<long> Open { get; }

    /// <summary>The key of a row.</summary>
    public static ulong KeyOf(UInt128 contentHash) => (ulong)contentHash;

    /// <summary>The key of a request, a task or an upload. Keys that happen to be equal cost a line read in vain.</summary>
    public static ulong KeyOf(string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    /// <summary>Opens the table beside a journal; null if there is none, or it is damaged, or made of another file.</summary>
    public static LineOffsets? TryOpen(IJournalFile file, IJournalView journal)
    {
        var table = file.OpenOffsets();
        if (table is null)
        {
            return null;
        }

        try
        {
            if (Read(table, journal) is { } offsets)
            {
                (table, _) = (null, table);
                return offsets;
            }
        }
        catch (Exception e) when (e is IOException or ArgumentException or OverflowException)
        {
            // It tells nothing that the journal does not.
        }
        finally
        {
            table?.Dispose();
        }

        return null;
    }

    /// <summary>The offsets of the lines that tell of a key, in the order of the file.</summary>
    public IReadOnlyList<long> Find(ulong key)
    {
        var at = Array.BinarySearch(_fences, key);
        var block = at >= 0 ? at : ~at - 1;
        while (block > 0 && _fences[block] == key)
        {
            block--;
        }

        List<long>? found = null;
        Span<byte> bytes = stackalloc byte[BlockLength * EntrySize];
        for (block = Math.Max(block, 0); block < _fences.Length && _fences[block] <= key; block++)
        {
            var entries = bytes[..(int)(Math.Min(BlockLength, _count - (block * (long)BlockLength)) * EntrySize)];
            Fill(_table, _start + (block * (long)BlockLength * EntrySize), entries);
            for (; entries.Length > 0; entries = entries[EntrySize..])
            {
                var (entry, offset) = ReadEntry(entries);
                if (entry == key)
                {
                    (found ??= []).Add(offset);
                }
                else if (entry > key)
                {
                    break;
                }
            }
        }

        return found ?? (IReadOnlyList<long>)[];
    }

    /// <summary>Writes the table of a journal's beginning: what an older one told, and what is new.</summary>
    /// <param name="file">The journal whose table is replaced.</param>
    /// <param name="journal">Its content.</param>
    /// <param name="head">What the table tells beside its entries.</param>
    /// <param name="older">The table of a shorter beginning; null if there was none.</param>
    /// <param name="added">The entries of the lines behind that. They are sorted in place.</param>
    public static void Write(IJournalFile file, IJournalView journal, Head head, LineOffsets? older, List<(ulong Key, long Offset)> added)
    {
        added.Sort();
        file.ReplaceOffsets(stream =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using var buffer = new MemoryStream();
            using var writer = new BinaryWriter(buffer);
            stream.Write(Magic);
            stream.Write(new byte[SHA256.HashSizeInBytes]);

            writer.Write(head.Position);
            writer.Write(head.Lines);
            writer.Write(Samples(journal, head.Position));
            WriteList(head.Standing);
            WriteList(head.Open);
            writer.Write((older?._count ?? 0) + added.Count);

            foreach (var (key, offset) in Merge(older?.Entries() ?? [], added))
            {
                writer.Write(key);
                writer.Write(offset);
                if (buffer.Length >= 256 * 1024)
                {
                    Flush();
                }
            }

            Flush();
            stream.Position = Magic.Length;
            stream.Write(hash.GetHashAndReset());

            void WriteList(IReadOnlyList<long> offsets)
            {
                writer.Write(offsets.Count);
                foreach (var offset in offsets)
                {
                    writer.Write(offset);
                }
            }

            void Flush()
            {
                var bytes = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
                hash.AppendData(bytes);
                stream.Write(bytes);
                buffer.SetLength(0);
            }
        });
    }

    public void Dispose() => _table.Dispose();

    private static LineOffsets? Read(IJournalView table, IJournalView journal)
    {
        var cursor = new HashingCursor(table);
        Span<byte> magic = stackalloc byte[Magic.Length];
        cursor.ReadExactly(magic);
        if (!magic.SequenceEqual(Magic))
        {
            return null;
        }

        var hash = new byte[SHA256.HashSizeInBytes];
        cursor.ReadExactly(hash);
        cursor.BeginHash();
        var (position, lines) = (cursor.ReadInt64(), cursor.ReadInt64());
        var samples = new byte[SampleCount * SampleSize];
        cursor.ReadExactly(samples);
        if (position < SampleSize || position > journal.Length || !samples.AsSpan().SequenceEqual(Samples(journal, position)))
        {
            return null;
        }

        var head = new Head(position, lines, cursor.ReadList(), cursor.ReadList());
        var count = cursor.ReadInt64();
        var start = cursor.Position;
        if (table.Length != checked(start + (count * EntrySize)))
        {
            return null;
        }

        var fences = new ulong[(count + BlockLength - 1) / BlockLength];
        var block = new byte[BlockLength * EntrySize];
        for (var i = 0; i < fences.Length; i++)
        {
            var entries = block.AsSpan(0, (int)(Math.Min(BlockLength, count - (i * (long)BlockLength)) * EntrySize));
            cursor.ReadExactly(entries);
            fences[i] = ReadEntry(entries).Key;
        }

        return cursor.EndHash().AsSpan().SequenceEqual(hash) ? new LineOffsets(table, head, start, count, fences) : null;
    }

    private static byte[] Samples(IJournalView journal, long position)
    {
        var samples = new byte[SampleCount * SampleSize];
        for (var i = 0; i < SampleCount; i++)
        {
            Fill(journal, (position - SampleSize) / (SampleCount - 1) * i, samples.AsSpan(i * SampleSize, SampleSize));
        }

        // The very end, whatever the division left over: it is the last that was written.
        Fill(journal, position - SampleSize, samples.AsSpan(samples.Length - SampleSize));
        return samples;
    }

    private IEnumerable<(ulong Key, long Offset)> Entries()
    {
        var cursor = new HashingCursor(_table, _start);
        var entry = new byte[EntrySize];
        for (var i = 0L; i < _count; i++)
        {
            cursor.ReadExactly(entry);
            yield return ReadEntry(entry);
        }
    }

    // Both are sorted, and what was added lies behind in the journal: of one key, the older offsets come first.
    private static IEnumerable<(ulong Key, long Offset)> Merge(IEnumerable<(ulong Key, long Offset)> older, List<(ulong Key, long Offset)> added)
    {
        var next = 0;
        foreach (var entry in older)
        {
            for (; next < added.Count && added[next].Key < entry.Key; next++)
            {
                yield return added[next];
            }

            yield return entry;
        }

        for (; next < added.Count; next++)
        {
            yield return added[next];
        }
    }

    private static (ulong Key, long Offset) ReadEntry(ReadOnlySpan<byte> bytes) =>
        (BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes[sizeof(ulong)..]));

    private static void Fill(IJournalView view, long offset, Span<byte> bytes)
    {
        if (view.Read(offset, bytes) < bytes.Length)
        {
            throw new EndOfStreamException();
        }
    }

    /// <summary>What a table tells beside its entries.</summary>
    internal sealed record Head(long Position, long Lines, IReadOnlyList<long> Standing, IReadOnlyList<long> Open);
}
