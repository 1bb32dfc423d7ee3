using System.Runtime.CompilerServices;
using Seedance.Journal;
using Seedance.Tasks;

namespace Seedance;

/// <summary>Waits for a list, on whichever machine: reads what its runners find out, and polls its tasks itself only while there is no runner.</summary>
/// <param name="client">The API.</param>
/// <param name="journal">The journal with the list.</param>
/// <param name="time">The clock; the system's by default.</param>
public sealed class ListWaiter(SeedanceClient client, IJournal journal, TimeProvider? time = null)
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(1);

    // For so long at once: a runner may come meanwhile.
    private static readonly TimeSpan s_pollFor = TimeSpan.FromSeconds(10);

    private readonly IRunnerJournal _queue = journal as IRunnerJournal ?? throw QueueErrors.NoQueue(journal.Name);
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Gives each task of the list out as it ends, and those that have ended before, until the list is done.</summary>
    /// <param name="listName">The list.</param>
    /// <param name="options">How long to wait, for all of it.</param>
    /// <param name="cancellationToken">Calls the wait off.</param>
    /// <exception cref="SeedanceException">There is no such list, or no later poll could succeed.</exception>
    public async IAsyncEnumerable<WaitEvent> WaitAsync(string listName, WaitOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= new WaitOptions();
        var (began, given, hasToldOfQueue) = (_time.GetTimestamp(), new HashSet<string>(StringComparer.Ordinal), false);
        for (DateTimeOffset? since = null; ;)
        {
            // Asked before the tasks are read: what ends in between is among them.
            var isDone = await _queue.IsListDoneAsync(listName, cancellationToken) ?? throw QueueErrors.NoList(listName);
            (var ended, since) = await _queue.FindEndedAsync(listName, since, cancellationToken);
            foreach (var task in ended.Where(task => given.Add(task.TaskId)))
            {
                yield return new TaskEnded(task);
            }

            if (isDone)
            {
                break;
            }

            var left = options.Timeout - _time.GetElapsedTime(began);
            var open = left <= TimeSpan.Zero || !await HasRunnerAsync(listName, cancellationToken) ? await _queue.FindOpenAsync(listName, cancellationToken) : [];
            if (left <= TimeSpan.Zero)
            {
                foreach (var task in open)
                {
                    yield return new TaskNotEnded(task, TaskErrors.TimedOut(task, options.Timeout));
                }

                break;
            }

            if (open.Count > 0)
            {
                await foreach (var next in new TaskWaiter(client, journal, _time).WaitAsync(open, options with { Timeout = left < s_pollFor ? left : s_pollFor }, cancellationToken))
                {
                    if (next is TaskEnded one && given.Add(one.Task.TaskId))
                    {
                        yield return next;
                    }
                }
            }
            else
            {
                if (!hasToldOfQueue && await QueuedAloneAsync(listName, cancellationToken) is { } notice)
                {
                    hasToldOfQueue = true;
                    yield return notice;
                }

                await Task.Delay(s_every, _time, cancellationToken);
            }
        }

        if (await SummarizeAsync(listName, cancellationToken) is { } summary)
        {
            yield return summary;
        }
    }

    private async ValueTask<bool> HasRunnerAsync(string listName, CancellationToken cancellationToken) =>
        (await _queue.FindRunnersAsync(cancellationToken)).Any(runner => runner.ListName == listName);

    private async ValueTask<WaitNotice?> QueuedAloneAsync(string listName, CancellationToken cancellationToken) =>
        !await HasRunnerAsync(listName, cancellationToken) && await _queue.FindListsAsync(listName, cancellationToken) is [{ Queued: > 0 } list]
            ? new WaitNotice($"{list.Queued} row(s) of list '{listName}' are queued, and no runner is there: start one with Start-SeedanceRunner -ListName {listName}.") : null;

    private async ValueTask<WaitNotice?> SummarizeAsync(string listName, CancellationToken cancellationToken)
    {
        if (await _queue.FindListsAsync(listName, cancellationToken) is not [var list] || list.Accepted == list.Rows)
        {
            return null;
        }

        var parts = new (int Count, string What)[]
        {
            (list.Queued, "queued"), (list.UnderWay, "under way"), (list.Refused, "refused"), (list.Unsent, "not sent"), (list.Unknown, "of unknown outcome"),
        };
        return new WaitNotice($"{list.Accepted} of {list.Rows} rows of list '{listName}' were accepted; {string.Join(", ", parts.Where(part => part.Count > 0).Select(part => $"{part.Count} {part.What}"))}."
            + (list.Unknown > 0 ? " What is unknown is looked for in the asset library by the line that queued it, with -Resume." : string.Empty));
    }
}
