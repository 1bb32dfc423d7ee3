namespace Seedance;

/// <summary>How to save videos.</summary>
public sealed record SaveOptions
{
    /// <summary>A folder, or a file for a single video; the whole path. What ends in a separator, exists as a folder or has no extension is a folder.</summary>
    public required string Destination { get; init; }

    /// <summary>Overwrites files that are there.</summary>
    public bool Force { get; init; }

    /// <summary>Leaves files that are there as they are, and gives them out as if they had just been saved.</summary>
    public bool SkipExisting { get; init; }

    /// <summary>
    /// Gets how files in a folder are named, such as <c>{Name}-{TaskId}</c>: the video's Name, RowId, Row or RunName, its TaskId,
    /// or any column that was kept with it. Null for the name, if it has one, and the task's id.
    /// </summary>
    public string? NameTemplate { get; init; }

    /// <summary>Saves the thumbnail too, and the last frame where there is one.</summary>
    public bool IncludeThumbnail { get; init; }

    /// <summary>Downloads at once.</summary>
    public int ThrottleLimit { get; init; } = 3;
}

/// <summary>Something a run of downloads has to tell.</summary>
public abstract record SaveEvent;

/// <summary>A file is whole and has its name.</summary>
/// <param name="Task">The task.</param>
/// <param name="File">The file.</param>
/// <param name="IsSkipped">True if it was there, and was left as it is.</param>
public sealed record FileSaved(SeedanceTask Task, FileInfo File, bool IsSkipped = false) : SaveEvent;

/// <summary>A file of the task was not saved; where the download can be gone on with, what came is kept.</summary>
public sealed record FileNotSaved(SeedanceTask Task, SeedanceException Error) : SaveEvent;

/// <summary>How far a download has come.</summary>
/// <param name="Slot">Its place among those under way, from 0.</param>
/// <param name="FileName">The file.</param>
/// <param name="Bytes">The bytes that are there.</param>
/// <param name="Total">The bytes of the whole; null if that was not told.</param>
/// <param name="BytesPerSecond">The speed since this download began.</param>
/// <param name="IsEnded">True for the last word of it.</param>
public sealed record SaveProgress(int Slot, string FileName, long Bytes, long? Total, double BytesPerSecond, bool IsEnded) : SaveEvent
{
    /// <summary>How long the rest will take; null if nothing tells.</summary>
    public TimeSpan? TimeLeft => Total is { } total && BytesPerSecond > 0 ? TimeSpan.FromSeconds(Math.Min((total - Bytes) / BytesPerSecond, 1e7)) : null;
}
