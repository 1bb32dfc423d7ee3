namespace Seedance;

/// <summary>The asset library is asked about rows whose outcome is not known, which may take a minute.</summary>
/// <param name="Count">How many rows.</param>
public sealed record RowsLookedUp(int Count) : SubmitEvent;

/// <summary>A row's picture is at a public address, from where the review fetches it.</summary>
public sealed record RowImageUploaded(AssetSource Row, UploadedImage Image) : SubmitEvent;
