namespace Seedance.Tasks;

/// <summary>Polls tasks: asks the API, and before and after it the journal, without which a wait goes on.</summary>
internal sealed class TaskPoller(SeedanceClient client, IJournal journal, string? language, MonotonicClock clock, Action<WaitEvent> publish)
{
    private int _journalFailed;

    /// <summary>Polls once, and records the end if it is there in full, or nothing more is waited for.</summary>
    /// <returns>Why it could not be polled; null if it was, or if time ran out.</returns>
    public async Task<Exception?> PollAsync(PolledTask polled, TimeSpan timeLeft, CancellationToken cancellationToken)
    {
        using var limit = clock.CancelAfter(timeLeft);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            if (polled is { WasSeen: false, Task.Kind: TaskKind.Unknown } && await RecallAsync(polled.Task.TaskId, either.Token) is { } known)
            {
                polled.Recall(known, clock.Now - (clock.AgeOf(known) ?? TimeSpan.Zero));
            }

            polled.See(await client.GetTaskAsync(polled.Task, language, either.Token), clock.Now);
            return polled.Task.IsFinal && polled.HasWaitedForResult(clock.Now) ? await SettleAsync(polled) : null;
        }
        catch (OperationCanceledException)
        {
            // Time is up, or the wait is called off: the loop sees to either.
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    /// <summary>Records the end of a task as it was last seen.</summary>
    /// <returns>A fault of the program's own; null if there was none.</returns>
    public async Task<Exception?> SettleAsync(PolledTask polled)
    {
        try
        {
            await journal.RecordFinalAsync(polled.Task, CancellationToken.None);
        }
        catch (SeedanceException e)
        {
            PublishFailure(e);
        }
        catch (Exception e)
        {
            return e;
        }

        polled.IsSettled = true;
        return null;
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
            PublishFailure(e);
            return null;
        }
    }

    // Waiting sends nothing that could be lost, so it goes on without a journal.
    private void PublishFailure(SeedanceException failure)
    {
        if (Interlocked.Exchange(ref _journalFailed, 1) == 0)
        {
            publish(new WaitNotice($"{failure.Message} The wait goes on; its results are given out, but not kept. {failure.RecommendedAction}"));
        }
    }
}
