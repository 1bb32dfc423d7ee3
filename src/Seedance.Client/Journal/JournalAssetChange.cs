namespace Seedance;

/// <summary>What became of an asset, or of a whole group, after its review. It stands above what the task says, whenever that is read.</summary>
public sealed record JournalAssetChange
{
    /// <summary>The status of an asset that is about to be deleted: it may be gone already.</summary>
    public const string Deleting = SeedanceAsset.Deleting;

    /// <summary>The status of an asset that was deleted.</summary>
    public const string Deleted = SeedanceAsset.Deleted;

    /// <summary>The status of an asset that somebody else deleted.</summary>
    public const string Gone = SeedanceAsset.Gone;

    /// <summary>Gets the asset; null if it is all of a group.</summary>
    public string? AssetId { get; init; }

    /// <summary>Gets the group, if it is all of one.</summary>
    public string? GroupId { get; init; }

    /// <summary>Gets the new status; null if it is as it was. With any but the ones above, a deletion did not come to be.</summary>
    public string? Status { get; init; }

    /// <summary>Gets the new name; null if it is as it was.</summary>
    public string? Name { get; init; }
}
