using Seedance.Http;

namespace Seedance.Transfers;

/// <summary>Where files go.</summary>
internal static class TransferEndpoints
{
    public static readonly Endpoint UploadImage = new(HttpMethod.Post, "v1/uploads/images", Effect.Repeatable);
}
