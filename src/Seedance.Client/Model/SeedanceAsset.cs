namespace Seedance;

/// <summary>How a result of a task was matched to the row it came from. Results are not promised in the order of submission.</summary>
public enum MatchedBy
{
    /// <summary>Not matched: the row is unknown.</summary>
    None,

    /// <summary>By the name that the answer echoes: one row and one result have it, and the answer names no others. Certain.</summary>
    Name,

    /// <summary>The task had one asset. Certain.</summary>
    Single,

    /// <summary>By its place in the list. Likely, not certain.</summary>
    Position,

    /// <summary>By a name that the answer echoes changed: in other case, cut, escaped or normalised. Likely, not certain.</summary>
    SimilarName,
}

/// <summary>A reviewed asset (<c>result.assets[]</c>, page "tasks/status").</summary>
public sealed record SeedanceAsset
{
    /// <summary>The status of an asset that was found in the library before its review had ended.</summary>
    internal const string UnderReview = "Processing";

    /// <summary>The statuses of an asset that is about to be deleted, was deleted, or is gone by somebody else's doing.</summary>
    internal const string Deleting = "Deleting", Deleted = "Deleted", Gone = "Gone";

    /// <summary>The server's id.</summary>
    public required string AssetId { get; init; }

    /// <summary>The address that video generation takes: <c>asset://…</c>.</summary>
    public required string AssetUrl { get; init; }

    /// <summary>The review's outcome in the server's word: <c>Active</c> or <c>Failed</c>.</summary>
    public string? Status { get; init; }

    /// <summary>True if the asset passed review.</summary>
    public bool IsUsable { get; init; }

    /// <summary>The row's name, or the name that the answer echoes; null if neither is known.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the row that it came from; null if that is unknown.</summary>
    public AssetSource? Source { get; init; }

    /// <summary>Gets the row's address without its query; null if the row is unknown.</summary>
    public string? SourceUrl => Source?.SourceUrl;

    /// <summary>Gets the row's place in its input, from 1; 0 if it is unknown.</summary>
    public int Row => Source?.Row ?? 0;

    /// <summary>Gets the row's own id in its table; null if it has none.</summary>
    public string? RowId => Source?.RowId;

    /// <summary>Returns the row as it came in, whole addresses included; null in later sessions.</summary>
    public object? GetInputObject() => Source?.Input;

    /// <summary>Gets whether <see cref="SourceUrl"/> is less than the address that was sent: its query, which may be a signature, is stored nowhere.</summary>
    public bool IsUrlCut => Source?.IsUrlCut ?? false;

    /// <summary>What the material is; null if unknown.</summary>
    public AssetType? AssetType { get; init; }

    /// <summary>The group's id, if the server has told it.</summary>
    public string? GroupId { get; init; }

    /// <summary>Gets the group's name, as it was submitted; null if it has none, or was given by its id.</summary>
    public string? GroupName { get; init; }

    /// <summary>The project; null if unknown.</summary>
    public string? ProjectName { get; init; }

    /// <summary>Gets the name of the run that submitted it; null if it has none.</summary>
    public string? RunName { get; init; }

    /// <summary>Gets when it was submitted; null if that is not known.</summary>
    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>Gets when its review ended, by the server's clock; null if that is not known.</summary>
    public DateTimeOffset? ReviewedAt { get; init; }

    /// <summary>Gets what the API says of why it failed; null if it passed, or nothing is said. It is said of the task as a whole where the asset has no word of its own.</summary>
    public TaskError? Error { get; init; }

    /// <summary>True if it shows a real person who passed the liveness check: its group is that person's.</summary>
    public bool IsRealPerson { get; init; }

    /// <summary>The task that reviewed it.</summary>
    public required string TaskId { get; init; }

    /// <summary>How the row was found.</summary>
    public MatchedBy MatchedBy { get; init; }

    /// <summary>True if the row is certain: matched by <see cref="MatchedBy.Name"/> or as a <see cref="MatchedBy.Single"/>.</summary>
    public bool IsCertain => MatchedBy is MatchedBy.Name or MatchedBy.Single;

    /// <summary>Gets whether it was deleted from the asset library, or is about to be, or is gone from there.</summary>
    public bool IsDeleted => Status is Deleting or Deleted or Gone;

    /// <summary>Gets whether a later submission of the same row was accepted.</summary>
    public bool IsSuperseded { get; init; }

    /// <summary>Gets the row's place among the sources of its task, from 0; -1 if unknown.</summary>
    public int SourceIndex { get; init; } = -1;

    /// <summary>The <c>asset://</c> address.</summary>
    public override string ToString() => AssetUrl;
}
