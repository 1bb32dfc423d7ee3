namespace Seedance;

/// <summary>Looks at tasks under watch: at what the API says, and before and after it at the journal, without which a wait goes on.</summary>
internal sealed class TaskLook(SeedanceClient client, IJournal journal, string? language, TimeProvider time, Action<WaitEvent> tell)
{
    private int _troubleTold;

    /// <summary>Looks once, and records the end if it is there.</summary>
    public async Task SeeAsync(Watched watched, CancellationToken cancellation)
    {
        if (watched is { WasSeen: false, Task.Kind: TaskKind.Unknown } && await RecallAsync(watched.Task.TaskId, cancellation) is { } known)
        {
            watched.Task = known;
        }

        watched.See(await client.GetTaskAsync(watched.Task, language, cancellation), time.GetUtcNow());
        if (watched.Task.IsFinal)
        {
            await RecordAsync(watched.Task);
        }
    }

    // A task known by its id alone: the journal may know its rows.
    private async Task<SeedanceTask?> RecallAsync(string taskId, CancellationToken cancellation)
    {
        try
        {
            return await journal.FindTaskAsync(taskId, cancellation);
        }
        catch (SeedanceException e)
        {
            TellTrouble(e);
            return null;
        }
    }

    private async Task RecordAsync(SeedanceTask task)
    {
        try
        {
            await journal.RecordFinalAsync(task, CancellationToken.None);
        }
        catch (SeedanceException e)
        {
            TellTrouble(e);
        }
    }

    // Waiting sends nothing that could be lost, so it goes on without a journal.
    private void TellTrouble(SeedanceException failure)
    {
        if (Interlocked.Exchange(ref _troubleTold, 1) == 0)
        {
            tell(new WaitNotice($"{failure.Message} The wait goes on; its results are given out, but not kept. {failure.RecommendedAction}"));
        }
    }
}
