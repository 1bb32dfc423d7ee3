using Seedance.Http;

namespace Seedance.Assets;

/// <summary>Where material is submitted.</summary>
internal static class AssetEndpoints
{
    private const string UnknownAdvice =
        "It may have been accepted, and it may be billed. The same line with -Resume does not send it again, but looks for it in the asset library; what is surely not there is sent again with -Resume -RetryUnknown.";

    /// <summary>The address that the API's pages name now. Gateways may not have it.</summary>
    public static readonly Endpoint Submit = new(HttpMethod.Post, "v1/seedance2/private-avatar/assets", Effect.Once) { UnknownAdvice = UnknownAdvice };

    /// <summary>The one that they named before, with the same meaning but for the model, which it does not know.</summary>
    public static readonly Endpoint SubmitOlder = new(HttpMethod.Post, "v1/seedance2/private-avatar", Effect.Once) { UnknownAdvice = UnknownAdvice };

    /// <summary>Where a verified person's material goes.</summary>
    public static readonly Endpoint SubmitOfPerson = RealPersons.Endpoint with { UnknownAdvice = UnknownAdvice };
}
