using Seedance.Http;
using Seedance.Runs;

namespace Seedance.Assets;

/// <summary>Sends batches and records each before it leaves and after. What it throws, ends the run.</summary>
/// <param name="client">The API.</param>
/// <param name="request">Records requests and their outcomes.</param>
/// <param name="pictures">Uploads local pictures.</param>
/// <param name="resume">Decides again about rows that another runner has taken meanwhile.</param>
/// <param name="options">How the run goes about it.</param>
/// <param name="tally">Counts what becomes of the rows.</param>
/// <param name="publish">Where events go.</param>
/// <param name="stop">Ends the run: nothing more is begun, and what is under way is recorded.</param>
internal sealed class BatchSender(
    SeedanceClient client, RecordedRequest request, BatchPictures pictures, ResumePolicy resume, SubmitOptions options, RunTally tally, Action<SubmitEvent> publish, CancellationToken stop) : IBatchTarget
{
    private readonly GroupCreationLock _gates = new();
    private int _warnedOfModel;

    /// <inheritdoc/>
    public async Task SendAsync(PlannedBatch batch, Action answered)
    {
        var (key, rows) = batch;
        if ((rows = await pictures.UploadAsync(rows)).Count == 0)
        {
            return;
        }

        var group = await _gates.EnterAsync(key.Group, key.ProjectName, stop);
        SeedanceTask? accepted = null;
        try
        {
            accepted = await SendUnclaimedAsync(key with { Group = group }, rows, answered);
        }
        finally
        {
            _gates.Leave(group, key.ProjectName, accepted);
        }
    }

    /// <summary>Sends a batch that a runner has taken: it is claimed already, and its group's turn is come.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="claimed">Their request.</param>
    /// <param name="turn">The turn that it was taken with.</param>
    public Task SendClaimedAsync(PlannedBatch batch, JournalIntent claimed, Turn turn) => SendUnclaimedAsync(batch.Key, batch.Rows, () => { }, (claimed, turn));

    /// <summary>Sends what nobody else has taken meanwhile, and again what a refusal does not name; null if that is nothing, or was not accepted.</summary>
    private async Task<SeedanceTask?> SendUnclaimedAsync(BatchKey key, List<PlannedRow> batch, Action answered, (JournalIntent Intent, Turn Turn)? claimed = null)
    {
        for (; batch.Count > 0; claimed = null)
        {
            // What is claimed was begun.
            if (claimed is null)
            {
                stop.ThrowIfCancellationRequested();
            }

            var sources = batch.ConvertAll(row => row.Source);
            var intent = claimed?.Intent ?? key.ToIntent(batch);
            RowRefusal? refusal = null;
            var result = claimed is { } one ? await request.SendClaimedAsync(intent, begun => SubmitAsync(begun, one.Turn), answered) : await request.SendAsync(intent, SubmitAsync, answered, stop);
            if (result.Taken is { } taken)
            {
                batch = await resume.ReplanAsync(batch, taken, stop);
                continue;
            }

            WarnIfModelIsLeftOut(key.Group);
            if (refusal is not null && result.Fatal is null)
            {
                batch = await SetAsideAsync(key, batch, refusal, intent.IntentId);
                continue;
            }

            result.Publish(sources, tally, publish);
            return result.Task;

            async Task<SeedanceTask> SubmitAsync(JournalIntent begun, Turn turn)
            {
                try
                {
                    var assets = new AssetBatch(key.Group, key.ProjectName, key.AssetType, sources) { Model = options.Model, AdditionalFields = options.AdditionalFields };
                    return await client.WithTurn(turn).SubmitAssetsAsync(assets, IntentId.KeyOf(begun.IntentId), stop);
                }
                catch (SeedanceException e) when ((refusal = RowRefusal.Find(e, sources)) is not null)
                {
                    throw AssetErrors.RefusedForAnother(e, refusal.Row);
                }
            }
        }

        return null;
    }

    /// <summary>Records the one row as refused, and returns the others: surely nothing of them was taken.</summary>
    private async Task<List<PlannedRow>> SetAsideAsync(BatchKey key, List<PlannedRow> batch, RowRefusal refusal, string intentId)
    {
        var rows = batch.ConvertAll(row => row with { Supersedes = intentId });
        var refused = rows[refusal.Place];
        rows.RemoveAt(refusal.Place);

        // An outcome is that of a whole request, so the row has one of its own, of which nothing leaves.
        var result = await request.RefuseAsync(key.ToIntent([refused]), refusal.Failure);
        (result with { Failure = refusal.Failure }).Publish([refused.Source], tally, publish);
        return rows;
    }

    private void WarnIfModelIsLeftOut(AvatarGroup group)
    {
        if (options.Model is { } model && (group.IsRealPerson || client.HasOlderSubmissionOnly) && Interlocked.Exchange(ref _warnedOfModel, 1) == 0)
        {
            publish(new SubmitWarning(group.IsRealPerson
                ? $"A real person's material is submitted without a model: {model} is not sent."
                : $"This server has the older address for submissions alone, which knows no models: {model} is not sent, and the limits of the 2.0 models hold."));
        }
    }
}
