namespace Seedance.Journal.FileStore;

/// <summary>
/// What the journal says by now, whoever wrote it: the index is brought up to the end of the file that the path names
/// before each answer. A file that does not go on where this session has read to is not the one that it knows.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="account">The account whose rows are asked for.</param>
/// <param name="offsetsStep">How many bytes are read whole; of what is longer, a table of offsets is made and only what is asked for is read.</param>
internal sealed class JournalReader(IJournalFile file, JournalAccount account, long offsetsStep = JournalReader.OffsetsStep) : IDisposable
{
    /// <summary>Some 200,000 rows: what is read in a third of a second.</summary>
    public const long OffsetsStep = 64 * 1024 * 1024;

    private readonly object _gate = new();
    private readonly HeldRuns _runs = new(file);
    private AccountLedger _ledger = new(account);
    private JournalIndex? _index;
    private JournalFileReader? _reader;
    private ReadMark _mark;
    private OlderLines? _older;
    private bool _hasGivenUpOffsets;
    private IJournalView? _view;

    /// <summary>What is recorded of each row; null for one that was never sent.</summary>
    public IReadOnlyList<JournalMatch?> Find(IReadOnlyList<JournalKey> keys) => Use((index, _) =>
    {
        _runs.Refresh();
        return keys.Select(key => Find(index, key)).ToArray();
    });

    /// <summary>Where the file ends as of now.</summary>
    public long GetPosition() => Use((_, view) => view?.Length ?? 0);

    /// <summary>The tasks with their rows and their end, as far as they are recorded; null for one that is not this account's.</summary>
    public IReadOnlyList<SeedanceTask?> FindTasks(IReadOnlyList<string> taskIds) => Use((index, view) => taskIds.Select(taskId =>
    {
        Load(LineOffsets.KeyOf(taskId));
        if (view is null || index.FindTask(taskId) is not var (intent, final, group, runName) || JournalFileReader.ReadAt(view, file.Name, intent) is not { } sent)
        {
            return null;
        }

        sent.RunName = runName;
        return index.Changes.Apply(JournalMapper.Restore(taskId, sent, group, final < 0 ? null : JournalFileReader.ReadAt(view, file.Name, final)));
    }).ToArray());

    /// <summary>The requests of which no certain outcome is recorded.</summary>
    public IReadOnlyList<JournalOpenRequest> ReadOpen() => Use((index, view) =>
    {
        _runs.Refresh();
        if (_older is not null)
        {
            Load(_older.Open);
        }

        return (view is null ? [] : index.Open()).Select(open =>
            JournalFileReader.ReadAt(view!, file.Name, open.Intent) is not { } sent ? null
                : new JournalOpenRequest(JournalMapper.Restore(sent, open.Group), sent.At ?? default) { IsUnderWay = open.IsUnderWay, RunName = open.RunName, Message = open.Message })
            .OfType<JournalOpenRequest>().ToArray();
    });

    /// <summary>The last upload of a picture; null if there is none.</summary>
    public JournalUpload? FindUpload(string contentHash) => Use((index, view) =>
    {
        Load(LineOffsets.KeyOf(contentHash));
        return view is not null && index.FindUpload(contentHash) is { } offset
            && JournalFileReader.ReadAt(view, file.Name, offset) is { Url: { } url, Expires: { } expiry } line
                ? new JournalUpload(contentHash, url, line.Path, expiry)
                : null;
    });

    /// <summary>Reads on in a file that is locked, for deciding claims and writing behind what is there.</summary>
    public void CatchUp(IJournalView view)
    {
        lock (_gate)
        {
            Read(view);
            _runs.Refresh();
        }
    }

    /// <summary>Gets whether the file has a whole line.</summary>
    public bool HasReadAny
    {
        get
        {
            lock (_gate)
            {
                return _reader is { Position: > 0 };
            }
        }
    }

    /// <summary>Returns the rows, by their places in the list, of which something else is recorded than the caller saw.</summary>
    public IReadOnlyList<int> Taken(IReadOnlyList<JournalRow> rows)
    {
        lock (_gate)
        {
            return [.. Enumerable.Range(0, rows.Count).Where(i => !rows[i].IsAsSeen(Find(_index!, rows[i].Key)))];
        }
    }

    /// <summary>Returns whether no certain outcome of a request is recorded.</summary>
    public bool IsOpen(string intentId)
    {
        lock (_gate)
        {
            Load(LineOffsets.KeyOf(intentId));
            return _index!.IsOpen(intentId);
        }
    }

    /// <summary>Why it is not clear that the account is the one whose history this is; null if it is.</summary>
    public string? Objection()
    {
        lock (_gate)
        {
            return _ledger.Objection();
        }
    }

    /// <summary>The line that makes the account's key and address known; null if they are.</summary>
    public JournalLine? Introduction(DateTimeOffset now)
    {
        lock (_gate)
        {
            return _ledger.Introduction(now);
        }
    }

