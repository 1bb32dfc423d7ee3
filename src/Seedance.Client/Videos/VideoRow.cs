namespace Seedance;

/// <summary>A video as people write it down, before it is known to make sense: the columns of a CSV.</summary>
public sealed record VideoRow
{
    /// <summary>Column <c>Name</c>: what the video is called.</summary>
    public string? Name { get; init; }

    /// <summary>Column <c>Prompt</c>: up to 4000 characters.</summary>
    public string? Prompt { get; init; }

    /// <summary>Column <c>Model</c>; empty for one that fits the material.</summary>
    public string? Model { get; init; }

    /// <summary>Column <c>Duration</c>: whole seconds, 4–15; 4–30 or -1 with 2.5.</summary>
    public string? Duration { get; init; }

    /// <summary>Column <c>Size</c>, as <c>16:9</c>.</summary>
    public string? Size { get; init; }

    /// <summary>Column <c>Resolution</c>, as <c>720p</c>.</summary>
    public string? Resolution { get; init; }

    /// <summary>Column <c>Seed</c>: a whole number.</summary>
    public string? Seed { get; init; }

    /// <summary>Column <c>GenerateAudio</c>: true or false.</summary>
    public string? GenerateAudio { get; init; }

    /// <summary>Column <c>ReturnLastFrame</c>: true or false.</summary>
    public string? ReturnLastFrame { get; init; }

    /// <summary>Column <c>WebSearch</c>: true or false.</summary>
    public string? WebSearch { get; init; }

    /// <summary>Column <c>TaskType</c>: Auto, Reference, Edit or Extend.</summary>
    public string? TaskType { get; init; }

    /// <summary>Column <c>OutputFormat</c>: mp4 or mov.</summary>
    public string? OutputFormat { get; init; }

    /// <summary>Column <c>Watermark</c>: true or false.</summary>
    public string? Watermark { get; init; }

    /// <summary>Column <c>CheckContent</c>: true or false.</summary>
    public string? CheckContent { get; init; }

    /// <summary>Gets fields that this version does not know, sent as they are: text, numbers, true and false, lists and dictionaries.</summary>
    public IReadOnlyDictionary<string, object?>? AdditionalFields { get; init; }

    /// <summary>Column <c>Image</c> or <c>AssetUrl</c>.</summary>
    public IReadOnlyList<VideoMaterial> Images { get; init; } = [];

    /// <summary>Column <c>FirstFrame</c>.</summary>
    public IReadOnlyList<VideoMaterial> FirstFrame { get; init; } = [];

    /// <summary>Column <c>LastFrame</c>.</summary>
    public IReadOnlyList<VideoMaterial> LastFrame { get; init; } = [];

    /// <summary>Column <c>Reference</c>.</summary>
    public IReadOnlyList<VideoMaterial> References { get; init; } = [];

    /// <summary>Column <c>ReferenceVideo</c>.</summary>
    public IReadOnlyList<VideoMaterial> ReferenceVideos { get; init; } = [];

    /// <summary>Column <c>ReferenceAudio</c>.</summary>
    public IReadOnlyList<VideoMaterial> ReferenceAudios { get; init; } = [];

    /// <summary>The row's place in its input, from 1; 0 if it has none.</summary>
    public int Row { get; init; }

    /// <summary>Gets column <c>RowId</c>: the row's own id, by which it is the same row from run to run.</summary>
    public string? RowId { get; init; }

    /// <summary>Gets the columns that are to be kept with the row, by their names, as they came; null if none are.</summary>
    public IReadOnlyDictionary<string, object?>? Kept { get; init; }

    /// <summary>Gets the row as it came in; null if there is nothing but these columns.</summary>
    public object? InputObject { get; init; }
}
