using System.Text.Json;
using Seedance.Http;

namespace Seedance.Tasks;

/// <summary>Reads the videos of a task.</summary>
internal static class VideoResults
{
    /// <summary>One entry a link; links come as texts or in arrays, and stills beside their video or beside all of them.</summary>
    public static IReadOnlyList<SeedanceVideo> Read(JsonElement data, JsonElement result)
    {
        List<SeedanceVideo>? videos = null;
        var content = result.At("content");
        foreach (var item in Entries(result, content))
        {
            foreach (var link in (item.ValueKind == JsonValueKind.String ? item : item.At("url", "video_url")).Items())
            {
                if (link.Text() is { } url)
                {
                    (videos ??= []).Add(new SeedanceVideo
                    {
                        Url = url,
                        ExpiresAt = item.At("expires_at").UnixTime() ?? result.At("expires_at").UnixTime(),
                        ThumbnailUrl = First("thumbnail_url", [item, result, content, data]),
                        LastFrameUrl = First("last_frame_url", [item, result, content, data]),
                    });
                }
            }
        }

        return videos ?? [];
    }

    private static IEnumerable<JsonElement> Entries(JsonElement result, JsonElement content)
    {
        var videos = result.At("videos").Items();
        return videos.Any() ? videos : result.At("video_url").Items().Concat(content.At("video_url").Items());
    }

    private static string? First(string name, ReadOnlySpan<JsonElement> places)
    {
        foreach (var place in places)
        {
            foreach (var value in place.At(name).Items())
            {
                if (value.Text() is { } text)
                {
                    return text;
                }
            }
        }

        return null;
    }
}
