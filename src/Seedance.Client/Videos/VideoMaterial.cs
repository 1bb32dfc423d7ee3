using Seedance.Errors;

namespace Seedance;

/// <summary>Something that a video is made from: an approved asset, or material on the public internet.</summary>
public sealed record VideoMaterial
{
    /// <summary>Material at <paramref name="address"/>: <c>asset://…</c>, http or https.</summary>
    public VideoMaterial(string? address) => Address = address?.Trim() ?? string.Empty;

    /// <summary>An asset; what is known of it is checked before anything is sent.</summary>
    public VideoMaterial(SeedanceAsset asset)
        : this(asset.AssetUrl)
    {
        AssetType = asset.AssetType;
        IsRealPerson = asset.IsRealPerson;
        IsUsable = asset.IsUsable;
        Name = asset.Name;
    }

    /// <summary>The whole address, as it is sent. It may carry a signature in its query, so it is never shown or stored.</summary>
    internal string Address { get; }

    /// <summary>The address without user info, query and fragment.</summary>
    public string? Url => Redaction.Url(Address);

    /// <summary>The asset's name; null if it has none.</summary>
    public string? Name { get; init; }

    /// <summary>What it is; null if that is not known.</summary>
    public AssetType? AssetType { get; init; }

    /// <summary>True if it shows a real person.</summary>
    public bool IsRealPerson { get; init; }

    /// <summary>False for an asset that failed its review.</summary>
    public bool IsUsable { get; init; } = true;

    /// <summary>True if there is nothing: an empty cell.</summary>
    public bool IsEmpty => Address.Length == 0;

    /// <summary>The address as it is shown.</summary>
    public override string ToString() => Url ?? string.Empty;
}
