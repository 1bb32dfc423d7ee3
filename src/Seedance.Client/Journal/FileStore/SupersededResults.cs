namespace Seedance.Journal.FileStore;

/// <summary>
/// Which results a later one has superseded: an end of a task by a later end of it, a row's asset by a later request of
/// the row that was accepted. Lines that supersede are marked, so that finding them costs a search and no parsing.
/// </summary>
internal sealed class SupersededResults
{
    private readonly Dictionary<string, int> _ends = new(StringComparer.Ordinal);
    private readonly HashSet<(string Task, int Row)> _rows = [];

    /// <summary>Finds them in a file.</summary>
    public SupersededResults(IJournalView view, string name)
    {
        var open = new Dictionary<string, JournalLine>(StringComparer.Ordinal);
        foreach (var (_, line) in new JournalFileReader(name).Read(view, IsMarked))
        {
            switch (line.Type)
            {
                case JournalLineType.Final when line is { Again: true, Task: not null }:
                    _ends[line.Task] = _ends.GetValueOrDefault(line.Task) + 1;
                    break;
                case JournalLineType.Intent when line.Intent is not null:
                    open[line.Intent] = line;
                    break;
                case JournalLineType.Outcome or JournalLineType.Settled when line is { Intent: not null, Task: not null } && open.Remove(line.Intent, out var intent):
                    _rows.UnionWith((intent.Rows ?? []).Where(row => row.Supersedes is not null).Select(row => (row.Supersedes!, row.SupersedesRow ?? 0)));
                    break;
                case JournalLineType.Changes:
                    JournalMapper.Changes(line).ForEach(Changes.Add);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>What became of assets after their reviews.</summary>
    public AssetChanges Changes { get; } = new();

    /// <summary>Returns whether an end of a task that is met now has a later one. Each is to be asked about once, in order.</summary>
    public bool HasLaterEnd(string taskId)
    {
        if (_ends.Count == 0 || !_ends.TryGetValue(taskId, out var later) || later == 0)
        {
            return false;
        }

        _ends[taskId] = later - 1;
        return true;
    }

    /// <summary>Returns whether a row's result has been superseded by a later request of the row.</summary>
    public bool Contains(string taskId, int row) => _rows.Count > 0 && _rows.Contains((taskId, row));

    private static bool IsMarked(ReadOnlyMemory<byte> line) => line.Span.IndexOf("\"again\":true"u8) >= 0;
}
