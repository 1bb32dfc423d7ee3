namespace Seedance;

/// <summary>
/// An asset as the library shows it (<c>GET /v1/seedance2/private-avatar/assets</c>). The library may hold other accounts'
/// assets too: that one is shown says nothing of whose it is.
/// </summary>
/// <param name="AssetId">The server's id.</param>
public sealed record LibraryAsset(string AssetId)
{
    /// <summary>Gets the name, exactly as the library has it; null if it shows none.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the review's state in the server's word, such as <c>Active</c>, <c>Processing</c> or <c>Failed</c>; null if it shows none.</summary>
    public string? Status { get; init; }

    /// <summary>Gets whether it passed review.</summary>
    public bool IsUsable => string.Equals(Status, "Active", StringComparison.OrdinalIgnoreCase);

    /// <summary>Gets whether its review has ended, and it did not pass.</summary>
    public bool HasFailed => Status?.ToLowerInvariant() is "failed" or "fail" or "rejected" or "error" or "expired";

    /// <summary>Gets what the material is; null if the library does not say.</summary>
    public AssetType? AssetType { get; init; }

    /// <summary>Gets the id of its group; null if the library does not say.</summary>
    public string? GroupId { get; init; }

    /// <summary>Gets its project; null if the library does not say.</summary>
    public string? ProjectName { get; init; }

    /// <summary>Gets when it was made, by the server's clock; null if the library does not say.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Gets why it did not pass review; null if it did, or the library does not say.</summary>
    public TaskError? Error { get; init; }

    /// <summary>Returns it as an asset, with what else is known of it.</summary>
    /// <param name="known">The asset as the journal knows it; null if it does not.</param>
    public SeedanceAsset ToAsset(SeedanceAsset? known = null) =>
        (known ?? new SeedanceAsset { AssetId = AssetId, AssetUrl = ToString(), TaskId = string.Empty, AssetType = AssetType, GroupId = GroupId, ProjectName = ProjectName }) with
        {
            Name = Name ?? known?.Name,
            Status = Status,
            IsUsable = IsUsable,
            Error = Error,
        };

    /// <summary>Returns the <c>asset://</c> address.</summary>
    public override string ToString() => $"asset://{AssetId}";
}
