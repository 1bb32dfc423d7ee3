namespace Seedance.Journal.FileStore;

/// <summary>What the journal says by now, whoever wrote it: the index is brought up to the file's end before each answer.</summary>
internal sealed class JournalReader(IJournalFile file, string account)
{
    private readonly object _gate = new();
    private JournalIndex? _index;
    private JournalFileReader? _scan;

    /// <summary>What is recorded of each row; null for one that was never sent.</summary>
    public IReadOnlyList<JournalMatch?> Find(IReadOnlyList<JournalKey> keys)
    {
        lock (_gate)
        {
            var index = CatchUp();
            return [.. keys.Select(index.Find)];
        }
    }

    /// <summary>The task with its rows and its end, as far as they are recorded; null if it is not this account's.</summary>
    public SeedanceTask? FindTask(string taskId)
    {
        lock (_gate)
        {
            return CatchUp().FindTask(taskId) is var (intent, final, group) && JournalFileReader.ReadAt(file, intent) is { } sent
                ? JournalMapper.Restore(taskId, sent, group, final < 0 ? null : JournalFileReader.ReadAt(file, final))
                : null;
        }
    }

    /// <summary>The last upload of a picture; null if there is none.</summary>
    public JournalUpload? FindUpload(string contentHash)
    {
        lock (_gate)
        {
            return CatchUp().FindUpload(contentHash) is { } offset && JournalFileReader.ReadAt(file, offset) is { Url: { } url, Expires: { } expiry } line
                ? new JournalUpload(contentHash, url, line.Path, expiry)
                : null;
        }
    }

    /// <summary>The rows, by their places in the list, that others have taken since the caller looked.</summary>
    public IReadOnlyList<int> Taken(IReadOnlyList<JournalRow> rows)
    {
        lock (_gate)
        {
            var index = CatchUp();
            return [.. Enumerable.Range(0, rows.Count).Where(i => index.Find(rows[i].Key) is { } match && match.IntentId != rows[i].Supersedes)];
        }
    }

    /// <summary>Takes in a line that is about to be written, so that whoever claims after it sees it. It is read again, harmlessly, with the file.</summary>
    public void Anticipate(long offset, JournalLine line)
    {
        lock (_gate)
        {
            CatchUp().Apply(offset, line);
        }
    }

    /// <summary>Forgets everything: what was anticipated did not come to be.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            (_index, _scan) = (null, null);
        }
    }

    private JournalIndex CatchUp()
    {
        try
        {
            _index ??= new JournalIndex(account);
            _scan ??= new JournalFileReader(file);
            foreach (var (offset, line) in _scan.Read())
            {
                _index.Apply(offset, line);
            }

            return _index;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw JournalErrors.NotReadable(file.Name, e);
        }
    }
}
