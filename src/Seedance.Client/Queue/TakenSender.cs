using Seedance.Assets;
using Seedance.Http;
using Seedance.Runs;
using Seedance.Settling;
using Seedance.Transfers;

namespace Seedance.Queue;

/// <summary>Sends requests that a runner has taken, as they were queued.</summary>
/// <param name="client">The API.</param>
/// <param name="journal">Where outcomes are recorded.</param>
/// <param name="time">The clock.</param>
/// <param name="run">The runner's run.</param>
/// <param name="tally">Counts what becomes of the rows.</param>
/// <param name="publish">Where events go.</param>
internal sealed class TakenSender(SeedanceClient client, IJournal journal, TimeProvider time, RunLease run, RunTally tally, Action<SubmitEvent> publish)
{
    private readonly RecordedRequest _request = new(journal, client.TakeTurnAsync, run);
    private readonly ImageUploader _uploader = new(client, journal, time);
    private readonly ResumePolicy _resume = new(journal, new SubmitOptions { Resume = true }, time, new RequestSettler(client, journal, time), tally, publish);

    /// <summary>Sends a request. What it throws, ends the run.</summary>
    public Task SendAsync(JournalIntent intent, string payload, Turn turn, CancellationToken stop)
    {
        foreach (var _ in intent.Rows)
        {
            tally.Add();
        }

        var queued = QueuedPayload.FromJson(payload);
        return queued.Order is null ? SendMaterialAsync(intent, queued, turn, stop) : OrderAsync(intent, queued, turn, stop);
    }

    private Task SendMaterialAsync(JournalIntent intent, QueuedPayload queued, Turn turn, CancellationToken stop)
    {
        var options = new SubmitOptions { Resume = true, Model = queued.Model, AdditionalFields = queued.AdditionalFields };
        var group = intent.Group! with { Description = queued.Description };
        var rows = intent.Rows.Select((row, i) => new PlannedRow(row.Source with { Address = queued.Addresses![i], Group = group }, group, row.Key, row.Supersedes)).ToList();
        var sender = new BatchSender(client, _request, new BatchPictures(_uploader, publish, stop), _resume, options, tally, publish, stop);
        return sender.SendClaimedAsync(new PlannedBatch(new BatchKey(group, intent.ProjectName, intent.AssetType ?? default), rows), intent, turn);
    }

    private async Task OrderAsync(JournalIntent intent, QueuedPayload queued, Turn turn, CancellationToken stop)
    {
        var source = intent.Rows[0].Source;
        var result = await _request.SendClaimedAsync(
            intent, sent => client.WithTurn(turn).SubmitVideoAsync(JsonBody.FromText(queued.Order!), source, queued.EstimatedCost, IntentId.KeyOf(sent.IntentId), stop));
        result.Publish([source], tally, publish);
    }
}
