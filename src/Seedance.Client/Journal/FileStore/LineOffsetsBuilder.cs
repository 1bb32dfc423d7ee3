namespace Seedance.Journal.FileStore;

/// <summary>Makes the table of a journal's lines, piece by piece, so that it takes no more memory when the journal has grown for years.</summary>
internal sealed class LineOffsetsBuilder(IJournalFile file, IJournalView journal)
{
    // Some 700,000 rows.
    private const long PieceSize = 256 * 1024 * 1024;

    private readonly List<(ulong Key, long Offset)> _entries = [];
    private readonly Dictionary<string, long> _open = new(StringComparer.Ordinal);
    private readonly List<long> _standing = [];
    private readonly HashSet<(string? Account, string Id, string Name)> _taught = [];
    private readonly Dictionary<string, Sent> _sent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Sent> _tasks = new(StringComparer.Ordinal);

    /// <summary>The key of each thing that a line tells of.</summary>
    public static IEnumerable<ulong> Keys(JournalLine line)
    {
        if (line.Type == JournalLineType.Intent)
        {
            foreach (var row in line.Rows ?? [])
            {
                yield return LineOffsets.KeyOf(row.ContentHash());
            }
        }
        else if (line is { Type: JournalLineType.Upload, Hash: { } hash })
        {
            yield return LineOffsets.KeyOf(hash);
        }

        foreach (var key in Links(line))
        {
            yield return key;
        }
    }

    /// <summary>The keys by which the lines of one request and its tasks hang together.</summary>
    public static IEnumerable<ulong> Links(JournalLine line)
    {
        if (line is { Type: JournalLineType.Intent or JournalLineType.Outcome or JournalLineType.Settled, Intent: { } intent })
        {
            yield return LineOffsets.KeyOf(intent);
        }

        if (line is { Type: JournalLineType.Outcome or JournalLineType.Settled or JournalLineType.Final, Task: { } task })
        {
            yield return LineOffsets.KeyOf(task);
        }
    }

    /// <summary>Opens the table beside a journal, made longer first if much of the journal lies behind it; null where there is none and none can be made.</summary>
    /// <param name="file">The journal's place.</param>
    /// <param name="journal">Its content.</param>
    /// <param name="step">How many bytes behind the table are read whole.</param>
    public static LineOffsets? Open(IJournalFile file, IJournalView journal, long step)
    {
        var offsets = LineOffsets.TryOpen(file, journal);
        if (journal.Length - (offsets?.Position ?? 0) < step)
        {
            return offsets;
        }

        try
        {
            return new LineOffsetsBuilder(file, journal).TryExtend(offsets) ? LineOffsets.TryOpen(file, journal) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing can be written beside the journal: more of it is read instead.
            return LineOffsets.TryOpen(file, journal);
        }
    }

    /// <summary>Covers the journal to its end. False if lines of the first format are in it, whose account only the whole file tells.</summary>
    /// <param name="older">The table of the beginning; null if there is none. It is disposed.</param>
    private bool TryExtend(LineOffsets? older)
    {
        var from = older?.Position ?? 0;
        var reader = new JournalFileReader(file.Name);
        try
        {
            if (older is not null)
            {
                reader.Skip(older.Position, older.Lines);
            }

            Begin(older);
            foreach (var (offset, line) in reader.Read(journal))
            {
                if (reader.Position - from >= PieceSize)
                {
                    older = Flush(reader, older);
                    from = reader.Position;
                    Begin(older);
                }

                if (line.Account is not null && AccountLedger.IsLegacy(line.Account))
                {
                    return false;
                }

                Add(offset, line);
            }

            older = Flush(reader, older);
            return older is not null;
        }
        finally
        {
            older?.Dispose();
        }
    }

    private LineOffsets? Flush(JournalFileReader reader, LineOffsets? older)
    {
        using (older)
        {
            LineOffsets.Write(file, journal, new(reader.Position, reader.Lines, [.. _standing], [.. _open.Values.Order()]), older, _entries);
        }

        return LineOffsets.TryOpen(file, journal) ?? throw new IOException("What was written cannot be read.");
    }

    private void Begin(LineOffsets? older)
    {
        _entries.Clear();
        _open.Clear();
        _standing.Clear();
        _taught.Clear();
        _sent.Clear();
        _tasks.Clear();
        if (older is not null)
        {
            _standing.AddRange(older.Standing);
            foreach (var offset in older.Open)
            {
                if (JournalFileReader.ReadAt(journal, file.Name, offset)?.Intent is { } intent)
                {
                    _open[intent] = offset;
                }
            }
        }
    }

    private void Add(long offset, JournalLine line)
    {
        _entries.AddRange(Keys(line).Select(key => (key, offset)));
        switch (line.Type)
        {
            case JournalLineType.Account or JournalLineType.Run or JournalLineType.Changes:
                _standing.Add(offset);
                break;
            case JournalLineType.Intent when line.Intent is not null:
                _open.TryAdd(line.Intent, offset);
                _sent[line.Intent] = new Sent(line.Account, line.Group);
                Learn(_sent[line.Intent], offset, line);
                break;
            case JournalLineType.Outcome or JournalLineType.Settled when line.Intent is not null:
                if ((line.State ?? JournalState.Unknown) == JournalState.Unknown)
                {
                    _open.TryAdd(line.Intent, offset);
                }
                else
                {
                    _open.Remove(line.Intent);
                }

                if (line.Task is not null && _sent.TryGetValue(line.Intent, out var sent))
                {
                    _tasks[line.Task] = sent;
                }

                Learn(_sent.GetValueOrDefault(line.Intent), offset, line);
                break;
            case JournalLineType.Final when line.Task is not null:
                Learn(_tasks.GetValueOrDefault(line.Task), offset, line);
                break;
            default:
                break;
        }
    }

    // One line of each name that a group's id is known by will do. What was sent before this piece may teach one too.
    private void Learn(Sent? sent, long offset, JournalLine line)
    {
        if (line.GroupId is null)
        {
            return;
        }

        if (sent is null)
        {
            _standing.Add(offset);
        }
        else if (sent.Group is { Name: { } name, IsRealPerson: false } && _taught.Add((sent.Account, line.GroupId, name)))
        {
            _standing.Add(offset);
        }
    }

    private sealed record Sent(string? Account, AvatarGroup? Group);
}
