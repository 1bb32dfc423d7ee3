using System.Globalization;
using Seedance.Errors;
using Seedance.Model;

namespace Seedance;

/// <summary>Something that keeps a video from being ordered.</summary>
/// <param name="Parameter">The parameter that is wrong, as New-SeedanceVideo calls it.</param>
/// <param name="Message">What is wrong with it.</param>
public sealed record VideoProblem(string Parameter, string Message)
{
    /// <summary>Parameter and message.</summary>
    public override string ToString() => $"-{Parameter}: {Message}";
}

/// <summary>What the API takes, as far as it can be told before sending (page "videos/generation").</summary>
public static class VideoRules
{
    /// <summary>The model where none is named.</summary>
    public const string DefaultModel = "doubao-seedance-2.0";

    /// <summary>The model where none is named and the material shows a real person.</summary>
    public const string FaceModel = "doubao-seedance-2.0-face";

    /// <summary>The longest prompt, in characters.</summary>
    public const int MaxPromptLength = 4000;

    private const int MinDuration = 4;
    private const int MaxDuration = 15;
    private const int MaxImages = 9;
    private const int MaxClips = 3;

    private static readonly string[] s_sizes = ["16:9", "9:16", "1:1", "4:3", "3:4", "21:9", "adaptive"];
    private static readonly string[] s_resolutions = ["480p", "720p", "1080p", "4k"];

    /// <summary>The known models. Any other name is sent as it is: there are newer ones.</summary>
    public static IReadOnlyList<string> KnownModels { get; } =
    [
        DefaultModel, "doubao-seedance-2.0-fast", FaceModel, "doubao-seedance-2.0-fast-face",
        "seedance-2.0", "seedance-2.0-fast", "seedance-2.0-mini", "seedance-2.5",
    ];

    /// <summary>The shapes of a picture.</summary>
    public static IReadOnlyList<string> Sizes => s_sizes;

    /// <summary>The resolutions.</summary>
    public static IReadOnlyList<string> Resolutions => s_resolutions;

    /// <summary>The model for material of this kind: one made for faces where a real person is shown.</summary>
    public static string ModelFor(VideoRequest request) =>
        request.Materials.Any(material => material.IsRealPerson) ? FaceModel : DefaultModel;

    /// <summary>The request as it can be sent, and what keeps it from being sent, if anything does. An empty cell is no value.</summary>
    public static (VideoRequest Request, IReadOnlyList<VideoProblem> Problems) Read(VideoRow row)
    {
        var problems = new List<VideoProblem>();
        var unkept = new List<AssetProblem>();
        var request = new VideoRequest
        {
            Name = Value(row.Name),
            Prompt = Value(row.Prompt),
            Model = Value(row.Model),
            Duration = (int?)WholeNumber("Duration", row.Duration, int.MaxValue, problems),
            Size = OneOf("Size", Value(row.Size), s_sizes, problems),
            Resolution = OneOf("Resolution", Value(row.Resolution), s_resolutions, problems),
            Seed = WholeNumber("Seed", row.Seed, long.MaxValue, problems),
            GenerateAudio = Flag("GenerateAudio", row.GenerateAudio, problems),
            ReturnLastFrame = Flag("ReturnLastFrame", row.ReturnLastFrame, problems),
            WebSearch = Flag("WebSearch", row.WebSearch, problems) ?? false,
            Images = Filled(row.Images),
            FirstFrame = Filled(row.FirstFrame),
            LastFrame = Filled(row.LastFrame),
            References = Filled(row.References),
            ReferenceVideos = Filled(row.ReferenceVideos),
            ReferenceAudios = Filled(row.ReferenceAudios),
            Row = row.Row,
            RowId = Value(row.RowId),
            Kept = KeptColumns.Read(row.Kept, unkept),
            Input = row.InputObject,
        };
        problems.AddRange(unkept.Select(problem => new VideoProblem("KeepProperty", $"{problem.Column}: {problem.Message}")));
        request = request with { Model = request.Model ?? ModelFor(request) };
        CheckValues(request, problems);
        CheckMaterials(request, problems);
        CheckTogether(request, problems);
        return (request, problems);
    }

    /// <summary>The one error for a row that cannot be sent.</summary>
    public static SeedanceException Refuse(VideoRequest request, IReadOnlyList<VideoProblem> problems)
    {
        var what = request.Row > 0 ? $"Row {request.Row} ({request.Label})" : $"The video '{request.Label}'";
        return new(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"{what} was not ordered: {string.Join("; ", problems)}.")
        {
            RecommendedAction = $"Correct {string.Join(", ", problems.Select(problem => $"-{problem.Parameter}").Distinct())} and run again; videos that were ordered are skipped with -Resume.",
        };
    }

    private static void CheckValues(VideoRequest request, List<VideoProblem> problems)
    {
        if (request.Prompt?.Length > MaxPromptLength)
        {
            problems.Add(new("Prompt", $"{request.Prompt.Length} characters, at most {MaxPromptLength} are allowed"));
        }

        if (request.Duration is < MinDuration or > MaxDuration)
        {
            problems.Add(new("Duration", $"{request.Duration} s, {MinDuration} to {MaxDuration} are allowed"));
        }

        if (request is { Resolution: "1080p" or "4k", Model: { } model } && model.Contains("fast", StringComparison.OrdinalIgnoreCase))
        {
            problems.Add(new("Resolution", $"the model {model} goes up to 720p; -Model {DefaultModel} goes further"));
        }
    }

