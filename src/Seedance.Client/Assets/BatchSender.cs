using Seedance.Http;
using Seedance.Runs;

namespace Seedance.Assets;

/// <summary>Sends batches and records each before it leaves and after. What it throws, ends the run.</summary>
/// <param name="client">The API.</param>
/// <param name="request">Records requests and their outcomes.</param>
/// <param name="pictures">Uploads local pictures.</param>
/// <param name="options">How the run goes about it.</param>
/// <param name="tally">Counts what becomes of the rows.</param>
/// <param name="publish">Where events go.</param>
/// <param name="giveBackAsync">Takes a batch of which another runner has taken rows, with their places: what is left goes out with others. Null where all is claimed already.</param>
/// <param name="stop">Ends the run: nothing more is begun, and what is under way is recorded.</param>
internal sealed class BatchSender(
    SeedanceClient client, RecordedRequest request, BatchPictures pictures, SubmitOptions options, RunTally tally, Action<SubmitEvent> publish,
    Func<List<PlannedRow>, IReadOnlyList<int>, Task>? giveBackAsync, CancellationToken stop) : IBatchTarget
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
    /// <param name="splitAsync">Records that it was refused because of one row, and queues the others.</param>
    public async Task SendClaimedAsync(PlannedBatch batch, JournalIntent claimed, Turn turn, Func<JournalOutcome, RowRefusal, ValueTask> splitAsync)
    {
        var (key, rows) = batch;
        var sources = rows.ConvertAll(row => row.Source);
        RowRefusal? refusal = null;
        var result = await request.SendClaimedAsync(
            claimed, begun => SubmitAsync(key, sources, begun, turn, found => refusal = found), splitAsync: outcome => splitAsync(outcome, refusal!));
        WarnIfModelIsLeftOut(key.Group);
        if (refusal is not null && result.Fatal is null)
        {
            tally.Return(rows.Count - 1);
            (result with { Failure = refusal.Failure }).Publish([refusal.Row], tally, publish);
            return;
        }

        result.Publish(sources, tally, publish);
    }

    /// <summary>Sends what nobody else has taken meanwhile, and again what a refusal does not name; null if that is nothing, or was not accepted.</summary>
    private async Task<SeedanceTask?> SendUnclaimedAsync(BatchKey key, List<PlannedRow> batch, Action answered)
    {
        while (batch.Count > 0)
        {
            stop.ThrowIfCancellationRequested();
            var sources = batch.ConvertAll(row => row.Source);
            var intent = key.ToIntent(batch);
            RowRefusal? refusal = null;
            var result = await request.SendAsync(intent, (begun, turn) => SubmitAsync(key, sources, begun, turn, found => refusal = found), answered, stop);
            if (result.Taken is { } taken)
            {
                await giveBackAsync!(batch, taken);
                return null;
            }

            WarnIfModelIsLeftOut(key.Group);
            if (refusal is not null && result.Fatal is null)
            {
                batch = await SetAsideAsync(key, batch, refusal, intent.IntentId);
                continue;
            }

            result.Publish(sources, tally, publish);
            return result.Task;
        }

        return null;
    }

    private async Task<SeedanceTask> SubmitAsync(BatchKey key, List<AssetSource> sources, JournalIntent begun, Turn turn, Action<RowRefusal> refused)
    {
        try
        {
            var assets = new AssetBatch(key.Group, key.ProjectName, key.AssetType, sources) { Model = options.Model, AdditionalFields = options.AdditionalFields };
            return await client.WithTurn(turn).SubmitAssetsAsync(assets, IntentId.KeyOf(begun.IntentId), stop);
        }
        catch (SeedanceException e) when (RowRefusal.Find(e, sources) is { } refusal)
        {
            refused(refusal);
            throw AssetErrors.RefusedForAnother(e, refusal.Row);
        }
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
