using System.Text.Json.Serialization;

namespace Seedance.Sandbox.Faults;

/// <summary>
/// Which submissions become tasks that behave other than by the book, and how. What is not set is as usual; whatever
/// is set applies together, also across several orders that strike the same task.
/// </summary>
public sealed record TaskFault : RequestFilter
{
    /// <summary>How long after its acceptance the task is unknown.</summary>
    public TimeSpan? HiddenFor { get; init; }

    /// <summary>How many queries find the task unknown.</summary>
    public int? HiddenQueries { get; init; }

    /// <summary>How an unknown task is answered: 404, or 400 with the code <c>task_not_exist</c>; null takes <see cref="SandboxOptions.UnknownTaskStatus"/>.</summary>
    public int? HiddenStatus { get; init; }

    /// <summary>The word for a task that is not final, in place of <c>pending</c> and <c>processing</c>.</summary>
    public string? PendingStatus { get; init; }

    /// <summary>The word for the end, in place of <c>completed</c> and <c>failed</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Whether the task ends as a whole, without any result: as failed, unless <see cref="Status"/> says otherwise.</summary>
    public bool? NoResult { get; init; }

    /// <summary>The code of the task's error; gives it one where it would have none.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The message of the task's error; gives it one where it would have none.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Whether the error is a plain string instead of an object.</summary>
    public bool? PlainError { get; init; }

    /// <summary>How long after its end the task's result arrives.</summary>
    public TimeSpan? ResultDelay { get; init; }

    /// <summary>How many queries see the end before its result.</summary>
    public int? ResultDelayQueries { get; init; }

    /// <summary>How many results are there before all are; with 0, the default, the result is null.</summary>
    public int? EarlyResults { get; init; }

    /// <summary>
    /// A first end that another supersedes: with a word for success all assets are usable in it, with any other there
    /// are none.
    /// </summary>
    public string? FirstStatus { get; init; }

    /// <summary>How long after its end the task shows <see cref="FirstStatus"/>.</summary>
    public TimeSpan? SupersededAfter { get; init; }

    /// <summary>How many queries after its end see <see cref="FirstStatus"/>.</summary>
    public int? SupersededAfterQueries { get; init; }

    /// <summary>How many results are left out at the end.</summary>
    public int? OmittedResults { get; init; }

    /// <summary>How many results come that belong to no row.</summary>
    public int? ExtraResults { get; init; }

    /// <summary>How many results come twice.</summary>
    public int? RepeatedResults { get; init; }

    /// <summary>How many results, from the first on, have no name.</summary>
    public int? UnnamedResults { get; init; }

    /// <summary>How many rows, from the first on, become one and the same asset.</summary>
    public int? SharedAssets { get; init; }

    /// <summary>Whether an asset of several rows is listed once instead of once a row.</summary>
    public bool? MergesShared { get; init; }

    /// <summary>Text that stands behind every id, address, status and name of a result: control characters, for instance.</summary>
    public string? AppendedText { get; init; }

    /// <summary>Whether the result is there and holds nothing at all.</summary>
    public bool? EmptyResult { get; init; }

    /// <summary>Whether the result has <c>usable_assets</c> and <c>failed_assets</c> but no <c>assets</c>.</summary>
    public bool? PartsOnly { get; init; }

    /// <summary>Whether results come in another order than submitted; overrides <see cref="SandboxOptions.ShuffleResults"/>.</summary>
    public bool? Shuffled { get; init; }

    /// <summary>What becomes of the names that results echo, in this order.</summary>
    public IReadOnlyList<NameChange>? NameChanges { get; init; }

    /// <summary>The characters to which echoed names are cut, after all other changes.</summary>
    public int? NameLength { get; init; }

    /// <summary>Whether names are told as <c>name</c> of each asset instead of in <c>raw_response.Result.Name</c>.</summary>
    public bool? PlainNames { get; init; }

    /// <summary>When the group's id is told; overrides <see cref="SandboxOptions.ReturnGroupId"/>.</summary>
    public GroupIdTime? GroupId { get; init; }

    /// <summary>Whether a video's <c>url</c> is a string instead of an array of one.</summary>
    public bool? PlainLinks { get; init; }

    /// <summary>Whether <c>expires_at</c> is left out.</summary>
    public bool? NoExpiry { get; init; }

    /// <summary>Where a video's last frame is told. Default <see cref="PlaceInResult.Result"/>.</summary>
    public PlaceInResult? LastFrame { get; init; }

    /// <summary>How long after a video's end its <c>cost</c> and <c>credits_cost</c> are told. Default 0.</summary>
    public TimeSpan? CostDelay { get; init; }

    /// <summary>How long after a video's end <c>usage.completion_tokens</c> is told. Null never tells it.</summary>
    public TimeSpan? UsageDelay { get; init; }

    /// <summary>How often a webhook is called when it gets through: 1, unless ordered otherwise. 0 never calls it.</summary>
    public int? WebhookCalls { get; init; }

    internal override void Validate()
    {
        base.Validate();
        if (HiddenStatus is not (null or 400 or 404))
        {
            throw new ArgumentException("HiddenStatus must be 400 or 404.");
        }
        if ((int?[])[HiddenQueries, ResultDelayQueries, EarlyResults, SupersededAfterQueries, OmittedResults, ExtraResults, RepeatedResults, UnnamedResults, SharedAssets, NameLength, WebhookCalls] is var counts
            && Array.Exists(counts, count => count < 0))
        {
            throw new ArgumentException("A count of a task's order is below zero.");
        }
        if (FirstStatus is null != (SupersededAfter is null && SupersededAfterQueries is null))
        {
            throw new ArgumentException("FirstStatus needs SupersededAfter or SupersededAfterQueries, and the other way round.");
        }
    }
}

/// <summary>What may become of a name before it is echoed.</summary>
[JsonConverter(typeof(KebabCaseConverter<NameChange>))]
public enum NameChange
{
    /// <summary>Lower case.</summary>
    LowerCase,

    /// <summary>Upper case.</summary>
    UpperCase,

    /// <summary>Unicode's composed form.</summary>
    Nfc,

    /// <summary>Unicode's decomposed form.</summary>
    Nfd,

    /// <summary>White space at both ends goes.</summary>
    Trim,

    /// <summary>Escaped as in HTML.</summary>
    HtmlEscape,

    /// <summary>Escaped as in an address.</summary>
    PercentEncode,
}

/// <summary>When the id of a submission's group is told.</summary>
[JsonConverter(typeof(KebabCaseConverter<GroupIdTime>))]
public enum GroupIdTime
{
    /// <summary>With the acceptance.</summary>
    Early,

    /// <summary>With the task's result.</summary>
    Late,

    /// <summary>With both.</summary>
    Both,

    /// <summary>Never.</summary>
    Never,
}

/// <summary>Where a task's result holds something.</summary>
[JsonConverter(typeof(KebabCaseConverter<PlaceInResult>))]
public enum PlaceInResult
{
    /// <summary>In <c>result</c>.</summary>
    Result,

    /// <summary>In each of <c>result.videos</c>.</summary>
    Item,

    /// <summary>In both.</summary>
    Both,
}