    /// <summary>Marks a line that supersedes what is recorded: so it is found again without reading the rest.</summary>
    public void MarkSuperseding(JournalLine line, IReadOnlyList<JournalRow>? rows)
    {
        lock (_gate)
        {
            LoadLinked(line);
            foreach (var row in rows ?? [])
            {
                Load(row.Key);
            }

            _index!.MarkSuperseding(line, (rows ?? []).Select((row, i) => (row, i)).Where(one => one.row.Supersedes is not null).Select(one => (one.i, one.row.Key)));
        }
    }

    /// <summary>Takes in a line that is about to be written, so that whoever claims after it sees it. It is taken in again, harmlessly, once it is written.</summary>
    public void Anticipate(long offset, JournalLine line)
    {
        lock (_gate)
        {
            Apply(offset, line);
        }
    }

    /// <summary>Takes in the lines that were just written where the reader stands, so that they need not be read.</summary>
    public void Advance(IJournalView view, long offset, int length, IReadOnlyList<(long Offset, JournalLine Line)> lines)
    {
        lock (_gate)
        {
            // Behind what another process was cut off in, they are read with it.
            if (_index is null || _reader?.Position != offset || lines.Count == 0 || lines[0].Offset != offset)
            {
                return;
            }

            _view = view;
            foreach (var (at, line) in lines)
            {
                Apply(at, line);
            }

            _reader.Skip(length, lines.Count);
            _mark = new ReadMark(view, _reader.Position);
        }
    }

    /// <summary>Forgets what was anticipated and did not come to be: the index is made anew from the same file.</summary>
    public void Invalidate()
    {
        lock (_gate)
        {
            _index = null;
        }
    }

    /// <summary>Lets go of what lies beside the file. What is read afterwards is read anew.</summary>
    public void Dispose() => Forget();

    /// <summary>Forgets the file: another one is in its place by this session's own doing.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _older?.Dispose();
            (_index, _reader, _mark, _older) = (null, null, default, null);
        }
    }

    private T Use<T>(Func<JournalIndex, IJournalView?, T> use)
    {
        lock (_gate)
        {
            try
            {
                using var view = file.Open();
                return use(Read(view), view);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw JournalErrors.NotReadable(file.Name, e);
            }
            finally
            {
                _view = null;
            }
        }
    }

    private JournalIndex Read(IJournalView? view)
    {
        _view = view;
        if (!_mark.IsIn(view))
        {
            throw JournalErrors.Replaced(file.Name);
        }

        if (_index is null || _reader is null)
        {
            Restart();
            if (view is not null)
            {
                _ledger.ReadLegacy(view, file.Name);
                SkipOlderLines(view);
            }
        }

        if (view is not null)
        {
            var before = _reader!.Position;
            foreach (var (offset, line) in _reader.Read(view))
            {
                Apply(offset, line);
            }

            if (_reader.Position > before)
            {
                _mark = new ReadMark(view, _reader.Position);
            }
        }

        return _index!;
    }

    private void Apply(long offset, JournalLine line)
    {
        LoadLinked(line);
        TakeIn(offset, line);
    }

    private void TakeIn(long offset, JournalLine line)
    {
        _ledger.Apply(line);
        _index!.Apply(offset, line);
    }

    private JournalMatch? Find(JournalIndex index, JournalKey key)
    {
        Load(key);
        return index.Find(key);
    }

    private void Load(JournalKey key)
    {
        foreach (var hash in (ReadOnlySpan<UInt128?>)[key.ContentHash, key.OtherHash, key.LibraryHash])
        {
            if (hash is { } one)
            {
                Load(LineOffsets.KeyOf(one));
            }
        }
    }

    // What was recorded before of the same request or task must be known first.
    private void LoadLinked(JournalLine line)
    {
        if (_older is not null)
        {
            foreach (var key in LineOffsetsBuilder.Links(line))
            {
                Load(key);
            }
        }
    }

    private void Load(ulong key) => _older?.Load(_view!, key);

    private void Load(IReadOnlyList<long> offsets) => _older?.Load(_view!, offsets);

    private void SkipOlderLines(IJournalView view)
    {
        if (_hasGivenUpOffsets || view.Length < offsetsStep || LineOffsetsBuilder.Open(file, view, offsetsStep) is not { } offsets)
        {
            return;
        }

        _older = new OlderLines(offsets, file.Name, TakeIn, GiveUpOffsets);
        _reader!.Skip(offsets.Position, offsets.Lines);
        _mark = new ReadMark(view, offsets.Position);
        Load(offsets.Standing);
    }

    // The next use reads the whole file, and tells what is wrong with it.
    private void GiveUpOffsets()
    {
        (_index, _hasGivenUpOffsets) = (null, true);
        file.ReplaceOffsets(null);
    }

    private void Restart()
    {
        _older?.Dispose();
        _older = null;
        _reader = new JournalFileReader(file.Name);
        _index = new JournalIndex(name => _ledger.IsOurs(name), _runs.IsHeld);
        _ledger = new AccountLedger(account);
    }
}
