namespace Seedance.Videos;

/// <summary>What a model of videos takes and costs. Providers change both: an unknown model has no limits here, and no price.</summary>
internal sealed record VideoModel
{
    /// <summary>The shortest video, in seconds.</summary>
    public const int MinDuration = 4;

    /// <summary>The duration that leaves it to the model; the longest is reserved for it.</summary>
    public const int OpenDuration = -1;

    /// <summary>The size that follows the material.</summary>
    public const string Adaptive = "adaptive";

    /// <summary>When the limits were last compared with the API's pages.</summary>
    public static readonly DateOnly LimitsAsOf = new(2026, 11, 24);

    /// <summary>When the prices were.</summary>
    public static readonly DateOnly PricesAsOf = new(2026, 9, 19);

    // No page says for certain what is made where no resolution is given: of the two that are named, the dearer one is reckoned.
    private const string ReckonedResolution = "720p";

    private static readonly VideoModel s_standard = new()
    {
        Names = ["doubao-seedance-2.0", "seedance-2.0"],
        Resolutions = ["480p", "720p", "1080p", "4k"],
        MaxDuration = 15,
        DefaultDuration = 5,
        MaxImages = 9,
        MaxClips = 3,
        MaxClipSeconds = 15,
        Prices = new() { ["480p"] = new(.066m, .04m), ["720p"] = new(.142m, .08584m), ["1080p"] = new(.3544m, .21568m), ["4k"] = new(.722m, .44432m) },
    };

    /// <summary>The models that are known.</summary>
    public static readonly IReadOnlyList<VideoModel> Known =
    [
        s_standard,
        s_standard with
        {
            Names = ["doubao-seedance-2.0-fast", "seedance-2.0-fast"],
            Resolutions = ["480p", "720p"],
            Prices = new() { ["480p"] = new(.03984m, .02368m), ["720p"] = new(.0856m, .05128m) },
        },
        s_standard with
        {
            Names = ["seedance-2.0-mini", "doubao-seedance-2.0-mini"],
            Resolutions = ["480p", "720p"],
            Prices = new() { ["480p"] = new(.01056m, .0064m), ["720p"] = new(.02288m, .01384m) },
        },
        s_standard with
        {
            Names = ["doubao-seedance-2.0-face"],
            Prices = new() { ["480p"] = new(.0992m, .06m), ["720p"] = new(.2136m, .1288m), ["1080p"] = new(.5m, .3m) },
        },
        s_standard with
        {
            Names = ["doubao-seedance-2.0-fast-face"],
            Resolutions = ["480p", "720p"],
            Prices = [],
        },
        new()
        {
            Names = ["seedance-2.5"],
            Resolutions = ["480p", "720p", "1080p"],
            MaxDuration = 30,
            MaxImages = 30,
            MaxClips = 10,
            MaxClipSeconds = 30,
            IsOmni = true,
            Prices = new() { ["480p"] = new(.09608m, .0576m), ["720p"] = new(.216m, .1296m), ["1080p"] = new(.38488m, .22992m) },
        },
    ];

    /// <summary>The names that the API knows it by.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>The resolutions that it makes.</summary>
    public required IReadOnlyList<string> Resolutions { get; init; }

    /// <summary>The longest video, in seconds.</summary>
    public required int MaxDuration { get; init; }

    /// <summary>The length of a video for which none is given; null if it is not known.</summary>
    public int? DefaultDuration { get; init; }

    /// <summary>The most pictures.</summary>
    public required int MaxImages { get; init; }

    /// <summary>The most clips, and the most voices.</summary>
    public required int MaxClips { get; init; }

    /// <summary>The most seconds of all clips, and of all voices.</summary>
    public required int MaxClipSeconds { get; init; }

    /// <summary>
    /// True if it takes any material beside any other, voices alone, and what came with that: an open duration, task types,
    /// output formats, watermarks. False if pictures, frames and clips exclude each other.
    /// </summary>
    public bool IsOmni { get; init; }

    /// <summary>Dollars a second, by resolution. What lacks is not known.</summary>
    public required Dictionary<string, VideoPrice> Prices { get; init; }

    /// <summary>The model of a name, in any case; null if it is not known.</summary>
    public static VideoModel? Find(string? name) =>
        Known.FirstOrDefault(model => model.Names.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>Returns the most that a video of this model costs, in US dollars; null if that is not known.</summary>
    /// <param name="duration">Its seconds; null for the API's default.</param>
    /// <param name="resolution">Its resolution; null for the API's default.</param>
    /// <param name="hasClips">True if clips are given to go by. Their seconds are billed too, and are not known: the most is reckoned.</param>
    public decimal? EstimateCost(int? duration, string? resolution, bool hasClips)
    {
        var seconds = duration == OpenDuration ? MaxDuration : duration ?? DefaultDuration;
        return Prices.TryGetValue(resolution ?? ReckonedResolution, out var price) && seconds is { } made
            ? hasClips ? (made + MaxClipSeconds) * price.WithClips : made * price.Alone
            : null;
    }
}

/// <summary>US dollars a second.</summary>
/// <param name="Alone">Where no clips are given.</param>
/// <param name="WithClips">Where some are.</param>
internal sealed record VideoPrice(decimal Alone, decimal WithClips);
