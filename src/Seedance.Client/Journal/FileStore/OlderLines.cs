namespace Seedance.Journal.FileStore;

/// <summary>
/// The lines of a journal's beginning, taken in as they are asked for: with each line all that tell of the same request
/// and its tasks, in the order of the file, so that what is known of them is what reading everything would have told.
/// </summary>
/// <param name="offsets">Where the lines are.</param>
/// <param name="name">What the journal is called in messages.</param>
/// <param name="apply">Takes in a line.</param>
/// <param name="misfit">Told that a line is not where the table has it: the journal was changed in its midst.</param>
internal sealed class OlderLines(LineOffsets offsets, string name, Action<long, JournalLine> apply, Action misfit) : IDisposable
{
    private readonly HashSet<long> _taken = [];

    /// <summary>Gets the lines that every session needs.</summary>
    public IReadOnlyList<long> Standing => offsets.Standing;

    /// <summary>Gets a line of each request without a certain outcome.</summary>
    public IReadOnlyList<long> Open => offsets.Open;

    /// <summary>Takes in what tells of a key.</summary>
    /// <exception cref="SeedanceException">The journal is not the one that the table was made of.</exception>
    public void Load(IJournalView journal, ulong key)
    {
        if (offsets.Find(key) is { Count: > 0 } found)
        {
            Load(journal, found.Select(offset => (offset, (ulong?)key)));
        }
    }

    /// <summary>Takes in the lines at these offsets, and all that hangs together with them.</summary>
    /// <exception cref="SeedanceException">The journal is not the one that the table was made of.</exception>
    public void Load(IJournalView journal, IEnumerable<long> at) => Load(journal, at.Select(offset => (offset, (ulong?)null)));

    private void Load(IJournalView journal, IEnumerable<(long Offset, ulong? Key)> at)
    {
        var waiting = new Stack<(long Offset, ulong? Key)>(at.Where(one => !_taken.Contains(one.Offset)));
        var lines = new SortedList<long, JournalLine>();
        while (waiting.TryPop(out var next))
        {
            if (!_taken.Add(next.Offset))
            {
                continue;
            }

            var line = Read(journal, next.Offset, next.Key);
            lines.Add(next.Offset, line);
            foreach (var key in LineOffsetsBuilder.Links(line))
            {
                foreach (var offset in offsets.Find(key))
                {
                    waiting.Push((offset, key));
                }
            }
        }

        foreach (var (offset, line) in lines)
        {
            apply(offset, line);
        }
    }

    public void Dispose() => offsets.Dispose();

    private JournalLine Read(IJournalView journal, long offset, ulong? key)
    {
        try
        {
            return JournalFileReader.ReadAt(journal, name, offset) is { } line && (key is null || LineOffsetsBuilder.Keys(line).Contains(key.Value))
                ? line : throw JournalErrors.Replaced(name);
        }
        catch (SeedanceException)
        {
            misfit();
            throw;
        }
    }
}
