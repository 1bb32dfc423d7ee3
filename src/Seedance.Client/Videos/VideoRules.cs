using Seedance.Errors;
using Seedance.Model;
using Seedance.Videos;
using static Seedance.Videos.VideoCells;

namespace Seedance;

/// <summary>Something that keeps a video from being ordered.</summary>
/// <param name="Parameter">The parameter that is wrong, as New-SeedanceVideo calls it.</param>
/// <param name="Message">What is wrong with it.</param>
public sealed record VideoProblem(string Parameter, string Message)
{
    /// <summary>Parameter and message.</summary>
    public override string ToString() => $"-{Parameter}: {Message}";
}

/// <summary>What the API takes, as far as it can be told before sending (page "videos/generation"). The limits of a model hold for those that are known.</summary>
public static class VideoRules
{
    /// <summary>The model where none is named.</summary>
    public const string DefaultModel = "doubao-seedance-2.0";

    /// <summary>The model where none is named and the material shows a real person.</summary>
    public const string FaceModel = "doubao-seedance-2.0-face";

    /// <summary>The longest prompt, in characters.</summary>
    public const int MaxPromptLength = 4000;

    /// <summary>The known models. Any other name is sent as it is, without any limits: there are newer ones.</summary>
    public static IReadOnlyList<string> KnownModels { get; } = [.. VideoModel.Known.SelectMany(model => model.Names)];

    /// <summary>The shapes of a picture.</summary>
    public static IReadOnlyList<string> Sizes { get; } = ["16:9", "9:16", "1:1", "4:3", "3:4", "21:9", VideoModel.Adaptive];

    /// <summary>The resolutions, of which no model has all.</summary>
    public static IReadOnlyList<string> Resolutions { get; } = [.. VideoModel.Known.SelectMany(model => model.Resolutions).Distinct()];

    /// <summary>What a video can be asked for to do with its material.</summary>
    public static IReadOnlyList<string> TaskTypes { get; } = ["Auto", "Reference", "Edit", "Extend"];

    /// <summary>The formats of files.</summary>
    public static IReadOnlyList<string> OutputFormats { get; } = ["mp4", "mov"];

    /// <summary>Gets the day when the prices were last looked up that estimates go by.</summary>
    public static DateOnly PricesAsOf => VideoModel.PricesAsOf;

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
            Size = Value(row.Size),
            Resolution = Value(row.Resolution),
            Seed = WholeNumber("Seed", row.Seed, long.MaxValue, problems),
            GenerateAudio = Flag("GenerateAudio", row.GenerateAudio, problems),
            ReturnLastFrame = Flag("ReturnLastFrame", row.ReturnLastFrame, problems),
            WebSearch = Flag("WebSearch", row.WebSearch, problems) ?? false,
            TaskType = Value(row.TaskType)?.ToLowerInvariant(),
            OutputFormat = Value(row.OutputFormat)?.ToLowerInvariant(),
            Watermark = Flag("Watermark", row.Watermark, problems),
            CheckContent = Flag("CheckContent", row.CheckContent, problems),
            AdditionalFields = row.AdditionalFields,
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
        if (VideoModel.Find(request.Model) is { } model)
        {
            request = VideoLimits.Check(request, model, problems);
        }

        CheckMaterials(request, problems);
        if (request.Prompt is null && !request.Materials.Any())
        {
            problems.Add(new("Prompt", "it is empty, and there is no picture or clip to go by"));
        }

        if (request.AdditionalFieldObjection() is { } objection)
        {
            problems.Add(new("AdditionalField", objection));
        }

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
}
