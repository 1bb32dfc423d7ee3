using System.Runtime.ExceptionServices;
using Seedance.Runs;
using Seedance.Transfers;

namespace Seedance.Assets;

/// <summary>Sends batches and records each before it leaves and after. What it throws, ends the run.</summary>
/// <param name="client">The API.</param>
/// <param name="request">Records requests and their outcomes.</param>
/// <param name="uploader">Puts local pictures where the review can fetch them.</param>
/// <param name="resume">Decides again about rows that another runner has taken meanwhile.</param>
/// <param name="publish">Where events go.</param>
/// <param name="stop">Ends the run: nothing more is begun, and what is under way is recorded.</param>
internal sealed class BatchSender(
    SeedanceClient client, RecordedRequest request, ImageUploader uploader, ResumePolicy resume, Action<SubmitEvent> publish, CancellationToken stop)
{
    private readonly GroupCreationLock _gates = new();

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

    /// <summary>Sends what nobody else has taken meanwhile; null if that is nothing, or was not accepted.</summary>
    private async Task<SeedanceTask?> SendUnclaimedAsync(BatchKey key, List<PlannedRow> batch, Action answered)
    {
        while (batch.Count > 0)
        {
            stop.ThrowIfCancellationRequested();
            var sent = batch;
            var result = await request.SendAsync(
                Intent(key, batch),
                intent => client.SubmitAssetsAsync(new AssetBatch(key.Group, key.ProjectName, key.AssetType, [.. sent.Select(row => row.Source)]), IntentId.KeyOf(intent.IntentId), stop),
                answered);
            if (result.Taken is { } taken)
            {
                batch = await resume.ReplanAsync(batch, taken, stop);
                continue;
            }

            Publish(batch, result);
            return result.Task;
        }

        return null;
    }

    // Accepted is accepted: it is given out even if it could not be recorded, which then ends the run.
    private void Publish(List<PlannedRow> batch, RequestResult result)
    {
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
