namespace Seedance.Sandbox.Endpoints;

/// <summary>What a model of videos takes and costs. Names that are not known are served as the 2.0 family.</summary>
internal sealed record VideoModel
{
    private static readonly VideoModel s_standard = new()
    {
        MaxDuration = 15,
        Prices = new() { ["480p"] = new(.066m, .04m), ["720p"] = new(.142m, .08584m), ["1080p"] = new(.3544m, .21568m), ["4k"] = new(.722m, .44432m) },
    };

    private static readonly VideoModel s_face = s_standard with
    {
        Prices = new() { ["480p"] = new(.0992m, .06m), ["720p"] = new(.2136m, .1288m), ["1080p"] = new(.5m, .3m), ["4k"] = new(.722m, .44432m) },
    };

    private static readonly VideoModel s_fast = s_standard with
    {
        Prices = new() { ["480p"] = new(.03984m, .02368m), ["720p"] = new(.0856m, .05128m) },
    };

    private static readonly VideoModel s_mini = s_standard with
    {
        Prices = new() { ["480p"] = new(.01056m, .0064m), ["720p"] = new(.02288m, .01384m) },
    };

    private static readonly VideoModel s_newer = new()
    {
        IsNewer = true,
        MaxDuration = 30,
        MaxImages = 30,
        MaxClips = 10,
        Prices = new() { ["480p"] = new(.09608m, .0576m), ["720p"] = new(.216m, .1296m), ["1080p"] = new(.38488m, .22992m) },
    };

    /// <summary>The shortest video in seconds.</summary>
    public const long MinDuration = 4;

    /// <summary>The duration that leaves it to the model.</summary>
    public const long OpenDuration = -1;

    /// <summary>The longest video in seconds.</summary>
    public required long MaxDuration { get; init; }

    public int MaxImages { get; init; } = 9;

    /// <summary>The most reference videos, and the most audios.</summary>
    public int MaxClips { get; init; } = 3;

    /// <summary>Whether it has what came with 2.5: open durations, audio alone, task types, formats and watermarks.</summary>
    public bool IsNewer { get; init; }

    /// <summary>Dollars a second by resolution: those that it offers.</summary>
    public required Dictionary<string, VideoPrice> Prices { get; init; }

    public static VideoModel Find(string name) =>
        name.Contains("seedance-2.5", StringComparison.Ordinal) ? s_newer
        : name.Contains("fast", StringComparison.Ordinal) ? s_fast
        : name.Contains("mini", StringComparison.Ordinal) ? s_mini
        : name.Contains("face", StringComparison.Ordinal) ? s_face
        : s_standard;
}

/// <summary>Dollars a second.</summary>
/// <param name="Alone">Without a reference video.</param>
/// <param name="WithVideo">With one.</param>
internal sealed record VideoPrice(decimal Alone, decimal WithVideo);
