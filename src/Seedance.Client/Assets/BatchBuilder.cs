using Seedance.Runs;

namespace Seedance.Assets;

/// <summary>Rows that go out in one request, still being gathered or on their way.</summary>
/// <param name="Key">What all of them share.</param>
/// <param name="Rows">The rows, in the order in which they came.</param>
internal sealed record PlannedBatch(BatchKey Key, List<PlannedRow> Rows);

/// <summary>What the rows of one request have in common.</summary>
internal readonly record struct BatchKey(AvatarGroup Group, string? ProjectName, AssetType AssetType)
{
    /// <summary>Returns the record of a request of these rows.</summary>
    public JournalIntent ToIntent(List<PlannedRow> rows) => new()
    {
        IntentId = IntentId.New(),
        Kind = TaskKind.Asset,
        Group = Group,
        ProjectName = ProjectName,
        AssetType = AssetType,
        Rows = [.. rows.Select(row => new JournalRow(row.Key, row.Source, row.Supersedes) { WasUnknown = row.IsUnknown })],
    };
}

/// <summary>Sorts rows into batches of one group, project and type, each given out when it is full.</summary>
/// <param name="size">Rows a batch.</param>
internal sealed class BatchBuilder(int size)
{
    /// <summary>How many batches may stand open for want of rows; the oldest leaves when another is begun.</summary>
    private const int Most = 64;

    private readonly List<PlannedBatch> _open = [];

    /// <summary>Puts a row into its batch. Returns the batch that is to leave because of it, if one is.</summary>
    public PlannedBatch? Add(PlannedRow row)
    {
        var key = new BatchKey(row.Group, row.Source.ProjectName, row.Source.AssetType);
        var at = _open.FindIndex(open => open.Key == key);
        PlannedBatch? oldest = null;
        if (at < 0)
        {
            oldest = _open.Count == Most ? TakeOldest() : null;
            at = _open.Count;
            _open.Add(new PlannedBatch(key, new List<PlannedRow>(size)));
        }

        _open[at].Rows.Add(row);
        return _open[at].Rows.Count == size ? Take(at) : oldest;
    }

    /// <summary>The batch that was begun first, full or not; null if none is open.</summary>
    public PlannedBatch? TakeOldest() => _open.Count == 0 ? null : Take(0);

    private PlannedBatch Take(int at)
    {
        var batch = _open[at];
        _open.RemoveAt(at);
        return batch;
    }
}
