using System.Threading.Channels;

namespace Seedance.Assets;

/// <summary>Asks the journal about the rows that come in. One on another machine is asked on while what it answered is given out.</summary>
/// <param name="resume">Asks, and plans what was answered.</param>
/// <param name="rows">What comes in.</param>
/// <param name="size">How many rows the journal is asked about at once, at most.</param>
/// <param name="stop">Ends the run.</param>
internal sealed class LookAhead(ResumePolicy resume, ChannelReader<AssetSource> rows, int size, CancellationToken stop)
{
    private const int MostAsked = 6;

    private readonly Queue<Task<LookedUpRows>> _asked = [];

    // Beside others, only what fills a question: each costs the journal something, however few rows it is about.
    private bool MayAsk => _asked.Count == 0 || (_asked.Count < MostAsked && rows.CanCount && rows.Count >= size);

    /// <summary>What is known of the rows, in the order in which they came.</summary>
    public async IAsyncEnumerable<LookedUpRows> ReadAllAsync()
    {
        try
        {
            while (_asked.Count > 0 || await rows.WaitToReadAsync(stop))
            {
                await resume.BeginAsync(stop);
                while (MayAsk && TakeChunk() is { Count: > 0 } chunk)
                {
                    _asked.Enqueue(resume.LookUpAsync(chunk, stop));
                }

                if (_asked.TryDequeue(out var answer))
                {
                    yield return await answer;
                }
            }
        }
        finally
        {
            // Nobody uses the journal when the run is over.
            await Task.WhenAny(Task.WhenAll(_asked));
        }
    }

    private List<AssetSource> TakeChunk()
    {
        var chunk = new List<AssetSource>();
        while (chunk.Count < size && rows.TryRead(out var row))
        {
            chunk.Add(row);
        }

        return chunk;
    }
}
