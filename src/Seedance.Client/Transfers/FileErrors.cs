using System.Globalization;

namespace Seedance.Transfers;

/// <summary>The words for files that cannot be read, written or fetched. Links are named by their host alone: the rest may be a secret.</summary>
internal static class FileErrors
{
    public static SeedanceException NotReadable(string path, Exception cause) =>
        new(SeedanceErrorKind.FileUnavailable, Delivery.NotSent, $"'{path}' cannot be read: {cause.Message}", cause)
        {
            RecommendedAction = "Check the path, and that this user may read it.",
        };

    /// <summary>A file that is no picture for the upload.</summary>
    public static SeedanceException NotUploadable(IReadOnlyList<string> objections) =>
        new(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"Not uploaded: {string.Join("; ", objections)}.")
        {
            RecommendedAction = "Check the path and the file: a JPEG, PNG, WebP or GIF of at most 20 MB can be uploaded.",
        };

    /// <summary>An upload that was not taken, or whose answer was lost.</summary>
    public static SeedanceException NotUploaded(string path, SeedanceException failure) =>
        new(failure.Kind, failure.Delivery, $"'{path}' was not uploaded: {failure.Message}", failure)
        {
            StatusCode = failure.StatusCode,
            Code = failure.Code,
            ApiMessage = failure.ApiMessage,
            RetryAfter = failure.RetryAfter,
            RecommendedAction = failure.Delivery == Delivery.Refused ? "Correct what the message names, then send the picture again."
                : "Run it again: an upload is not billed, and a copy that nobody uses lapses by itself.",
        };

    public static SeedanceException NotWritable(string path, Exception cause) =>
        new(SeedanceErrorKind.FileUnavailable, Delivery.NotSent, $"'{path}' cannot be written: {cause.Message}", cause)
        {
            RecommendedAction = "Free space or allow writing there, or name another place: -Destination.",
        };

    /// <summary>A link where a file of ours should be: whoever laid it chose what would be overwritten.</summary>
    public static SeedanceException Link(string path) =>
        new(SeedanceErrorKind.FileUnavailable, Delivery.NotSent, $"'{path}' is a link; nothing is written through it.")
        {
            RecommendedAction = "Remove the link, and see who may write into that folder; or name another place: -Destination.",
        };

    public static SeedanceException Exists(string what, string path) =>
        new(SeedanceErrorKind.AlreadyExists, Delivery.NotSent, $"{what} was not saved: '{path}' exists already.")
        {
            RecommendedAction = "Move that file away, name another place (-Destination), leave it as it is with -SkipExisting, or overwrite it with -Force.",
        };

    public static SeedanceException Taken(string what, string path) =>
        new(SeedanceErrorKind.AlreadyExists, Delivery.NotSent, $"{what} was not saved: another file of this run goes to '{path}'.")
        {
            RecommendedAction = "Give -Destination a folder, in which each file is named after its task, and each task once.",
        };

    public static SeedanceException Expired(string what, string taskId, string host, int status, DateTimeOffset? expiry) =>
        new(SeedanceErrorKind.NotFound, Delivery.Refused, expiry is null
            ? $"{what} cannot be fetched: {host} answers with {status}; its link has expired, or was withdrawn."
            : $"{what} cannot be fetched any more: its link expired on {expiry.Value.ToString("u", CultureInfo.InvariantCulture)} ({host} answers with {status}).")
        {
            StatusCode = status,
            RecommendedAction = $"Look whether the task has a fresh link (Get-SeedanceTask -TaskId {taskId} | Save-SeedanceVideo); if not, the video must be made again.",
        };

    public static SeedanceException Answered(string what, string host, int status, TimeSpan? retryAfter = null) =>
        new(status >= 500 || status == 408 ? SeedanceErrorKind.ServerError : status == 429 ? SeedanceErrorKind.RateLimited : SeedanceErrorKind.InvalidAnswer,
            status is 408 or 429 or >= 500 ? Delivery.NotSent : Delivery.Refused, $"{what} cannot be fetched: {host} answers with {status}.")
        {
            StatusCode = status,
            RetryAfter = retryAfter,
            RecommendedAction = "Run the same line again later.",
        };

    public static SeedanceException NoFile(string what, string host, string found) =>
        new(SeedanceErrorKind.InvalidAnswer, Delivery.NotSent, $"{what} cannot be fetched: {host} sent {found} in its place.")
        {
            RecommendedAction = "Check that no proxy answers in that host's place, then run the same line again.",
        };

    public static SeedanceException Broken(string what, string host, string reason) =>
        new(SeedanceErrorKind.ConnectionFailed, Delivery.NotSent, $"{what} cannot be fetched: the connection to {host} could not be made, or broke: {reason}")
        {
            RecommendedAction = "Run the same line again.",
        };

    public static SeedanceException Silent(string what, string host, TimeSpan limit) =>
        new(SeedanceErrorKind.TimedOut, Delivery.NotSent, $"{what} cannot be fetched: {host} was silent for {limit.TotalSeconds:0.###} s.")
        {
            RecommendedAction = "Run the same line again, or allow longer silences: Connect-Seedance -Timeout.",
        };

    /// <summary>The end of a download that kept breaking off; what came of it is kept.</summary>
    public static SeedanceException GaveUp(SeedanceException last, long have, string part) => new(last.Kind, last.Delivery,
        have == 0 ? last.Message : $"{last.Message} The {have.ToString("N0", CultureInfo.InvariantCulture)} bytes that came are kept in '{part}'.", last)
    {
        StatusCode = last.StatusCode,
        RecommendedAction = have == 0 ? last.RecommendedAction : "Run the same line again: it goes on where this one ended.",
    };
}
