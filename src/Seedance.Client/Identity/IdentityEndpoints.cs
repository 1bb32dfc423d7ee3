using Seedance.Http;

namespace Seedance.Identity;

/// <summary>The first two steps of a real person's way; the fields of the body tell them apart.</summary>
internal static class IdentityEndpoints
{
    public static readonly Endpoint OpenSession = new(HttpMethod.Post, "v1/seedance2/real-avatar", Effect.Once);
    public static readonly Endpoint AskResult = new(HttpMethod.Post, "v1/seedance2/real-avatar", Effect.Once);
}
