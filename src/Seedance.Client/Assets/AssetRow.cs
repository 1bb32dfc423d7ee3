namespace Seedance;

/// <summary>A row as people write it, before it is known to make sense: the columns of a CSV.</summary>
public sealed record AssetRow
{
    /// <summary>Column <c>Url</c>: where the material is, http or https.</summary>
    public string? Url { get; init; }

    /// <summary>Column <c>Path</c>: a picture on this machine, to be uploaded. Excludes <see cref="Url"/>.</summary>
    public string? Path { get; init; }

    /// <summary>Column <c>Name</c>: up to 64 characters; one is made for a row that has none.</summary>
    public string? Name { get; init; }

    /// <summary>Gets whether a row without a <see cref="Name"/> is sent without any, on purpose.</summary>
    public bool OmitsName { get; init; }

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

    /// <summary>Gets column <c>RowId</c>: the row's own id, by which it is the same row from run to run.</summary>
    public string? RowId { get; init; }

    /// <summary>Gets the columns that are to be kept with the row, by their names, as they came; null if none are.</summary>
    public IReadOnlyDictionary<string, object?>? Kept { get; init; }

    /// <summary>Gets the row as it came in; null if there is nothing but these columns.</summary>
    public object? InputObject { get; init; }

    /// <summary>Gets the asset that the row is the record of, where it is one: it has been reviewed before.</summary>
    public SeedanceAsset? Asset { get; init; }

    /// <summary>Gets whether <see cref="Url"/> is less than the address was: its query is not known any more.</summary>
    public bool IsUrlCut { get; init; }

    /// <summary>Returns the row that <paramref name="source"/> was made of, with its whole address as far as that is known.</summary>
    public static AssetRow From(AssetSource source) => new()
    {
        Url = source.Path is null ? source.Address : null,
        Path = source.Path,
        Name = source.IsNameGenerated ? null : source.Name,
        AssetType = source.AssetType.ToString(),
        Group = source.Group,
        ProjectName = source.ProjectName,
        Row = source.Row,
        RowId = source.RowId,
        Kept = source.Kept?.ToDictionary(column => column.Key, column => (object?)column.Value, StringComparer.OrdinalIgnoreCase),
        InputObject = source.Input,
        IsUrlCut = source.IsUrlCut && source.Address == source.SourceUrl,
    };
}
