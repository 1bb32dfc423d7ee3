namespace Seedance.Tasks;

/// <summary>What a poll that failed means. Only the API's own word ends anything: guards and proxies before it answer in its place.</summary>
internal static class PollFailure
{
    private static readonly TimeSpan s_acceptedIsFound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_givenIdIsFound = TimeSpan.FromSeconds(10);

    /// <summary>True if no later poll of any task can succeed.</summary>
    public static bool EndsTheWait(SeedanceException failure) => failure.StopsTheRun && (IsOfTheApi(failure) || failure.StatusCode is null or 407);

    /// <summary>True if no later poll of this task can succeed.</summary>
    public static bool EndsTheTask(SeedanceException failure) => failure.Kind == SeedanceErrorKind.InvalidInput
        || (IsOfTheApi(failure) && failure.StatusCode is >= 400 and < 500 and not (404 or 408 or 409 or 421 or 423 or 425 or 429 or 451 or 499));

    /// <summary>True if the API does not know the task: not yet, or not at all.</summary>
    public static bool IsNotFound(SeedanceException failure) =>
        failure.StatusCode == 404 || failure.Code == "task_not_exist" || failure.ApiMessage?.Contains("task_not_exist", StringComparison.Ordinal) == true;

    /// <summary>How long a task may stay unknown: the API may know what it accepted only after a while.</summary>
    public static TimeSpan NotFoundPatience(SeedanceTask task) => IsAccepted(task) ? s_acceptedIsFound : s_givenIdIsFound;

    /// <summary>True if this module submitted the task, or the API has shown it.</summary>
    public static bool IsAccepted(SeedanceTask task) => task.SubmittedAt is not null || task.Sources.Count > 0 || task.RawStatus is not null;

    private static bool IsOfTheApi(SeedanceException failure) => failure.ApiMessage is not null || failure.Code is not null;
}
