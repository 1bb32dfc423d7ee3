using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Seedance.Tasks;

/// <summary>Looks at tasks once, by their ids.</summary>
internal static class TaskLookup
{
    private const int AtOnce = 16;

    /// <summary>What each task shows, in the order of the ids, several looks at once.</summary>
    public static async IAsyncEnumerable<(string TaskId, SeedanceTask? Task, SeedanceException? Failure)> LookAsync(
        SeedanceClient client, IJournal journal, ChannelReader<string> ids, string? language, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var looks = new Queue<(string TaskId, Task<SeedanceTask> Look)>();
        while (looks.Count > 0 || await ids.WaitToReadAsync(cancellationToken))
        {
            while (looks.Count < AtOnce && ids.TryRead(out var id))
            {
                looks.Enqueue((id, LookAsync(id)));
            }

            if (looks.TryDequeue(out var next))
            {
                SeedanceTask? task = null;
                SeedanceException? failure = null;
                try
                {
                    task = await next.Look;
                }
                catch (SeedanceException e) when (!e.StopsTheRun)
                {
                    failure = e;
                }

                yield return (next.TaskId, task, failure);
            }
        }

        async Task<SeedanceTask> LookAsync(string id)
        {
            // The journal lends what the API does not repeat: the rows, their group and project.
            var known = await journal.FindTaskAsync(id, cancellationToken);
            return await client.GetTaskAsync(known is null ? new SeedanceTask { TaskId = id } : known, language, cancellationToken);
        }
    }
}
