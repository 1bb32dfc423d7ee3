using System.Text.Json.Serialization;

namespace Seedance.Videos;

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

    public bool? NsfwCheck { get; init; }

    public bool? Watermark { get; init; }

    public string? OutputFormat { get; init; }

    public string? OmniReferenceTaskType { get; init; }
}

internal sealed record WireRoleImage(string Url, string Role);

internal sealed record WireTool(string Type);

/// <summary>Writes orders: compiled, without reflection at run time, and nothing is sent that is not set.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(WireVideo))]
internal sealed partial class VideoRequestFormat : JsonSerializerContext;
