using System.Runtime.ExceptionServices;
using Seedance.Http;
using Seedance.Runs;
using Seedance.Transfers;

namespace Seedance.Assets;

/// <summary>Sends batches and records each before it leaves and after. What it throws, ends the run.</summary>
/// <param name="client">The API.</param>
/// <param name="request">Records requests and their outcomes.</param>
/// <param name="uploader">Puts local pictures where the review can fetch them.</param>
/// <param name="resume">Decides again about rows that another runner has taken meanwhile.</param>
/// <param name="options">How the run goes about it.</param>
/// <param name="tally">Counts what becomes of the rows.</param>
/// <param name="publish">Where events go.</param>
/// <param name="stop">Ends the run: nothing more is begun, and what is under way is recorded.</param>
internal sealed class BatchSender(
    SeedanceClient client, RecordedRequest request, ImageUploader uploader, ResumePolicy resume, SubmitOptions options, RunTally tally, Action<SubmitEvent> publish, CancellationToken stop)
{
    private readonly GroupCreationLock _gates = new();
    private int _warnedOfModel;

    /// <summary>Takes one batch from its rows to its record.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="answered">Called when the request has been accepted, while that is being recorded.</param>
    public async Task SendAsync(PlannedBatch batch, Action answered)
    {
        var (key, rows) = batch;
        if (rows.Exists(row => row.Source.Picture is not null) && (rows = await UploadAsync(rows)).Count == 0)
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

    /// <summary>Uploads the pictures of a batch; what is left of it can be submitted.</summary>
    private async Task<List<PlannedRow>> UploadAsync(List<PlannedRow> batch)
    {
        var rows = await Task.WhenAll(batch.Select(async row =>
        {
            if (row.Source.Picture is not { } picture)
            {
                return row;
            }

            try
            {
                var image = await uploader.UploadAsync(picture, isFresh: false, moved: null, stop);
                publish(new RowImageUploaded(row.Source, image));
                return row with { Source = row.Source with { Address = image.Url } };
            }
            catch (SeedanceException e) when (!e.StopsTheRun)
            {
                publish(new RowFailed(row.Source, e));
                return null;
            }
        }));
        return [.. rows.OfType<PlannedRow>()];
    }

    /// <summary>Sends what nobody else has taken meanwhile, and again what a refusal does not name; null if that is nothing, or was not accepted.</summary>
    private async Task<SeedanceTask?> SendUnclaimedAsync(BatchKey key, List<PlannedRow> batch, Action answered)
    {
        while (batch.Count > 0)
        {
            stop.ThrowIfCancellationRequested();
            var sources = batch.ConvertAll(row => row.Source);
            var intent = Intent(key, batch);
            RowRefusal? refusal = null;
            var result = await request.SendAsync(intent, SubmitAsync, answered, stop);
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

            Publish(batch, result);
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
        var result = await request.RefuseAsync(Intent(key, [refused]), refusal.Failure);
        Publish([refused], result with { Failure = refusal.Failure });
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

    // Accepted is accepted: it is given out even if it could not be recorded, which then ends the run.
    private void Publish(List<PlannedRow> batch, RequestResult result)
    {
        tally.Count(result, batch.Count);
        if (result.Task is { } task)
        {
            publish(new TaskAccepted(task, Resumed: false));
        }
        else if (result.Failure is { StopsTheRun: false } failure)
        {
            batch.ForEach(row => publish(new RowFailed(row.Source, failure)));
        }

        if (result.Fatal is not null)
        {
            ExceptionDispatchInfo.Throw(result.Fatal);
        }
    }

    private static JournalIntent Intent(BatchKey key, List<PlannedRow> batch) => new()
    {
        IntentId = IntentId.New(),
        Kind = TaskKind.Asset,
        Group = key.Group,
        ProjectName = key.ProjectName,
        AssetType = key.AssetType,
        Rows = [.. batch.Select(row => new JournalRow(row.Key, row.Source, row.Supersedes))],
    };
}
