using Seedance.Assets;
using Seedance.Http;
using Seedance.Runs;
using Seedance.Transfers;

namespace Seedance.Queue;

/// <summary>Sends requests that a runner has taken, as they were queued.</summary>
/// <param name="client">The API.</param>
/// <param name="journal">Where outcomes are recorded.</param>
/// <param name="queue">The same journal, as a queue.</param>
/// <param name="time">The clock.</param>
/// <param name="run">The runner's run.</param>
/// <param name="tally">Counts what becomes of the rows.</param>
/// <param name="publish">Where events go.</param>
internal sealed class TakenSender(
    SeedanceClient client, IJournal journal, IRunnerJournal queue, TimeProvider time, RunLease run, RunTally tally, Action<SubmitEvent> publish)
{
    private readonly RecordedRequest _request = new(journal, client.TakeTurnAsync, run);
    private readonly ImageUploader _uploader = new(client, journal, time);

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
        var sender = new BatchSender(client, _request, new BatchPictures(_uploader, publish, stop), options, tally, publish, giveBackAsync: null, stop);
        var key = new BatchKey(group, intent.ProjectName, intent.AssetType ?? default);
        return sender.SendClaimedAsync(new PlannedBatch(key, rows), intent, turn, SplitAsync);

        ValueTask SplitAsync(JournalOutcome outcome, RowRefusal refusal)
        {
            var parts = rows.ConvertAll(row => row with { Supersedes = intent.IntentId });
            var refused = key.ToIntent([parts[refusal.Place]]) with { RunId = run.RunId };
            parts.RemoveAt(refusal.Place);
            var refusedAs = new JournalOutcome { IntentId = refused.IntentId, State = JournalState.Refused, Code = refusal.Failure.Code, Message = refusal.Failure.Message };
            var rest = queued with { Addresses = [.. queued.Addresses!.Where((_, i) => i != refusal.Place)] };
            return queue.SplitAsync(outcome, refused, refusedAs, key.ToIntent(parts), rest.ToJson(), CancellationToken.None);
        }
    }

    private async Task OrderAsync(JournalIntent intent, QueuedPayload queued, Turn turn, CancellationToken stop)
    {
        var source = intent.Rows[0].Source;
        var result = await _request.SendClaimedAsync(
            intent, sent => client.WithTurn(turn).SubmitVideoAsync(JsonBody.FromText(queued.Order!), source, queued.EstimatedCost, IntentId.KeyOf(sent.IntentId), stop));
        result.Publish([source], tally, publish);
    }
}
