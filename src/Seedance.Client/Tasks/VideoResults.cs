using System.Text.Json;
using Seedance.Http;

namespace Seedance.Tasks;

/// <summary>Reads the videos of a task.</summary>
internal static class VideoResults
{
    /// <summary>One entry a link; a video may carry its link as a string or in an array.</summary>
    public static IReadOnlyList<SeedanceVideo> Read(JsonElement result)
    {
        List<SeedanceVideo>? videos = null;
        foreach (var item in result.At("videos").Items())
        {
            foreach (var link in (item.ValueKind == JsonValueKind.String ? item : item.At("url")).Items())
            {
                if (link.Text() is { } url)
                {
                    (videos ??= []).Add(new SeedanceVideo
                    {
                        Url = url,
                        ExpiresAt = item.At("expires_at").UnixTime(),
                        ThumbnailUrl = result.At("thumbnail_url").Text(),
                        LastFrameUrl = result.At("last_frame_url").Text(),
                    });
                }
            }
        }

        return videos ?? [];
    }
}
