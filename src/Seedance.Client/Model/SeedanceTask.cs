using Seedance.Errors;

namespace Seedance;

/// <summary>What a task does.</summary>
public enum TaskKind
{
    /// <summary>Not known: the task was asked for by its id alone, and neither its answer nor the journal tells.</summary>
    Unknown,

    /// <summary>A review of submitted material.</summary>
    Asset,

    /// <summary>A video generation.</summary>
    Video,

    /// <summary>An identity session: its completion says that the session exists, not that anyone is verified.</summary>
    IdentitySession,

    /// <summary>The outcome of an identity session.</summary>
    IdentityResult,
}

/// <summary>Where a task stands.</summary>
public enum SeedanceTaskStatus
{
    /// <summary>A word this version does not know. Not final.</summary>
    Unknown,

    /// <summary>Accepted, not begun.</summary>
    Pending,

    /// <summary>Under way.</summary>
    Processing,

    /// <summary>Done.</summary>
    Completed,

    /// <summary>Failed, in part or in whole; usable assets stay usable.</summary>
    Failed,

    /// <summary>Called off.</summary>
    Cancelled,
}

/// <summary>The error a task ended with.</summary>
/// <param name="Code">The API's code; null if it gave only text.</param>
/// <param name="Message">The API's words, in the language asked for.</param>
public sealed record TaskError(string? Code, string? Message)
{
    /// <summary>What the code means, and what to do; null if nothing is known of it.</summary>
    public string? Explanation => ApiErrorCodes.Find(Code, Message) is { } known ? $"{known.Explanation} {known.Advice}" : null;

    /// <summary>True if the same may well succeed later: a fault of the moment, or no reason at all, as of an address that could not be fetched.</summary>
    public bool IsPassing => MayPass(Code, Message);

    internal static bool MayPass(string? code, string? message) =>
        ApiErrorCodes.Find(code, message) is { } known ? known.IsPassing : code is null && string.IsNullOrEmpty(message);

    /// <summary>Code and message.</summary>
    public override string ToString() => Code is null ? Message ?? string.Empty : $"{Code}: {Message}";
}

/// <summary>A task as one answer showed it (<c>GET /v1/tasks/{id}</c>, page "tasks/status"). Immutable; a later look gives a new one.</summary>
public sealed record SeedanceTask
{
    private const string LibraryPrefix = "library-";

    /// <summary>The server's id.</summary>
    public required string TaskId { get; init; }

    /// <summary>
    /// Gets whether the answer that told the task's id was lost, and its rows were found in the asset library: the id is
    /// this module's own then, and the library is asked in place of the task.
    /// </summary>
    public bool IsFromLibrary => IsLibraryId(TaskId);

    /// <summary>What the task does.</summary>
    public TaskKind Kind { get; init; }

    /// <summary>Where it stands.</summary>
    public SeedanceTaskStatus Status { get; init; }

    /// <summary>The server's own word for it.</summary>
    public string? RawStatus { get; init; }

    /// <summary>True once nothing will change any more.</summary>
    public bool IsFinal => Status is SeedanceTaskStatus.Completed or SeedanceTaskStatus.Failed or SeedanceTaskStatus.Cancelled;

    /// <summary>Progress in percent, 0–100.</summary>
    public int Progress { get; init; }

    /// <summary>When it was accepted; the server's time, else ours; null if neither is known.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was submitted, by this machine's clock; null if it was not submitted through this module.</summary>
    internal DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>The same moment by the clock that only goes forward, within this process; null in any other.</summary>
    internal long? SubmittedTimestamp { get; init; }

    /// <summary>When it became final.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>How long the server expects it to take.</summary>
    public TimeSpan? EstimatedTime { get; init; }

    /// <summary>The reviewed assets, with their rows.</summary>
    public IReadOnlyList<SeedanceAsset> Assets { get; init => field = DisplayList<SeedanceAsset>.From(value); } = DisplayList<SeedanceAsset>.Empty;

    /// <summary>Those that passed review.</summary>
    public IReadOnlyList<SeedanceAsset> UsableAssets => DisplayList<SeedanceAsset>.From(Assets.Where(asset => asset.IsUsable));

    /// <summary>Those that did not.</summary>
    public IReadOnlyList<SeedanceAsset> FailedAssets => DisplayList<SeedanceAsset>.From(Assets.Where(asset => !asset.IsUsable));

    /// <summary>The videos made. Their links expire.</summary>
    public IReadOnlyList<SeedanceVideo> Videos { get; init => field = DisplayList<SeedanceVideo>.From(value); } = DisplayList<SeedanceVideo>.Empty;

    /// <summary>Why it failed; null unless it did.</summary>
    public TaskError? Error { get; init; }

    /// <summary>The group the material went to; null if unknown.</summary>
    public AvatarGroup? Group { get; init; }

    /// <summary>The group's id, once the server has told it.</summary>
    public string? GroupId => Group?.GroupId;

    /// <summary>The project; null if unknown.</summary>
    public string? ProjectName { get; init; }

    /// <summary>What the material is; null if unknown.</summary>
    public AssetType? AssetType { get; init; }

    /// <summary>The rows that were submitted, in the order of submission.</summary>
    public IReadOnlyList<AssetSource> Sources { get; init => field = DisplayList<AssetSource>.From(value); } = DisplayList<AssetSource>.Empty;

    /// <summary>How many rows of a final review lack a result; 0 while it is not final.</summary>
    public int MissingCount => IsFinal && Kind == TaskKind.Asset ? Math.Max(Sources.Count - Assets.Count, 0) : 0;

    /// <summary>The rows of a final review that have no result. Empty where none lacks, and where guesses would decide which they are.</summary>
    public IReadOnlyList<AssetSource> SourcesWithoutResult => DisplayList<AssetSource>.From(RowsWithoutResult.Select(row => Sources[row]));

    /// <summary>The places of <see cref="SourcesWithoutResult"/> among the sources, from 0.</summary>
    internal IReadOnlyList<int> RowsWithoutResult => MissingCount == 0 || Assets.Any(asset => !asset.IsCertain)
        ? [] : [.. Enumerable.Range(0, Sources.Count).Except(Assets.Select(asset => asset.SourceIndex))];

    /// <summary>Gets the id of the run that it belongs to (<see cref="Run.RunId"/>); null if it belongs to none.</summary>
    public string? RunId { get; init; }

    /// <summary>Gets the name of the run that it belongs to; null if it has none.</summary>
    public string? RunName { get; init; }

    /// <summary>
    /// Gets the most that a video was reckoned to cost when it was ordered, in US dollars; null if that is not known. What it
    /// did cost is in <see cref="Cost"/> when it has ended.
    /// </summary>
    public decimal? EstimatedCost { get; init; }

    /// <summary>What it cost, in the account's currency; null if the answer does not say.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The tokens that it took, by which videos are priced; null if the answer does not say. They may come some seconds after the end.</summary>
    public long? CompletionTokens { get; init; }

    /// <summary>The answer's <c>data</c> as it came.</summary>
    public string? RawJson { get; init; }

    /// <summary>The id.</summary>
    public override string ToString() => TaskId;

    /// <summary>Returns the id of the task of a request that was found in the library.</summary>
    internal static string LibraryId(string intentId) => LibraryPrefix + intentId;

    /// <summary>Returns whether an id is one of those.</summary>
    internal static bool IsLibraryId(string taskId) => taskId.StartsWith(LibraryPrefix, StringComparison.Ordinal);
}
