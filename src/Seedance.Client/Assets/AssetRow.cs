namespace Seedance;

/// <summary>A row as people write it, before it is known to make sense: the columns of a CSV.</summary>
public sealed record AssetRow
{
    /// <summary>Column <c>Url</c>: where the material is, http or https.</summary>
    public string? Url { get; init; }

    /// <summary>Column <c>Path</c>: a picture on this machine, to be uploaded. Excludes <see cref="Url"/>.</summary>
    public string? Path { get; init; }

    /// <summary>Column <c>Name</c>: up to 64 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Column <c>AssetType</c>: Image, Video or Audio; empty for Image, or for Video with a real person's group.</summary>
    public string? AssetType { get; init; }

    /// <summary>Column <c>Group</c>: a group, or one described by its name alone.</summary>
    public AvatarGroup? Group { get; init; }

    /// <summary>Column <c>GroupId</c>: an existing group. Excludes <see cref="Group"/>.</summary>
    public string? GroupId { get; init; }

    /// <summary>Column <c>ProjectName</c>; empty for the group's own.</summary>
    public string? ProjectName { get; init; }

    /// <summary>The columns that a row has which has neither a <see cref="Url"/> nor a <see cref="Path"/>; null where that is no question.</summary>
    public IReadOnlyList<string>? OtherColumns { get; init; }

    /// <summary>The row's place in its input, from 1; 0 if it has none.</summary>
    public int Row { get; init; }
}

/// <summary>Something that keeps a row from being sent.</summary>
/// <param name="Column">The column that is wrong.</param>
/// <param name="Message">What is wrong with it.</param>
public sealed record AssetProblem(string Column, string Message)
{
    /// <summary>Column and message.</summary>
    public override string ToString() => $"{Column}: {Message}";
}
