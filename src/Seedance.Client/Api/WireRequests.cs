using System.Text.Json.Serialization;

namespace Seedance;

/// <summary>The body of <c>POST /v1/seedance2/private-avatar</c> and of step 3 of <c>real-avatar</c>, in any of its forms.</summary>
internal sealed record AssetRequest
{
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

/// <summary>The body of <c>POST /v1/videos/generations</c>.</summary>
internal sealed record WireVideo
{
    public required string Model { get; init; }

    public string? Prompt { get; init; }

    public IReadOnlyList<string>? ImageUrls { get; init; }

    public IReadOnlyList<WireRoleImage>? ImageWithRoles { get; init; }

    public IReadOnlyList<string>? VideoUrls { get; init; }

    public IReadOnlyList<string>? AudioUrls { get; init; }

    public int? Duration { get; init; }

    public string? Size { get; init; }

    public string? Resolution { get; init; }

    public long? Seed { get; init; }

    public bool? GenerateAudio { get; init; }

    public bool? ReturnLastFrame { get; init; }

    public IReadOnlyList<WireTool>? Tools { get; init; }
}

internal sealed record WireRoleImage(string Url, string Role);

internal sealed record WireTool(string Type);

/// <summary>Step 1 of <c>POST /v1/seedance2/real-avatar</c>: opens an identity session.</summary>
internal sealed record IdentitySessionRequest(string CallbackUrl, string ProjectName);

/// <summary>Step 2 of <c>POST /v1/seedance2/real-avatar</c>: asks for a session's outcome.</summary>
internal sealed record IdentityResultRequest(string BytedToken, string ProjectName);

/// <summary>Writers of every request, made at compile time: no reflection at run time, nothing sent that is not set.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(AssetRequest))]
[JsonSerializable(typeof(IdentitySessionRequest))]
[JsonSerializable(typeof(IdentityResultRequest))]
[JsonSerializable(typeof(WireVideo))]
internal sealed partial class WireFormat : JsonSerializerContext;
