namespace Seedance.Tasks;

/// <summary>The row that a result came from.</summary>
/// <param name="Row">The row's place in its task from 0; -1 if unknown.</param>
/// <param name="By">How it was found.</param>
internal readonly record struct RowMatch(int Row, MatchedBy By)
{
    public static readonly RowMatch None = new(-1, MatchedBy.None);
}
