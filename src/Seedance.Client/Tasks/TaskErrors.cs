namespace Seedance.Tasks;

/// <summary>The errors of tasks, with their words: what happened, to which task, what to do next.</summary>
internal static class TaskErrors
{
    /// <summary>The task was not final in time.</summary>
    public static SeedanceException TimedOut(SeedanceTask task, TimeSpan timeout) => new(
        SeedanceErrorKind.TimedOut, Delivery.NotSent,
        $"Task {task.TaskId} was not final after {timeout.TotalSeconds:0.###} s; its last status was '{task.RawStatus ?? task.Status.ToString()}' at {task.Progress} %. It goes on at the server.")
    {
        RecommendedAction = $"Wait for it again: Wait-SeedanceTask -TaskId {task.TaskId} -Timeout <longer>.",
    };

    /// <summary>The API does not know the task.</summary>
    public static SeedanceException NotFound(SeedanceTask task, SeedanceException failure) =>
        new(SeedanceErrorKind.NotFound, Delivery.Refused,
            PollFailure.IsAccepted(task) ? $"Task {task.TaskId} was accepted, but the API does not know it (yet). {failure.Message}" : failure.Message, failure)
        {
            StatusCode = failure.StatusCode,
            Code = failure.Code,
            ApiMessage = failure.ApiMessage,
            RequestId = failure.RequestId,
            RecommendedAction = PollFailure.IsAccepted(task)
                ? $"Do not submit its rows again. Wait for it again later: Wait-SeedanceTask -TaskId {task.TaskId}. If it stays unknown, ask the provider for it by this id."
                : "Check the id, and that it belongs to this account.",
        };
}
