using System.Text.Json.Serialization;

namespace Seedance.Assets;

/// <summary>The body of <c>POST /v1/seedance2/private-avatar</c>, of <c>…/assets</c> and of step 3 of <c>real-avatar</c>, in any of its forms.</summary>
internal sealed record AssetRequest
{
    /// <summary>The names of all fields, in any form.</summary>
    public static readonly IReadOnlyList<string> Fields = ["model", "group", "group_id", "project_name", "asset_type", "assets", "url", "name"];

    public string? Model { get; init; }

    public WireGroup? Group { get; init; }

    public string? GroupId { get; init; }

    public string? ProjectName { get; init; }

    public string? Url { get; init; }

    public string? AssetType { get; init; }

    public string? Name { get; init; }

    public IReadOnlyList<WireAsset>? Assets { get; init; }
}

internal sealed record WireGroup(string Name, string? Description);

internal sealed record WireAsset(string Url, string? Name);

/// <summary>Writes submissions: compiled, without reflection at run time, and nothing is sent that is not set.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(AssetRequest))]
internal sealed partial class AssetRequestFormat : JsonSerializerContext;
