using System.Collections;
using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>Reads what people give as material of a video: addresses, assets, uploads, or rows that an asset was written to.</summary>
internal static class Materials
{
    /// <summary>The material in a parameter's value; lists are taken apart.</summary>
    public static IEnumerable<VideoMaterial> From(IEnumerable? values) => (values ?? Array.Empty<object>()).Cast<object?>().SelectMany(From);

    /// <inheritdoc cref="From(IEnumerable?)"/>
    public static IEnumerable<VideoMaterial> From(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        null => [],
        string address => [new VideoMaterial(address)],
        Uri address => [new VideoMaterial(address.OriginalString)],
        SeedanceAsset asset => [new VideoMaterial(asset)],
        UploadedImage image => [new VideoMaterial(image.Url) { AssetType = AssetType.Image }],
        IEnumerable list and not IDictionary => From(list),
        _ when value is PSObject row && OfRow(new Table([["AssetUrl"]]).Read(row, _ => { })) is { } material => [material],
        var other => [new VideoMaterial(other.ToString())],
    };

    /// <summary>The asset that a row tells of, as Export-Csv writes one; null if it tells of none.</summary>
    public static VideoMaterial? OfRow(TableRow row) => row.Text(nameof(SeedanceAsset.AssetUrl)) is not { } address ? null : new VideoMaterial(address)
    {
        Name = row.CellText(nameof(SeedanceAsset.Name)),
        AssetType = Enum.TryParse<AssetType>(row.CellText(nameof(SeedanceAsset.AssetType)), ignoreCase: true, out var type) ? type : null,
        IsRealPerson = bool.TryParse(row.CellText(nameof(SeedanceAsset.IsRealPerson)), out var isPerson) && isPerson,
        IsUsable = !bool.TryParse(row.CellText(nameof(SeedanceAsset.IsUsable)), out var isUsable) || isUsable,
    };
}
