namespace Seedance;

/// <summary>What the asset library told that the journal did not know.</summary>
public enum JournalChangeKind
{
    /// <summary>A row of unknown outcome was found, and is accepted.</summary>
    Settled,

    /// <summary>A row of unknown outcome is not there, in a group that can be read.</summary>
    NotFound,

    /// <summary>The review of an asset has come to something else.</summary>
    StatusChanged,

    /// <summary>An asset is not there any more.</summary>
    Gone,
}

/// <summary>One thing that the asset library told about a row or an asset.</summary>
public sealed record JournalChange
{
    /// <summary>Gets what it is.</summary>
    public required JournalChangeKind Change { get; init; }

    /// <summary>Gets the name that the row was sent under; null if it has none.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the row's own id; null if it has none.</summary>
    public string? RowId { get; init; }

    /// <summary>Gets the asset; null if none was found.</summary>
    public string? AssetId { get; init; }

    /// <summary>Gets the group's name, or its id where it has none.</summary>
    public string? GroupName { get; init; }

    /// <summary>Gets what the journal held; null if it held nothing.</summary>
    public string? Before { get; init; }

    /// <summary>Gets what holds now; null if that is not known.</summary>
    public string? After { get; init; }

    /// <summary>Gets the same in words.</summary>
    public string? Message { get; init; }

    /// <summary>What it is, and of what.</summary>
    public override string ToString() => $"{Change}: {Name ?? AssetId}";
}
