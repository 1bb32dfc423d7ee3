using Seedance.Runs;

namespace Seedance.Assets;

/// <summary>Queues batches for runners to send.</summary>
/// <param name="list">Where they are queued.</param>
/// <param name="pictures">Uploads local pictures: a runner elsewhere has no such file.</param>
/// <param name="resume">Decides again about rows that another one has taken meanwhile.</param>
/// <param name="options">How the run goes about it.</param>
/// <param name="publish">Where events go.</param>
/// <param name="stop">Ends the run: nothing more is queued.</param>
internal sealed class BatchQueuer(QueuedList list, BatchPictures pictures, ResumePolicy resume, SubmitOptions options, Action<SubmitEvent> publish, CancellationToken stop) : IBatchTarget
{
    public async Task SendAsync(PlannedBatch batch, Action answered)
    {
        var (key, rows) = batch;
        await list.CreateAsync();
        rows = await pictures.UploadAsync(rows);
        while (rows.Count > 0)
        {
            stop.ThrowIfCancellationRequested();
            var payload = new QueuedPayload
            {
                Addresses = rows.ConvertAll(row => row.Source.Address ?? string.Empty),
                Model = options.Model,
                Description = key.Group.Description,
                AdditionalFields = options.AdditionalFields,
            };
            var taken = await list.EnqueueAsync(key.ToIntent(rows), payload);
            if (taken.Count == 0)
            {
                publish(new RowsQueued(rows.Count));
                return;
            }

            rows = await resume.ReplanAsync(rows, taken, stop);
        }
    }
}
