namespace Seedance;

/// <summary>What can be told of a row before it is submitted.</summary>
public sealed record AssetCheck
{
    private readonly AssetRow _row;

    internal AssetCheck(AssetRow row) => _row = row;

    /// <summary>The row's place in its input, from 1; 0 if it has none.</summary>
    public int Row { get; init; }

    /// <summary>The material's name; null if it has none.</summary>
    public string? Name { get; init; }

    /// <summary>The material: its file, or its address without user info, query and fragment.</summary>
    public string? Source { get; init; }

    /// <summary>What the material is.</summary>
    public AssetType AssetType { get; init; }

    /// <summary>True if nothing speaks against submitting it.</summary>
    public bool IsValid => Problems.Count == 0;

    /// <summary>What speaks against it.</summary>
    public IReadOnlyList<AssetProblem> Problems { get; init => field = DisplayList<AssetProblem>.From(value); } = DisplayList<AssetProblem>.Empty;

    /// <summary>The kind of file, such as <c>image/png</c>: of a local one by its content, of an address by its answer; null if not known.</summary>
    public string? ContentType { get; init; }

    /// <summary>The size in bytes; null if not known.</summary>
    public long? Length { get; init; }

    /// <summary>The width in pixels; null if not known.</summary>
    public int? Width { get; init; }

    /// <summary>The height in pixels; null if not known.</summary>
    public int? Height { get; init; }

    /// <summary>The row as it came in, to submit it: with the whole address, which is not shown.</summary>
    public AssetRow ToRow() => _row;

    /// <summary>The material and what speaks against it.</summary>
    public override string ToString() => IsValid ? $"{Source}: valid" : $"{Source}: {string.Join("; ", Problems)}";
}
