using System.Runtime.ExceptionServices;
using Seedance.Http;

namespace Seedance.Runs;

/// <summary>What became of a recorded request: exactly one of the first three is set.</summary>
/// <param name="Task">The task, if it was accepted.</param>
/// <param name="Failure">Why not, if it was not; or that this is not known.</param>
/// <param name="Taken">The places of rows that another runner has taken meanwhile: nothing was sent.</param>
/// <param name="Fatal">What ends the run: a refused key, an outcome that could not be recorded, a fault of this module; null if nothing does.</param>
internal sealed record RequestResult(SeedanceTask? Task, SeedanceException? Failure, IReadOnlyList<int>? Taken, Exception? Fatal)
{
    /// <summary>Counts and publishes what became of the rows, and throws what ends the run. Accepted is accepted: it is given out even if it could not be recorded.</summary>
    public void Publish(IReadOnlyList<AssetSource> rows, RunTally tally, Action<SubmitEvent> publish)
    {
        tally.Count(this, rows.Count);
        if (Task is { } task)
        {
            publish(new TaskAccepted(task, Resumed: false));
        }
        else if (Failure is { StopsTheRun: false } failure)
        {
            foreach (var row in rows)
            {
                publish(new RowFailed(row, failure));
            }
        }

        if (Fatal is not null)
        {
            ExceptionDispatchInfo.Throw(Fatal);
        }
    }
}

/// <summary>
/// The one way in which a request with effect leaves: its turn taken, claimed and recorded, sent, its outcome classified and
/// recorded. Nothing else writes intents.
/// </summary>
/// <param name="journal">Where it is recorded.</param>
/// <param name="takeTurnAsync">Waits for a turn.</param>
/// <param name="run">The run that it belongs to; null for one that stands alone.</param>
internal sealed class RecordedRequest(IJournal journal, Func<CancellationToken, Task<Turn>> takeTurnAsync, RunLease? run = null)
{
    /// <summary>Sends a request.</summary>
    /// <param name="intent">What is about to leave.</param>
    /// <param name="sendAsync">Sends it with its turn.</param>
    /// <param name="answered">Called when it has been answered, while that is being recorded.</param>
    /// <param name="cancellationToken">Ends the wait for the turn; what comes after it listens to the sender's own.</param>
    /// <exception cref="OperationCanceledException">It was called off before it left.</exception>
    /// <exception cref="SeedanceException">It could not be recorded, so it was not sent.</exception>
    public async Task<RequestResult> SendAsync(
        JournalIntent intent, Func<JournalIntent, Turn, Task<SeedanceTask>> sendAsync, Action? answered = null, CancellationToken cancellationToken = default)
    {
        using var turn = await takeTurnAsync(cancellationToken);
        turn.Guard = run is null ? null : run.ThrowIfOver;
        return await RecordAsync(intent, begun => sendAsync(begun, turn), answered);
    }

    /// <summary>Records a request of which nothing leaves, and that it was refused.</summary>
    /// <exception cref="SeedanceException">It could not be recorded.</exception>
    public Task<RequestResult> RefuseAsync(JournalIntent intent, SeedanceException refusal) =>
        RecordAsync(intent, _ => Task.FromException<SeedanceTask>(refusal), answered: null);

    private async Task<RequestResult> RecordAsync(JournalIntent intent, Func<JournalIntent, Task<SeedanceTask>> sendAsync, Action? answered)
    {
        if (run is not null)
        {
            await run.BeginAsync();
            intent = intent with { RunId = run.RunId };
        }

        var taken = await journal.BeginAsync(intent, CancellationToken.None);
        if (taken.Count > 0)
        {
            return new RequestResult(null, null, taken, null);
        }

        return await SendClaimedAsync(intent, sendAsync, answered);
    }

    /// <summary>Sends a request that is claimed already: a runner has taken it.</summary>
    /// <param name="intent">What is about to leave.</param>
    /// <param name="sendAsync">Sends it.</param>
    /// <param name="answered">Called when it has been answered, while that is being recorded.</param>
    /// <param name="splitAsync">Records its outcome if it was refused because of one of its rows; null where that is an outcome like any other.</param>
    public async Task<RequestResult> SendClaimedAsync(
        JournalIntent intent, Func<JournalIntent, Task<SeedanceTask>> sendAsync, Action? answered = null, Func<JournalOutcome, ValueTask>? splitAsync = null)
    {
        run?.Count();
        SeedanceTask task;
        try
        {
            task = await sendAsync(intent) with { RunId = run?.RunId, RunName = run?.Name };
        }
        catch (OperationCanceledException)
        {
            await RecordAsync(new JournalOutcome { IntentId = intent.IntentId, State = JournalState.Unsent });
            throw;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var failure = e as SeedanceException ?? Unexpected(e);
            var unrecorded = await RecordAsync(new JournalOutcome { IntentId = intent.IntentId, State = StateAfter(failure), Code = failure.Code, Message = failure.Message }, failure.IsSplit ? splitAsync : null);
            return new RequestResult(null, failure, null, unrecorded ?? (failure == e && !failure.StopsTheRun ? null : e));
        }

        answered?.Invoke();
        return new RequestResult(task, null, null, await RecordAsync(new JournalOutcome
        {
            IntentId = intent.IntentId,
            State = JournalState.Accepted,
            TaskId = task.TaskId.Length == 0 ? null : task.TaskId,
            GroupId = task.GroupId,
        }));
    }

    // What stops the run, or was said by something between here and the API, was no fault of the request's: the next run may send it.
    private static JournalState StateAfter(SeedanceException e) => e switch
    {
        { Delivery: Delivery.Unknown } => JournalState.Unknown,
        { Delivery: Delivery.Refused, StopsTheRun: false, IsForeign: false } => JournalState.Refused,
        _ => JournalState.Unsent,
    };

    private async ValueTask<SeedanceException?> RecordAsync(JournalOutcome outcome, Func<JournalOutcome, ValueTask>? splitAsync = null)
    {
        try
        {
            await (splitAsync?.Invoke(outcome) ?? journal.EndAsync(outcome, CancellationToken.None));
            return null;
        }
        catch (SeedanceException e)
        {
            return e;
        }
    }

    // A sender that fails in a way nobody foresaw may have sent.
    private static SeedanceException Unexpected(Exception e) =>
        new(SeedanceErrorKind.InvalidAnswer, Delivery.Unknown, $"The request was cut off by an error of this module: {e.Message} Whether it took effect is not known.", e)
        {
            RecommendedAction = "Look at the account. If it was not accepted, run again with -Resume -RetryUnknown.",
        };
}
