using Seedance.Journal;

namespace Seedance;

/// <summary>
/// A journal that many runners work from: requests are recorded as queued, under the name of a list, and whichever runner
/// is free takes the next. A queued request holds its rows as one that has left does. Every call throws
/// <see cref="SeedanceException"/> of kind <see cref="SeedanceErrorKind.JournalUnavailable"/> if the record cannot be read or written.
/// </summary>
public interface IRunnerJournal
{
    /// <summary>Makes a list. Returns false if there is one of that name that may not be added to.</summary>
    /// <param name="listName">Its name.</param>
    /// <param name="mayExist">Whether one that is there is added to.</param>
    /// <param name="cancellationToken">Calls it off.</param>
    ValueTask<bool> CreateListAsync(string listName, bool mayExist, CancellationToken cancellationToken);

    /// <summary>
    /// Claims the rows of a request as <see cref="IJournal.BeginAsync"/> does, and queues it. Returns the places of rows that
    /// have another last request than the caller saw; nothing is queued then.
    /// </summary>
    /// <param name="listName">The list.</param>
    /// <param name="intent">The request.</param>
    /// <param name="payload">What a runner needs beside it, whole addresses above all. It is kept until the outcome is known, and given to a runner alone.</param>
    /// <param name="cancellationToken">Calls it off.</param>
    ValueTask<IReadOnlyList<int>> EnqueueAsync(string listName, JournalIntent intent, string payload, CancellationToken cancellationToken);

    /// <summary>Returns whether there is something to take for a run, or word for it to stop.</summary>
    ValueTask<bool> HasWorkAsync(string runId, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the next request of the list that a run works off (<see cref="JournalRun.ListName"/>): from now on it is about
    /// to leave. While another request makes a group, the rest of that group's are passed over.
    /// </summary>
    ValueTask<TakenRequest> TakeAsync(string runId, CancellationToken cancellationToken);

    /// <summary>
    /// Records in one that a request was refused because of one of its rows: that row is refused, and the others are queued as
    /// a request of their own. Whoever dies before or after it leaves no row that is neither.
    /// </summary>
    /// <param name="outcome">The outcome of the request that was taken: unsent.</param>
    /// <param name="refused">A request of that row alone, of which nothing leaves.</param>
    /// <param name="refusal">Its outcome.</param>
    /// <param name="rest">The request of the other rows.</param>
    /// <param name="payload">What a runner needs for it.</param>
    /// <param name="cancellationToken">Calls it off.</param>
    ValueTask SplitAsync(JournalOutcome outcome, JournalIntent refused, JournalOutcome refusal, JournalIntent rest, string payload, CancellationToken cancellationToken);

    /// <summary>Gives a run tasks of its list whose end is not known and that nobody who is still there watches.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="cancellationToken">Calls it off.</param>
    ValueTask<IReadOnlyList<SeedanceTask>> WatchAsync(string runId, int count, CancellationToken cancellationToken);

    /// <summary>Has nobody watch a task for a while, since its end could not be seen.</summary>
    ValueTask UnwatchAsync(string taskId, TimeSpan span, CancellationToken cancellationToken);

    /// <summary>Reads the account's lists, oldest first; the one of a name, if one is given.</summary>
    ValueTask<IReadOnlyList<List>> FindListsAsync(string? listName, CancellationToken cancellationToken);

    /// <summary>Reads a list.</summary>
    /// <exception cref="SeedanceException">There is none of that name.</exception>
    async ValueTask<List> GetListAsync(string listName, CancellationToken cancellationToken) =>
        await FindListsAsync(listName, cancellationToken) is [var list] ? list : throw QueueErrors.NoList(listName);

    /// <summary>Returns whether nothing of a list is queued, under way or open; null if there is no such list.</summary>
    ValueTask<bool?> IsListDoneAsync(string listName, CancellationToken cancellationToken);

    /// <summary>Reads the tasks of a list that have ended since a time, in the order in which that was recorded; a task may come twice.</summary>
    /// <param name="listName">The list.</param>
    /// <param name="since">The time that an earlier call returned; null to read from the beginning.</param>
    /// <param name="cancellationToken">Calls it off.</param>
    /// <returns>The tasks, and the time to go on from.</returns>
    ValueTask<(IReadOnlyList<SeedanceTask> Tasks, DateTimeOffset? Next)> FindEndedAsync(string listName, DateTimeOffset? since, CancellationToken cancellationToken);

    /// <summary>Reads the tasks of a list whose end is not recorded.</summary>
    ValueTask<IReadOnlyList<SeedanceTask>> FindOpenAsync(string listName, CancellationToken cancellationToken);

    /// <summary>Reads the account's runners that are there, oldest first.</summary>
    ValueTask<IReadOnlyList<Runner>> FindRunnersAsync(CancellationToken cancellationToken);

    /// <summary>Asks a runner to stop: it takes nothing more.</summary>
    ValueTask StopRunnerAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Removes a list with what is queued in it; what has left stays in the journal.</summary>
    /// <exception cref="SeedanceException">Also where runners work it off.</exception>
    ValueTask RemoveListAsync(string listName, CancellationToken cancellationToken);
}

/// <summary>What a runner that asked for work is given.</summary>
/// <param name="Intent">The request; null where nothing can be taken just now.</param>
/// <param name="Payload">What was queued with it.</param>
/// <param name="IsStopping">Whether the runner was asked to stop.</param>
public sealed record TakenRequest(JournalIntent? Intent, string? Payload, bool IsStopping);
