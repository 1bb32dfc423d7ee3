using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Seedance.Errors;
using Seedance.Http;
using Seedance.Videos;

namespace Seedance;

/// <summary>
/// A video to be made (<c>POST /v1/videos/generations</c>, page "videos/generation"). What is null is not sent, and left
/// to the API; <see cref="VideoRules"/> says what goes together.
/// </summary>
public sealed record VideoRequest
{
    private static readonly JsonWriterOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The caller's name for the video; not sent.</summary>
    public string? Name { get; init; }

    /// <summary>What is to be seen; up to 4000 characters. Needed where there is no material.</summary>
    public string? Prompt { get; init; }

    /// <summary>The model; null chooses one by the material.</summary>
    public string? Model { get; init; }

    /// <summary>Seconds: 4–15, or 4–30 and -1 (the model decides) with 2.5.</summary>
    public int? Duration { get; init; }

    /// <summary>The shape of the picture, as <c>16:9</c>, or <c>adaptive</c>.</summary>
    public string? Size { get; init; }

    /// <summary><c>480p</c>, <c>720p</c>, <c>1080p</c> or <c>4k</c>.</summary>
    public string? Resolution { get; init; }

    /// <summary>Decides what is left to chance.</summary>
    public long? Seed { get; init; }

    /// <summary>Whether the video has sound.</summary>
    public bool? GenerateAudio { get; init; }

    /// <summary>Whether the last frame comes as a picture too.</summary>
    public bool? ReturnLastFrame { get; init; }

    /// <summary>Whether the model may search the web.</summary>
    public bool WebSearch { get; init; }

    /// <summary>What to do with the material: <c>auto</c>, <c>reference</c>, <c>edit</c> or <c>extend</c>; with 2.5 only.</summary>
    public string? TaskType { get; init; }

    /// <summary><c>mp4</c> or <c>mov</c>; with 2.5 only.</summary>
    public string? OutputFormat { get; init; }

    /// <summary>Whether the video carries a watermark; with 2.5 only.</summary>
    public bool? Watermark { get; init; }

    /// <summary>Whether prompt and material are checked first: a hit is refused, and not billed.</summary>
    public bool? CheckContent { get; init; }

    /// <summary>
    /// Fields that this version does not know, sent as they are; null if there are none. One may be a signed address, so they
    /// are not shown.
    /// </summary>
    public IReadOnlyDictionary<string, object?>? AdditionalFields { internal get; init; }

    /// <summary>Pictures without a role; up to 9, or 30 with 2.5.</summary>
    public IReadOnlyList<VideoMaterial> Images { get; init; } = [];

    /// <summary>The picture that the video begins with; at most one.</summary>
    public IReadOnlyList<VideoMaterial> FirstFrame { get; init; } = [];

    /// <summary>The picture that the video ends with; at most one.</summary>
    public IReadOnlyList<VideoMaterial> LastFrame { get; init; } = [];

    /// <summary>Pictures of what is to be seen.</summary>
    public IReadOnlyList<VideoMaterial> References { get; init; } = [];

    /// <summary>Clips to go by; up to 3, 15 seconds in all, or 10, 30 seconds, with 2.5.</summary>
    public IReadOnlyList<VideoMaterial> ReferenceVideos { get; init; } = [];

    /// <summary>Voices to go by; up to 3, 15 seconds in all, or 10, 30 seconds, with 2.5.</summary>
    public IReadOnlyList<VideoMaterial> ReferenceAudios { get; init; } = [];

    /// <summary>The row's place in its input, from 1; 0 if it has none.</summary>
    public int Row { get; init; }

    /// <summary>Gets the row's own id in its table, by which it is the same row from run to run; null if it has none.</summary>
    public string? RowId { get; init; }

    /// <summary>Gets the columns of the row that are kept with it, by their names; null if none are.</summary>
    public IReadOnlyDictionary<string, string>? Kept { get; init; }

    /// <summary>The row as it came in. It may carry a signature in an address, so no serializer and no list of properties comes upon it.</summary>
    internal object? Input { get; init; }

    /// <summary>Returns the row as it came in, whole addresses included; null in later sessions.</summary>
    public object? GetInputObject() => Input;

    /// <summary>
    /// Returns the most that the video costs, in US dollars, by the prices of <see cref="VideoRules.PricesAsOf"/>; null if that
    /// is not known. A failed video, or one that is not accepted, costs nothing.
    /// </summary>
    public decimal? EstimateCost() => AdditionalFields is { Count: > 0 } ? null
        : VideoModel.Find(Model ?? VideoRules.ModelFor(this))?.EstimateCost(Duration, Resolution, ReferenceVideos.Count > 0);

