namespace Seedance.Sandbox;

/// <summary>One accepted POST, as the sandbox remembers it.</summary>
/// <param name="Number">Its place among all accepted POSTs, from 1.</param>
/// <param name="Time">When it was accepted.</param>
/// <param name="Path">The path it was sent to.</param>
/// <param name="TaskId">The task it became; null for an upload.</param>
/// <param name="ProjectName">The project; null where the endpoint knows none.</param>
/// <param name="GroupId">The group the assets went to, or null.</param>
/// <param name="GroupName">The name of that group, or null if it has none.</param>
/// <param name="AssetType">The type of the assets, or null where there are none.</param>
/// <param name="Assets">The assets in the order of the request.</param>
/// <param name="Body">The body as text; empty for an upload.</param>
public sealed record Submission(
    long Number,
    DateTimeOffset Time,
    string Path,
    string? TaskId,
    string? ProjectName,
    string? GroupId,
    string? GroupName,
    string? AssetType,
    IReadOnlyList<SubmittedAsset> Assets,
    string Body);

/// <summary>What is told about the end of a task to the webhook that its order named.</summary>
/// <param name="Address">Where it is posted to.</param>
/// <param name="Due">When, on the service's clock: at the end of the task.</param>
/// <param name="Calls">How often.</param>
/// <param name="Body">The task as it is now, without the envelope.</param>
public sealed record SandboxWebhook(Uri Address, DateTimeOffset Due, int Calls, ReadOnlyMemory<byte> Body);

/// <summary>Something that was accepted, and how often: what tells whether anything was sent twice.</summary>
/// <param name="Path">The path it was sent to last.</param>
/// <param name="ProjectName">The project; null where the endpoint knows none.</param>
/// <param name="GroupId">The group the asset went to, or null.</param>
/// <param name="AssetType">The type of the asset; null for what is no asset.</param>
/// <param name="Content">The address of the asset; for what is no asset, such as a video, the body.</param>
/// <param name="Times">How often it was accepted.</param>
/// <param name="TaskIds">The tasks it became, in that order.</param>
public sealed record SubmittedRow(
    string Path,
    string? ProjectName,
    string? GroupId,
    string? AssetType,
    string Content,
    int Times,
    IReadOnlyList<string> TaskIds);

/// <summary>One asset of a submission.</summary>
/// <param name="Url">Where the material is.</param>
/// <param name="Name">Its name, or null.</param>
public sealed record SubmittedAsset(string Url, string? Name);

/// <summary>What the sandbox has counted since it began or was cleared.</summary>
/// <param name="Requests">All requests.</param>
/// <param name="PostsReceived">POSTs, whatever became of them.</param>
/// <param name="PostsAccepted">POSTs that took effect.</param>
/// <param name="GetsReceived">GETs.</param>
/// <param name="RowsAccepted">Assets submitted for review.</param>
/// <param name="DistinctRows">Distinct assets among them by (project, group, type, url); 0 when rows are not tracked.</param>
/// <param name="DuplicateRows">Assets accepted though they had been accepted before; 0 when rows are not tracked.</param>
/// <param name="TasksNoticed">Tasks that a query has shown as final.</param>
/// <param name="NoticeDelay">How long after their ends those were first shown as final, in all.</param>
public sealed record SandboxTally(
    long Requests,
    long PostsReceived,
    long PostsAccepted,
    long GetsReceived,
    long RowsAccepted,
    long DistinctRows,
    long DuplicateRows,
    long TasksNoticed = 0,
    TimeSpan NoticeDelay = default);
