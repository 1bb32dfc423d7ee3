using System.Text.Json.Serialization;
using Seedance.Sandbox.Faults;

namespace Seedance.Sandbox;

/// <summary>How a <see cref="SandboxApi"/> behaves where the real service leaves room.</summary>
public sealed record SandboxOptions
{
    /// <summary>Decides every id, duration and order. The same seed and the same requests give the same answers.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How far the service's clock is ahead of the one it was given; below zero, behind.</summary>
    public TimeSpan ClockOffset { get; init; }

    /// <summary>The answers that go wrong from the beginning; <see cref="SandboxApi.Faults"/> takes others later.</summary>
    public IReadOnlyList<FaultOrder> Faults { get; init; } = [];

    /// <summary>The tasks that go wrong from the beginning; <see cref="SandboxApi.TaskFaults"/> takes others later.</summary>
    public IReadOnlyList<TaskFault> TaskFaults { get; init; } = [];

    /// <summary>How long the review of a submission takes. Default 1 to 3 seconds.</summary>
    public TimeRange ReviewTime { get; init; } = TimeRange.Seconds(1, 3);

    /// <summary>How long a video takes. Default 3 to 6 seconds.</summary>
    public TimeRange VideoTime { get; init; } = TimeRange.Seconds(3, 6);

    /// <summary>The share of a task's time in which it is still <c>pending</c>, 0 to 1. Default 0.2.</summary>
    public double Pending { get; init; } = 0.2;

    /// <summary>Whether results echo the submitted name in <c>raw_response.Result.Name</c>, as some gateways do.</summary>
    public bool EchoNames { get; init; } = true;

    /// <summary>Whether results come in another order than they were submitted in.</summary>
    public bool ShuffleResults { get; init; } = true;

    /// <summary>Whether the answer to a submission carries <c>group_id</c>, as some gateways do.</summary>
    public bool ReturnGroupId { get; init; } = true;

    /// <summary>Whether tasks carry <c>estimated_time</c>.</summary>
    public bool EstimatedTime { get; init; } = true;

    /// <summary>The one accepted key; null accepts any that is not empty.</summary>
    public string? ApiKey { get; init; }

    /// <summary>
    /// The account's money. Null is unlimited. A video is paid from it; at zero every submission is answered with 402.
    /// </summary>
    public decimal? Balance { get; init; } = 1000m;

    /// <summary>How an account without money is told.</summary>
    public QuotaError QuotaError { get; init; }

    /// <summary>
    /// Whether errors come as they were measured: with the request's id in message and header, and with an empty code
    /// where the key is wrong.
    /// </summary>
    public bool MeasuredErrors { get; init; }

    /// <summary>How a task that does not exist is answered: 404, or 400 with the code <c>task_not_exist</c>.</summary>
    public int UnknownTaskStatus { get; init; } = 404;

    /// <summary>Whether assets can be submitted in the newer form.</summary>
    public NewerForm NewerForm { get; init; }

    /// <summary>A word in the name or the address of an asset for which its whole submission is refused; null refuses none.</summary>
    public string? RefusedWord { get; init; }

    /// <summary>How such a refusal names the asset.</summary>
    public AssetReference RefusalReference { get; init; }

    /// <summary>The most characters of an asset's name, 64 at most.</summary>
    public int NameLength { get; init; } = 64;

    /// <summary>Whether longer names are cut instead of refused.</summary>
    public bool CutsNames { get; init; }

    /// <summary>What the asset library does.</summary>
    public LibraryOptions Library { get; init; } = new();

    /// <summary>What an Idempotency-Key does.</summary>
    public IdempotencyOptions Idempotency { get; init; } = new();

    /// <summary>How long the link of an identity session can be opened. Default 120 seconds.</summary>
    public TimeSpan LinkLifetime { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Where the answer about a verified person holds the group id.</summary>
    public GroupIdPlace GroupIdPlace { get; init; } = GroupIdPlace.Result;

    /// <summary>
    /// When set, the person passes the liveness check unaided this long after the session was opened: for rehearsals
    /// in which nobody holds a phone. Null waits for <see cref="SandboxApi.CompleteLiveness"/>.
    /// </summary>
    public TimeSpan? PersonFinishesAfter { get; init; }

    /// <summary>
    /// The base of links to files and of the identity page, without a trailing slash. Null takes the base that the
    /// request itself was sent to.
    /// </summary>
    public string? PublicBase { get; init; }

    /// <summary>The size of a generated video in bytes. Default 256 KiB.</summary>
    public long VideoBytes { get; init; } = 256 * 1024;

    /// <summary>How long the links of a generated video can be opened. Default 24 hours.</summary>
    public TimeSpan VideoLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The language of task messages when a query names none: <c>zh</c>, <c>en</c>, <c>ja</c>, <c>ko</c>, <c>ru</c>, <c>fr</c>, <c>de</c>, <c>id</c>, <c>pt</c> or <c>es</c>.</summary>
    public string Language { get; init; } = "zh";

    /// <summary>Whether <see cref="SandboxApi.Submissions"/> is kept. Off, memory does not grow with what is sent.</summary>
    public bool KeepSubmissions { get; init; } = true;

    /// <summary>Whether accepted rows are told apart, so that the tally can name duplicates (about 30 bytes a row).</summary>
    public bool TrackRows { get; init; } = true;
}

/// <summary>Where the answer about a verified person holds the group id.</summary>
[JsonConverter(typeof(KebabCaseConverter<GroupIdPlace>))]
public enum GroupIdPlace
{
    /// <summary>In the task, as <c>result.group_id</c>.</summary>
    Result,

    /// <summary>In the task, as <c>result.raw_response.Result.GroupId</c>.</summary>
    RawResponse,

    /// <summary>In the answer to the query itself, as <c>group_id</c>, and in the task's result.</summary>
    Response,
}