    /// <summary>The request's body as people read it: addresses without their queries.</summary>
    public string ToDisplayJson() => Encoding.UTF8.GetString(Json(ToRequest(material => material.ToString()), Shown(AdditionalFields)));

    /// <summary>The row as error messages call it.</summary>
    public override string ToString() => Row > 0 ? $"row {Row} ({Label})" : $"'{Label}'";

    /// <summary>All the material there is.</summary>
    internal IEnumerable<VideoMaterial> Materials =>
        [.. Images, .. FirstFrame, .. LastFrame, .. References, .. ReferenceVideos, .. ReferenceAudios];

    /// <summary>Returns what is remembered of the request with its task: what the video is called, and the first of its material.</summary>
    internal AssetSource ToSource() => new(Materials.FirstOrDefault()?.Address)
    {
        Name = Label,
        Row = Row,
        RowId = RowId,
        Kept = Kept,
        Input = Input,
    };

    /// <summary>What the video is called in messages and in the journal: its name, or how its prompt begins, or its material.</summary>
    internal string Label => Name ?? Excerpt(Prompt) ?? Materials.FirstOrDefault()?.Url ?? "no prompt";

    /// <summary>The body: field by field in the order of the API's page, then the additional ones.</summary>
    internal JsonBody ToBody() => JsonBody.Create(ToRequest(material => material.Address), VideoRequestFormat.Default.WireVideo, AdditionalFields);

    /// <summary>Returns why the additional fields cannot be sent; null if they can.</summary>
    internal string? AdditionalFieldObjection()
    {
        if (AdditionalFields is null)
        {
            return null;
        }

        if (Http.AdditionalFields.Objection(AdditionalFields) is { } objection)
        {
            return objection;
        }

        using var own = JsonDocument.Parse(Json(ToRequest(material => material.Address), null));
        return own.RootElement.EnumerateObject().Select(field => field.Name).FirstOrDefault(AdditionalFields.ContainsKey) is { } twice
            ? $"'{twice}' is given by a parameter of its own too" : null;
    }

    /// <summary>What makes two requests the same: the body itself.</summary>
    internal string ToCanonicalJson() => Encoding.UTF8.GetString(Json(ToRequest(material => material.Address), AdditionalFields));

    private WireVideo ToRequest(Func<VideoMaterial, string> address)
    {
        IReadOnlyList<WireRoleImage> roles =
        [
            .. FirstFrame.Select(frame => new WireRoleImage(address(frame), "first_frame")),
            .. LastFrame.Select(frame => new WireRoleImage(address(frame), "last_frame")),
            .. References.Select(reference => new WireRoleImage(address(reference), "reference_image")),
        ];
        return new WireVideo
        {
            Model = Model ?? VideoRules.ModelFor(this),
            Prompt = Prompt,
            ImageUrls = Addresses(Images),
            ImageWithRoles = roles.Count == 0 ? null : roles,
            VideoUrls = Addresses(ReferenceVideos),
            AudioUrls = Addresses(ReferenceAudios),
            Duration = Duration,
            Size = Size,
            Resolution = Resolution,
            Seed = Seed,
            GenerateAudio = GenerateAudio,
            ReturnLastFrame = ReturnLastFrame == true ? true : null,
            Tools = WebSearch ? [new WireTool("web_search")] : null,
            NsfwCheck = CheckContent,
            Watermark = Watermark,
            OutputFormat = OutputFormat,
            OmniReferenceTaskType = TaskType,
        };

        IReadOnlyList<string>? Addresses(IReadOnlyList<VideoMaterial> materials) =>
            materials.Count == 0 ? null : [.. materials.Select(address)];
    }

    private static byte[] Json(WireVideo request, IReadOnlyDictionary<string, object?>? additional) =>
        Http.AdditionalFields.Write(request, VideoRequestFormat.Default.WireVideo, additional, s_readable);

    // An additional field may hold an address, too.
    private static Dictionary<string, object?>? Shown(IReadOnlyDictionary<string, object?>? fields) =>
        fields?.ToDictionary(field => field.Key, field => field.Value is string text ? Redaction.Text(text) : field.Value);

    private static string? Excerpt(string? prompt)
    {
        const int Longest = 40;
        var line = Redaction.Text(prompt)?.ReplaceLineEndings(" ");
        return line is null || line.Length <= Longest ? line : $"{line.AsSpan(0, char.IsHighSurrogate(line[Longest - 2]) ? Longest - 2 : Longest - 1)}…";
    }
}
