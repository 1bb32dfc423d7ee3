namespace Seedance.Commands;

/// <summary>Completes assets by their ids or names.</summary>
public abstract class AssetCompleter : JournalCompleter
{
    private protected static string Describe(SeedanceAsset asset) => string.Join(", ", new[]
    {
        asset.Name,
        asset.AssetType?.ToString(),
        asset.Status ?? (asset.IsUsable ? "usable" : "not usable"),
        asset.GroupName,
        asset.ReviewedAt?.LocalDateTime.ToString("g", System.Globalization.CultureInfo.CurrentCulture),
    }.Where(word => !string.IsNullOrEmpty(word)));
}

/// <summary>Completes material for videos: usable assets of the type that the parameter takes.</summary>
public sealed class MaterialCompleter : AssetCompleter
{
    private protected override IEnumerable<Suggestion> Pick(JournalNames names, string commandName, string parameterName)
    {
        var type = parameterName switch
        {
            "ReferenceVideo" => AssetType.Video,
            "ReferenceAudio" => AssetType.Audio,
            _ => AssetType.Image,
        };
        return names.Assets
            .Where(asset => asset.IsUsable && (asset.AssetType ?? type) == type)
            .Select(asset => new Suggestion(asset.AssetUrl, Describe(asset), asset.Name));
    }
}

/// <summary>Completes the ids of assets that are there.</summary>
public sealed class AssetIdCompleter : AssetCompleter
{
    private protected override IEnumerable<Suggestion> Pick(JournalNames names, string commandName, string parameterName) =>
        names.Assets.Where(asset => !asset.IsDeleted).Select(asset => new Suggestion(asset.AssetId, Describe(asset), asset.Name));
}

/// <summary>Completes the names of assets.</summary>
public sealed class AssetNameCompleter : AssetCompleter
{
    private protected override IEnumerable<Suggestion> Pick(JournalNames names, string commandName, string parameterName) =>
        names.Assets
            .Where(asset => !string.IsNullOrEmpty(asset.Name))
            .DistinctBy(asset => asset.Name)
            .Select(asset => new Suggestion(asset.Name!, $"{asset.AssetUrl}, {Describe(asset)}"));
}
