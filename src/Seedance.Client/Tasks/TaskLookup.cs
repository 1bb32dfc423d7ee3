using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Seedance.Tasks;

/// <summary>Polls tasks once, by their ids.</summary>
internal static class TaskLookup
{
    private const int AtOnce = 16;

    /// <summary>What each task shows, in the order of the ids, several polls at once.</summary>
    public static async IAsyncEnumerable<(string TaskId, SeedanceTask? Task, SeedanceException? Failure, string? Notice)> LookAsync(
        SeedanceClient client, IJournal journal, ChannelReader<string> ids, string? language, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var polls = new Queue<(string TaskId, Task<(SeedanceTask, string?)> Poll)>();
        while (polls.Count > 0 || await ids.WaitToReadAsync(cancellationToken))
        {
            while (polls.Count < AtOnce && ids.TryRead(out var id))
            {
                polls.Enqueue((id, PollAsync(id)));
            }

            if (polls.TryDequeue(out var next))
            {
                (SeedanceTask? Task, string? Notice) seen = default;
                SeedanceException? failure = null;
                try
                {
                    seen = await next.Poll;
                }
                catch (SeedanceException e) when (!PollFailure.EndsTheWait(e))
                {
                    failure = e;
                }

                yield return (next.TaskId, seen.Task, failure, seen.Notice);
            }
        }

        async Task<(SeedanceTask, string?)> PollAsync(string id)
        {
            if (TaskIds.Check(id) is { } invalid)
            {
                throw invalid;
            }

            using var lease = client.Lifetime.Enter();

            // The journal lends what the API does not repeat: the rows, their group and project.
            var known = await journal.FindTaskAsync(id, cancellationToken);
            var before = known ?? new SeedanceTask { TaskId = id };
            try
            {
                var task = await client.GetTaskAsync(before, language, cancellationToken);
                var notice = known is null ? null : await RecordAsync(before, task);
                return (task, notice ?? ResultCheck.Notice(task)?.Message);
            }
            catch (SeedanceException e) when (PollFailure.IsNotFound(e))
            {
                throw TaskErrors.NotFound(before, e);
            }
        }

        // What is seen now counts: an end, or what lacked in one.
        async Task<string?> RecordAsync(SeedanceTask before, SeedanceTask task)
        {
            if (!task.IsFinal || (before.IsFinal && before.MissingCount <= task.MissingCount))
            {
                return null;
            }

            try
            {
                await journal.RecordFinalAsync(task, cancellationToken);
                return null;
            }
            catch (SeedanceException e)
            {
                return $"{e.Message} The end of task {task.TaskId} is shown, but not kept. {e.RecommendedAction}";
            }
        }
    }
}
