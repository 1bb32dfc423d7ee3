using System.Text.Json.Serialization;

namespace Seedance.Library;

/// <summary>The body of a rename.</summary>
internal sealed record RenameRequest(string Name);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(RenameRequest))]
internal sealed partial class RenameRequestFormat : JsonSerializerContext;
