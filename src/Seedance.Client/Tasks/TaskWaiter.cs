using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Seedance.Runs;
using Seedance.Tasks;

namespace Seedance;

/// <summary>Waits for any number of tasks with one schedule of polls, and gives each out as it ends.</summary>
/// <param name="client">The API.</param>
/// <param name="journal">Where ends are recorded.</param>
/// <param name="time">The clock; the system's by default.</param>
public sealed class TaskWaiter(SeedanceClient client, IJournal journal, TimeProvider? time = null)
{
    /// <summary>Waits for the tasks that <paramref name="tasks"/> gives, from the first one on, while more may still come.</summary>
    /// <exception cref="SeedanceException">No later poll could succeed either: 401, 402 or 403 of the API.</exception>
    /// <exception cref="OperationCanceledException">The wait was called off.</exception>
    public async IAsyncEnumerable<WaitEvent> WaitAsync(
        ChannelReader<SeedanceTask> tasks, WaitOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var run = new WaitRun(client, journal, time ?? TimeProvider.System, options ?? new WaitOptions(), cancellationToken);
        await foreach (var next in RunEvents.ReadAsync(run.Events, client.Lifetime.RunAsync(() => run.RunAsync(tasks), run.Stop, cancellationToken), run.Stop))
        {
            yield return next;
        }
    }

    /// <summary>Waits for the given tasks.</summary>
    /// <inheritdoc cref="WaitAsync(ChannelReader{SeedanceTask}, WaitOptions?, CancellationToken)"/>
    public IAsyncEnumerable<WaitEvent> WaitAsync(IEnumerable<SeedanceTask> tasks, WaitOptions? options = null, CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<SeedanceTask>();
        foreach (var task in tasks)
        {
            channel.Writer.TryWrite(task);
        }

        channel.Writer.Complete();
        return WaitAsync(channel.Reader, options, cancellationToken);
    }
}
