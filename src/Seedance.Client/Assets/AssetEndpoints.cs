using Seedance.Http;

namespace Seedance.Assets;

/// <summary>Where material is submitted.</summary>
internal static class AssetEndpoints
{
    public static readonly Endpoint Submit = new(HttpMethod.Post, "v1/seedance2/private-avatar", Effect.Once);
    public static readonly Endpoint SubmitOfPerson = new(HttpMethod.Post, "v1/seedance2/real-avatar", Effect.Once);
}
