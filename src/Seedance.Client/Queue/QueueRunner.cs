using Seedance.Journal;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Seedance.Queue;
using Seedance.Runs;

namespace Seedance;

/// <summary>
/// Works a list off, beside other runners: takes queued requests one by one, sends them, and watches their tasks to the
/// end; those of a runner that is gone, too.
/// </summary>
/// <param name="client">The API.</param>
/// <param name="journal">The journal with the list.</param>
/// <param name="time">The clock; the system's by default.</param>
public sealed class QueueRunner(SeedanceClient client, IJournal journal, TimeProvider? time = null)
{
    /// <summary>Works until the list is done, or it is asked to stop, and tells what becomes of each request and task.</summary>
    /// <exception cref="SeedanceException">There is no such list, or no later request could have succeeded either.</exception>
    /// <exception cref="OperationCanceledException">It was called off. Nothing was begun after that; what was under way is recorded.</exception>
    public async IAsyncEnumerable<RunnerEvent> RunAsync(RunnerOptions options, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var events = Channel.CreateUnbounded<RunnerEvent>();
        var queue = journal as IRunnerJournal ?? throw QueueErrors.NoQueue(journal.Name);
        using var run = new RunnerRun(client, journal, queue, time ?? TimeProvider.System, options, events.Writer, cancellationToken);
        await foreach (var next in RunEvents.ReadAsync(events.Reader, client.Lifetime.RunAsync(run.RunAsync, run.Stop, cancellationToken), run.Stop))
        {
            yield return next;
        }
    }
}
