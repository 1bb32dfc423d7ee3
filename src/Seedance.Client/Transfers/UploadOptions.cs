namespace Seedance;

/// <summary>How to upload pictures.</summary>
public sealed record UploadOptions
{
    /// <summary>Uploads at once.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>Uploads what is still there from an earlier time too.</summary>
    public bool Force { get; init; }
}

/// <summary>Something a run of uploads has to tell.</summary>
public abstract record UploadEvent;

/// <summary>A picture is at a public address.</summary>
public sealed record ImageUploaded(UploadedImage Image) : UploadEvent;

/// <summary>A picture was not uploaded.</summary>
public sealed record ImageNotUploaded(string Path, SeedanceException Error) : UploadEvent;

/// <summary>How far an upload has come.</summary>
/// <param name="Slot">Its place among those under way, from 0.</param>
/// <param name="FileName">The file.</param>
/// <param name="Bytes">The bytes that have left.</param>
/// <param name="Total">All of them.</param>
/// <param name="IsEnded">True for the last word of it.</param>
public sealed record UploadProgress(int Slot, string FileName, long Bytes, long Total, bool IsEnded) : UploadEvent;

/// <summary>Something to know that is no error.</summary>
public sealed record UploadWarning(string Message) : UploadEvent;
