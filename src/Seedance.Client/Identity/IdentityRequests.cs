using System.Text.Json.Serialization;

namespace Seedance.Identity;

/// <summary>Step 1 of <c>POST /v1/seedance2/real-avatar</c>: opens an identity session.</summary>
internal sealed record IdentitySessionRequest(string CallbackUrl, string ProjectName);

/// <summary>Step 2 of <c>POST /v1/seedance2/real-avatar</c>: asks for a session's outcome.</summary>
internal sealed record IdentityResultRequest(string BytedToken, string ProjectName);

/// <summary>Writes the steps of a liveness check: compiled, without reflection at run time, and nothing is sent that is not set.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(IdentitySessionRequest))]
[JsonSerializable(typeof(IdentityResultRequest))]
internal sealed partial class IdentityRequestFormat : JsonSerializerContext;
