using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Seedance.Assets;
using Seedance.Runs;
using Seedance.Settling;

namespace Seedance;

/// <summary>
/// Submits rows for review: in batches of one group, project and type, several at once, each recorded in the journal
/// before it leaves and after. Rows stream through; what is held is what is in flight.
/// </summary>
/// <param name="client">The API.</param>
/// <param name="journal">Where requests are recorded.</param>
/// <param name="time">The clock; the system's by default.</param>
public sealed class AssetSubmitter(SeedanceClient client, IJournal journal, TimeProvider? time = null)
{
    /// <summary>Submits the rows and tells what becomes of each, as it does.</summary>
    /// <exception cref="SeedanceException">No later request could have succeeded either (401, 402, 403, no journal); the rest was not sent.</exception>
    /// <exception cref="OperationCanceledException">The run was called off. No request was begun after that; those under way were recorded.</exception>
    public async IAsyncEnumerable<SubmitEvent> SubmitAsync(
        IEnumerable<AssetSource> rows, SubmitOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateBounded<AssetSource>(journal.PreferredLookupSize);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var feeding = FeedAsync();
        try
        {
            await foreach (var next in SubmitAsync(channel.Reader, options, cancellationToken))
            {
                yield return next;
            }
        }
        finally
        {
            // A run that ends early reads no more rows.
            over.Cancel();
            await feeding;
        }

        async Task FeedAsync()
        {
            try
            {
                foreach (var row in rows)
                {
                    await channel.Writer.WriteAsync(row, over.Token);
                }

                channel.Writer.Complete();
            }
            catch (Exception e)
            {
                channel.Writer.Complete(e);
            }
        }
    }

    /// <summary>Returns whether a run with these options would send a row now, as far as the journal tells; nothing is sent or recorded.</summary>
    public ValueTask<bool> IsToBeSentAsync(AssetSource row, SubmitOptions options, CancellationToken cancellationToken = default) =>
        new ResumePolicy(journal, options, time ?? TimeProvider.System, new RequestSettler(client, journal, time ?? TimeProvider.System), new RunTally(), _ => { }).IsToBeSentAsync(row, cancellationToken);

    /// <inheritdoc cref="SubmitAsync(IEnumerable{AssetSource}, SubmitOptions?, CancellationToken)"/>
    public async IAsyncEnumerable<SubmitEvent> SubmitAsync(
        ChannelReader<AssetSource> rows,
        SubmitOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var events = Channel.CreateUnbounded<SubmitEvent>();
        using var run = new AssetSubmission(client, journal, time ?? TimeProvider.System, options ?? new SubmitOptions(), events.Writer, cancellationToken);
        await foreach (var next in RunEvents.ReadAsync(events.Reader, client.Lifetime.RunAsync(() => run.RunAsync(rows), run.Stop, cancellationToken), run.Stop))
        {
            yield return next;
        }
    }
}
