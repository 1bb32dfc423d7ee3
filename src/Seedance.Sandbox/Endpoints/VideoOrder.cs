namespace Seedance.Sandbox.Endpoints;

/// <summary>A request for a video, checked against every rule that the service publishes.</summary>
internal sealed record VideoOrder(long? Duration, bool ReturnsLastFrame, List<string> Texts)
{
    private const int MaxPrompt = 4000;
    private const int MaxImages = 9;
    private const int MaxClips = 3;

    private static readonly string[] s_sizes = ["16:9", "9:16", "1:1", "4:3", "3:4", "21:9", "adaptive"];
    private static readonly string[] s_resolutions = ["480p", "720p", "1080p", "4k"];
    private static readonly string[] s_roles = ["first_frame", "last_frame", "reference_image"];

    public static VideoOrder Read(RequestFields fields)
    {
        var model = fields.Text("model") ?? throw Refusal.Invalid("model is required");
        var prompt = fields.Text("prompt");
        if (prompt?.Length > MaxPrompt)
        {
            throw Refusal.Invalid($"prompt must not exceed {MaxPrompt} characters");
        }

        var duration = fields.Number("duration");
        if (duration is < 4 or > 15)
        {
            throw Refusal.Invalid("duration must be between 4 and 15");
        }

        OneOf(fields, "size", s_sizes);
        if (OneOf(fields, "resolution", s_resolutions) is "1080p" or "4k" && model.Contains("fast", StringComparison.Ordinal))
        {
            throw Refusal.Invalid($"{model} does not offer a resolution above 720p");
        }

        fields.Number("seed");
        fields.Flag("generate_audio");
        foreach (var tool in fields.Objects("tools") ?? [])
        {
            if (tool.Text("type") != "web_search")
            {
                throw Refusal.Invalid("tools may hold web_search only");
            }
        }

        var sources = Sources(fields);
        if (prompt is null && sources.Count == 0)
        {
            throw Refusal.Invalid("prompt is required for text-to-video");
        }

        if (prompt is not null)
        {
            sources.Add(prompt);
        }

        return new VideoOrder(duration, fields.Flag("return_last_frame") == true, sources);
    }

    private static List<string> Sources(RequestFields fields)
    {
        var images = Addresses(fields, "image_urls", MaxImages);
        var roles = Roled(fields);
        var videos = Addresses(fields, "video_urls", MaxClips);
        var audios = Addresses(fields, "audio_urls", MaxClips);

        if (fields.Has("image_urls") && fields.Has("image_with_roles"))
        {
            throw Refusal.Invalid("image_with_roles excludes image_urls");
        }

        foreach (var frame in (ReadOnlySpan<string>)["first_frame", "last_frame"])
        {
            if (roles.Count(image => image.Role == frame) > 1)
            {
                throw Refusal.Invalid($"At most one image may be the {frame}");
            }
        }
        if (roles.Exists(image => image.Role != "reference_image") && videos.Count + audios.Count > 0)
        {
            throw Refusal.Invalid("video_urls and audio_urls cannot be combined with first or last frames");
        }

        if (audios.Count > 0 && images.Count + roles.Count + videos.Count == 0)
        {
            throw Refusal.Invalid("audio_urls need a reference image or video beside them");
        }

        return [.. images, .. roles.Select(image => image.Url), .. videos, .. audios];
    }

    private static List<(string Url, string Role)> Roled(RequestFields fields)
    {
        var images = fields.Objects("image_with_roles") ?? [];
        if (images.Count > MaxImages)
        {
            throw Refusal.Invalid($"image_with_roles must not hold more than {MaxImages} images");
        }

        return images.ConvertAll(image => (
            Address("image_with_roles.url", image.Text("url") ?? throw Refusal.Invalid("image_with_roles.url is required")),
            OneOf(image, "role", s_roles) ?? throw Refusal.Invalid("image_with_roles.role is required")));
    }

    private static List<string> Addresses(RequestFields fields, string name, int max)
    {
        var addresses = fields.Texts(name) ?? [];
        if (addresses.Count > max)
        {
            throw Refusal.Invalid($"{name} must not hold more than {max} items");
        }

        return addresses.ConvertAll(address => Address(name, address));
    }

    private static string Address(string name, string address) =>
        address.Length > AssetScheme.Length && address.StartsWith(AssetScheme, StringComparison.Ordinal) || Reviews.IsWebAddress(address)
            ? address
            : throw Refusal.Invalid($"{name} must be a URL or asset://…: {address}");

    private const string AssetScheme = "asset://";

    private static string? OneOf(RequestFields fields, string name, string[] allowed)
    {
        var value = fields.Text(name);
        return value is null || allowed.Contains(value)
            ? value
            : throw Refusal.Invalid($"{name} must be one of {string.Join(", ", allowed)}");
    }
}
