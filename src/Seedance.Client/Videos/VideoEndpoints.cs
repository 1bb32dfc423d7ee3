using Seedance.Http;

namespace Seedance.Videos;

/// <summary>Where videos are ordered.</summary>
internal static class VideoEndpoints
{
    public static readonly Endpoint Submit = new(HttpMethod.Post, "v1/videos/generations", Effect.Once) { RepeatsByKey = true };
}
