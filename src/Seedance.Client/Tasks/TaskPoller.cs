namespace Seedance.Tasks;

/// <summary>Looks at tasks under watch: at what the API says, and before and after it at the journal, without which a wait goes on.</summary>
internal sealed class TaskPoller(SeedanceClient client, IJournal journal, string? language, TimeProvider time, Action<WaitEvent> publish)
{
    private int _troubleTold;

    /// <summary>Looks once, and records the end if it is there.</summary>
    public async Task SeeAsync(PolledTask polled, CancellationToken cancellationToken)
    {
        if (polled is { WasSeen: false, Task.Kind: TaskKind.Unknown } && await RecallAsync(polled.Task.TaskId, cancellationToken) is { } known)
        {
            polled.Task = known;
        }

        polled.See(await client.GetTaskAsync(polled.Task, language, cancellationToken), time.GetUtcNow());
        if (polled.Task.IsFinal)
        {
            await RecordAsync(polled.Task);
        }
    }

    // A task known by its id alone: the journal may know its rows.
    private async Task<SeedanceTask?> RecallAsync(string taskId, CancellationToken cancellationToken)
    {
        try
        {
            return await journal.FindTaskAsync(taskId, cancellationToken);
        }
        catch (SeedanceException e)
        {
            PublishTrouble(e);
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
            PublishTrouble(e);
        }
    }

    // Waiting sends nothing that could be lost, so it goes on without a journal.
    private void PublishTrouble(SeedanceException failure)
    {
        if (Interlocked.Exchange(ref _troubleTold, 1) == 0)
        {
            publish(new WaitNotice($"{failure.Message} The wait goes on; its results are given out, but not kept. {failure.RecommendedAction}"));
        }
    }
}
