namespace Seedance;

/// <summary>A row did not become part of a task, or that is not known.</summary>
public sealed record RowFailed(AssetSource Row, SeedanceException Error) : SubmitEvent;

/// <summary>The asset library is asked about rows whose outcome is not known, which may take a minute.</summary>
/// <param name="Count">How many rows.</param>
public sealed record RowsLookedUp(int Count) : SubmitEvent;

/// <summary>Rows were queued for runners to send.</summary>
/// <param name="Count">How many rows.</param>
public sealed record RowsQueued(int Count) : SubmitEvent;

/// <summary>A row's picture is at a public address, from where the review fetches it.</summary>
public sealed record RowImageUploaded(AssetSource Row, UploadedImage Image) : SubmitEvent;
