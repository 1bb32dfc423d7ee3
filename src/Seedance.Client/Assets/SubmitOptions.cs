namespace Seedance;

/// <summary>How a run of submissions goes about it.</summary>
public sealed record SubmitOptions
{
    /// <summary>The group of rows that name none; null describes one group for the whole run.</summary>
    public AvatarGroup? Group { get; init; }

    /// <summary>Rows a request, 1–20.</summary>
    public int BatchSize { get; init; } = SeedanceClient.MaxAssetsPerRequest;

    /// <summary>Requests at once.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>Skips what the journal has as accepted, and gives its tasks out again.</summary>
    public bool Resume { get; init; }

    /// <summary>With <see cref="Resume"/>: sends again what was refused or failed review.</summary>
    public bool RetryFailed { get; init; }

    /// <summary>With <see cref="Resume"/>: sends again what may or may not have been accepted.</summary>
    public bool RetryUnknown { get; init; }
}

/// <summary>Something a run of submissions has to tell.</summary>
public abstract record SubmitEvent;

/// <summary>A request was accepted, now or, with <paramref name="Resumed"/>, in an earlier run.</summary>
public sealed record TaskAccepted(SeedanceTask Task, bool Resumed) : SubmitEvent;

/// <summary>A row did not become part of a task, or that is not known.</summary>
public sealed record RowFailed(AssetSource Row, SeedanceException Error) : SubmitEvent;

/// <summary>A row's picture is at a public address, from where the review fetches it.</summary>
public sealed record PictureUploaded(AssetSource Row, UploadedImage Image) : SubmitEvent;

/// <summary>Something to know that is no error.</summary>
public sealed record SubmitNotice(string Message) : SubmitEvent;
