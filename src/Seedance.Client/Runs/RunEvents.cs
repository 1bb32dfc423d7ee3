using System.Threading.Channels;

namespace Seedance.Runs;

/// <summary>Gives out what a run has to tell, as it tells it, and sees the run to its end.</summary>
internal static class RunEvents
{
    /// <summary>The events, then the run's own failure if it has one. The run ends in any case: cancellation is its own affair.</summary>
    public static async IAsyncEnumerable<T> ReadAsync<T>(ChannelReader<T> events, Task running, Action stop)
    {
        try
        {
            while (await events.WaitToReadAsync(CancellationToken.None))
            {
                while (events.TryRead(out var next))
                {
                    yield return next;
                }
            }
        }
        finally
        {
            // A caller that has seen enough leaves nothing running: what is under way is recorded first.
            stop();
            await Task.WhenAny(running);
        }

        await running;
    }
}
