namespace Seedance;

/// <summary>Something that keeps a row from being sent.</summary>
/// <param name="Column">The column that is wrong.</param>
/// <param name="Message">What is wrong with it.</param>
public sealed record AssetProblem(string Column, string Message)
{
    /// <summary>Gets what to do about it, where that is not to correct the column; null if it is.</summary>
    public string? RecommendedAction { get; init; }

    /// <summary>Column and message.</summary>
    public override string ToString() => $"{Column}: {Message}";
}