    private static void CheckMaterials(VideoRequest request, List<VideoProblem> problems)
    {
        Check("Image", AssetType.Image, request.Images);
        Check("FirstFrame", AssetType.Image, request.FirstFrame);
        Check("LastFrame", AssetType.Image, request.LastFrame);
        Check("Reference", AssetType.Image, request.References);
        Check("ReferenceVideo", AssetType.Video, request.ReferenceVideos);
        Check("ReferenceAudio", AssetType.Audio, request.ReferenceAudios);

        void Check(string parameter, AssetType type, IReadOnlyList<VideoMaterial> materials)
        {
            foreach (var material in materials)
            {
                if (!IsAddress(material.Address))
                {
                    problems.Add(new(parameter, $"'{Redaction.Quote(material.ToString())}' is neither asset://… nor an http or https address; a local picture is uploaded with Send-SeedanceImage"));
                }
                else if (!material.IsUsable)
                {
                    problems.Add(new(parameter, $"the asset {material} did not pass its review; Get-SeedanceAsset -Usable leaves such out"));
                }
                else if (material.AssetType is { } actual && actual != type)
                {
                    problems.Add(new(parameter, $"the asset {material} is of type {actual}: it goes to -{ParameterOf(actual)}"));
                }
            }
        }
    }

    private static void CheckTogether(VideoRequest request, List<VideoProblem> problems)
    {
        var hasFrame = request.FirstFrame.Count + request.LastFrame.Count > 0;
        var roled = request.References.Count + request.FirstFrame.Count + request.LastFrame.Count;
        AtMost("FirstFrame", request.FirstFrame.Count, 1, "pictures");
        AtMost("LastFrame", request.LastFrame.Count, 1, "pictures");
        AtMost("Image", request.Images.Count, MaxImages, "pictures");
        AtMost("Reference", roled, MaxImages, hasFrame ? "pictures, with -FirstFrame and -LastFrame" : "pictures");
        AtMost("ReferenceVideo", request.ReferenceVideos.Count, MaxClips, "clips");
        AtMost("ReferenceAudio", request.ReferenceAudios.Count, MaxClips, "voices");
        if (request.Images.Count > 0)
        {
            Excludes("Image", "FirstFrame", request.FirstFrame.Count > 0);
            Excludes("Image", "LastFrame", request.LastFrame.Count > 0);
            Excludes("Image", "Reference", request.References.Count > 0);
        }

        foreach (var (frame, isGiven) in ((string, bool)[])[("FirstFrame", request.FirstFrame.Count > 0), ("LastFrame", request.LastFrame.Count > 0)])
        {
            Excludes(frame, "ReferenceVideo", isGiven && request.ReferenceVideos.Count > 0);
            Excludes(frame, "ReferenceAudio", isGiven && request.ReferenceAudios.Count > 0);
        }

        if (request.ReferenceAudios.Count > 0 && !hasFrame && request.Images.Count + request.References.Count + request.ReferenceVideos.Count == 0)
        {
            problems.Add(new("ReferenceAudio", "a voice alone makes no video; give -Image, -Reference or -ReferenceVideo beside it"));
        }

        if (request.Prompt is null && !request.Materials.Any())
        {
            problems.Add(new("Prompt", "it is empty, and there is no picture or clip to go by"));
        }

        void AtMost(string parameter, int count, int most, string what)
        {
            if (count > most)
            {
                problems.Add(new(parameter, $"{count} {what}, at most {most} {(most == 1 ? "is" : "are")} allowed"));
            }
        }

        void Excludes(string parameter, string other, bool isSo)
        {
            if (isSo)
            {
                problems.Add(new(parameter, $"it excludes -{other}"));
            }
        }
    }

    private static string? OneOf(string parameter, string? value, string[] allowed, List<VideoProblem> problems)
    {
        var known = value is null ? null : Array.Find(allowed, one => one.Equals(value, StringComparison.OrdinalIgnoreCase));
        if (value is not null && known is null)
        {
            problems.Add(new(parameter, $"'{Redaction.Quote(value)}' is none of {string.Join(", ", allowed)}"));
        }

        return known ?? value;
    }

    private static long? WholeNumber(string parameter, string? cell, long most, List<VideoProblem> problems)
    {
        if (Value(cell) is not { } text)
        {
            return null;
        }

        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number == decimal.Truncate(number) && Math.Abs(number) <= most)
        {
            return (long)number;
        }

        problems.Add(new(parameter, $"'{Redaction.Quote(text)}' is no whole number"));
        return null;
    }

    private static bool? Flag(string parameter, string? cell, List<VideoProblem> problems)
    {
        switch (Value(cell)?.ToLowerInvariant())
        {
            case null:
                return null;
            case "true" or "yes" or "on" or "1":
                return true;
            case "false" or "no" or "off" or "0":
                return false;
            default:
                problems.Add(new(parameter, $"'{Redaction.Quote(Value(cell))}' is neither true nor false"));
                return null;
        }
    }

    private static string ParameterOf(AssetType type) => type switch
    {
        AssetType.Video => "ReferenceVideo",
        AssetType.Audio => "ReferenceAudio",
        _ => "Image or -Reference",
    };

    private static bool IsAddress(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && address.Contains("://", StringComparison.Ordinal)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == "asset" && address.Length > "asset://".Length));

    private static IReadOnlyList<VideoMaterial> Filled(IReadOnlyList<VideoMaterial> materials) =>
        materials.Any(material => material.IsEmpty) ? [.. materials.Where(material => !material.IsEmpty)] : materials;

    private static string? Value(string? cell) => string.IsNullOrWhiteSpace(cell) ? null : cell.Trim();
}
