namespace Seedance;

/// <summary>Knows the rows' own ids that came in a run, and finds two rows that have one and are not the same.</summary>
public sealed class RowIdRegister
{
    private readonly Dictionary<(string RowId, AssetType Type, string? Project, string? Group), (string Row, int AddressHash)> _rows = [];

    /// <summary>Takes in a row.</summary>
    /// <param name="source">The row.</param>
    /// <returns>What is wrong with it, if its id is that of an earlier row with another address; null otherwise.</returns>
    public AssetProblem? Add(AssetSource source)
    {
        if (source.RowId is not { } id)
        {
            return null;
        }

        var key = (id, source.AssetType, source.ProjectName, source.Group?.GroupId ?? source.Group?.Name);
        var hash = string.GetHashCode(source.Identity, StringComparison.Ordinal);
        return _rows.TryAdd(key, (source.ToString(), hash)) || _rows[key].AddressHash == hash ? null
            : new AssetProblem("RowId", $"{_rows[key].Row} has the RowId '{id}' too, and another address; an id is one row's, so only the first is sent");
    }
}
