namespace Seedance.Sandbox.Endpoints;

/// <summary>A request for a video, checked against every rule that the service publishes.</summary>
internal sealed record VideoOrder(string ModelName, long? Duration, bool ReturnsLastFrame, List<string> Texts)
{
    private const int MaxPrompt = 4000;
    private const string AssetScheme = "asset://";
    private const string DefaultResolution = "720p";
    private const string Adaptive = "adaptive";

    private static readonly string[] s_sizes = ["16:9", "9:16", "1:1", "4:3", "3:4", "21:9", Adaptive];
    private static readonly string[] s_roles = ["first_frame", "last_frame", "reference_image"];
    private static readonly string[] s_taskTypes = ["auto", "reference", "edit", "extend"];
    private static readonly string[] s_formats = ["mp4", "mov"];
    private static readonly string[] s_newerFields = ["watermark", "output_format", "omni_reference_task_type"];

    public VideoModel Model => VideoModel.Find(ModelName);

    /// <summary>Dollars a second.</summary>
    public required decimal Price { get; init; }

    /// <summary>Where the end is to be told, or null.</summary>
    public string? Webhook { get; init; }

    public static VideoOrder Read(RequestFields fields)
    {
        var name = fields.Text("model") ?? throw Refusal.Invalid("model is required");
        var model = VideoModel.Find(name);
        var prompt = fields.Text("prompt");
        if (prompt?.Length > MaxPrompt)
        {
            throw Refusal.Invalid($"prompt must not exceed {MaxPrompt} characters");
        }

        var duration = ReadDuration(fields, model);
        var size = OneOf(fields, "size", s_sizes);
        var resolution = OneOf(fields, "resolution", ["480p", "720p", "1080p", "2k", "4k"]) ?? DefaultResolution;
        if (!model.Prices.TryGetValue(resolution, out var price))
        {
            throw Refusal.Invalid($"{name} does not offer {resolution}; resolution must be one of {string.Join(", ", model.Prices.Keys)}");
        }

        fields.Number("seed");
        fields.Flag("generate_audio");
        if (fields.Flag("nsfw_check") == true && prompt?.Contains("nsfw", StringComparison.OrdinalIgnoreCase) == true)
        {
            throw new Refusal(400, "The prompt was found unsafe", "nsfw_content_detected");
        }

        foreach (var tool in fields.Objects("tools") ?? [])
        {
            if (tool.Text("type") != "web_search")
            {
                throw Refusal.Invalid("tools may hold web_search only");
            }
        }

        var sources = Sources(fields, model);
        var hasVideo = fields.Texts("video_urls")?.Count > 0;
        CheckNewer(fields, name, model, hasVideo && size is (null or Adaptive), duration);
        if (prompt is null && sources.Count == 0)
        {
            throw Refusal.Invalid("prompt is required for text-to-video");
        }

        if (prompt is not null)
        {
            sources.Add(prompt);
        }

        return new VideoOrder(name, duration, fields.Flag("return_last_frame") == true, sources)
        {
            Price = hasVideo ? price.WithVideo : price.Alone,
            Webhook = ReadWebhook(fields),
        };
    }

    private static long? ReadDuration(RequestFields fields, VideoModel model)
    {
        var duration = fields.Number("duration");
        return duration is null || duration >= VideoModel.MinDuration && duration <= model.MaxDuration || model.IsNewer && duration == VideoModel.OpenDuration
            ? duration
            : throw Refusal.Invalid($"duration must be between {VideoModel.MinDuration} and {model.MaxDuration}{(model.IsNewer ? ", or -1" : "")}");
    }

    private static string? ReadWebhook(RequestFields fields)
    {
        var webhook = fields.Text("webhook");
        return webhook is null || Uri.TryCreate(webhook, UriKind.Absolute, out var address) && Reviews.IsWebAddress(webhook) && (address.IsLoopback || address.Port is 80 or 443)
            ? webhook
            : throw Refusal.Invalid("webhook must be a public http or https address on port 80 or 443");
    }

    private static void CheckNewer(RequestFields fields, string name, VideoModel model, bool isAdaptiveWithVideo, long? duration)
    {
        if (!model.IsNewer && Array.Find(s_newerFields, field => fields.Has(field)) is { } newer)
        {
            throw Refusal.Invalid($"{name} does not know {newer}");
        }

        fields.Flag("watermark");
        OneOf(fields, "output_format", s_formats);
        var type = OneOf(fields, "omni_reference_task_type", s_taskTypes);
        if (type is "edit" or "extend" && !isAdaptiveWithVideo)
        {
            throw Refusal.Invalid($"{type} needs video_urls and the size {Adaptive}");
        }

        if (type == "edit" && duration != VideoModel.OpenDuration)
        {
            throw Refusal.Invalid("edit needs the duration -1");
        }
    }

    private static List<string> Sources(RequestFields fields, VideoModel model)
    {
        var images = Addresses(fields, "image_urls", model.MaxImages);
        var roles = Roled(fields, model);
        var videos = Addresses(fields, "video_urls", model.MaxClips);
        var audios = Addresses(fields, "audio_urls", model.MaxClips);
        foreach (var frame in (ReadOnlySpan<string>)["first_frame", "last_frame"])
        {
            if (roles.Count(image => image.Role == frame) > 1)
            {
                throw Refusal.Invalid($"At most one image may be the {frame}");
            }
        }

        if (!model.IsNewer)
        {
            CheckExclusions(fields, images.Count, roles, videos.Count, audios.Count);
        }

        return [.. images, .. roles.Select(image => image.Url), .. videos, .. audios];
    }

    private static void CheckExclusions(RequestFields fields, int images, List<(string Url, string Role)> roles, int videos, int audios)
    {
        if (fields.Has("image_urls") && fields.Has("image_with_roles"))
        {
            throw Refusal.Invalid("image_with_roles excludes image_urls");
        }

        if (roles.Exists(image => image.Role != "reference_image") && videos + audios > 0)
        {
            throw Refusal.Invalid("video_urls and audio_urls cannot be combined with first or last frames");
        }

        if (audios > 0 && images + roles.Count + videos == 0)
        {
            throw Refusal.Invalid("audio_urls need a reference image or video beside them");
        }
    }

    private static List<(string Url, string Role)> Roled(RequestFields fields, VideoModel model)
    {
        var images = fields.Objects("image_with_roles") ?? [];
        if (images.Count > model.MaxImages)
        {
            throw Refusal.Invalid($"image_with_roles must not hold more than {model.MaxImages} images");
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

    private static string? OneOf(RequestFields fields, string name, string[] allowed)
    {
        var value = fields.Text(name);
        return value is null || allowed.Contains(value)
            ? value
            : throw Refusal.Invalid($"{name} must be one of {string.Join(", ", allowed)}");
    }
}
