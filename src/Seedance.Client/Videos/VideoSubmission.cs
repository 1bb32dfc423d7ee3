using System.Threading.Channels;
using Seedance.Assets;
using Seedance.Runs;

namespace Seedance.Videos;

/// <summary>One run of orders. Each is a request of its own; the same one twice in a run, or again with Resume, is sent once.</summary>
internal sealed class VideoSubmission : IDisposable
{
    private readonly SeedanceClient _client;
    private readonly IJournal _journal;
    private readonly VideoOptions _options;
    private readonly ChannelWriter<SubmitEvent> _events;
    private readonly WorkerPool _workers;
    private readonly HashSet<UInt128> _seen = [];

    public VideoSubmission(SeedanceClient client, IJournal journal, VideoOptions options, ChannelWriter<SubmitEvent> events, CancellationToken cancellationToken)
    {
        _client = client;
        _journal = journal;
        _options = options;
        _events = events;
        _workers = new WorkerPool(options.ThrottleLimit, cancellationToken);
    }

    public async Task RunAsync(ChannelReader<VideoRequest> requests)
    {
        try
        {
            await _workers.RunAsync(requests, (request, _) => OrderAsync(request));
        }
        finally
        {
            _events.Complete();
        }
    }

    /// <summary>Calls the run off: nothing more is begun.</summary>
    public void Stop() => _workers.Stop();

    public void Dispose() => _workers.Dispose();

    private async Task OrderAsync(VideoRequest request)
    {
        var key = JournalKey.Create(nameof(TaskKind.Video), null, request.ToCanonicalJson(), null);
        bool isNew;
        lock (_seen)
        {
            isNew = _seen.Add(key.Material);
        }

        if (isNew)
        {
            await OrderAsync(request, key);
        }
        else
        {
            Publish(new SubmitNotice($"{request} repeats an earlier one of this run in every field; it is ordered once. For another take, give it another -Seed."));
        }
    }

    private async Task OrderAsync(VideoRequest request, JournalKey key)
    {
        while (true)
        {
            JournalMatch? match = null;
            if (_options.Resume)
            {
                match = (await _journal.FindAsync([key], _workers.Stopping))[0];
                if (match is not null && !await IsToBeSentAsync(request, match))
                {
                    return;
                }
            }

            _workers.Stopping.ThrowIfCancellationRequested();
            var intent = new JournalIntent
            {
                IntentId = Guid.NewGuid().ToString("N"),
                Kind = TaskKind.Video,
                Rows = [new JournalRow(key, request.Label, request.Materials.FirstOrDefault()?.Url, match?.IntentId)],
            };
            var taken = await _journal.BeginAsync(intent, claim: _options.Resume, CancellationToken.None);
            if (taken.Count == 0)
            {
                await SendAsync(request, intent.IntentId);
                return;
            }

            // Another runner was quicker: see what it has.
        }
    }

    private async Task SendAsync(VideoRequest request, string intentId)
    {
        SeedanceTask task;
        try
        {
            task = await _client.SubmitVideoAsync(request, _workers.Stopping);
        }
        catch (OperationCanceledException)
        {
            await RecordAsync(new JournalOutcome { IntentId = intentId, State = JournalState.Unsent });
            throw;
        }
        catch (SeedanceException e)
        {
            await RecordAsync(new JournalOutcome { IntentId = intentId, State = BatchSender.StateAfter(e), Message = e.Message });
            if (e.StopsTheRun)
            {
                throw;
            }

            Publish(new VideoFailed(request, e));
            return;
        }

        // Accepted is accepted: it is given out even if it cannot be recorded, which then ends the run.
        try
        {
            await RecordAsync(new JournalOutcome { IntentId = intentId, State = JournalState.Accepted, TaskId = task.TaskId });
        }
        finally
        {
            Publish(new TaskAccepted(task, Resumed: false));
        }
    }

    private async ValueTask<bool> IsToBeSentAsync(VideoRequest request, JournalMatch match)
    {
        switch (match.State)
        {
            case JournalState.Accepted or JournalState.ReviewFailed when match.TaskId is not null:
                var task = await _journal.FindTaskAsync(match.TaskId, _workers.Stopping) ?? new SeedanceTask { TaskId = match.TaskId, Kind = TaskKind.Video };
                if (_options.RetryFailed && task.Status is SeedanceTaskStatus.Failed or SeedanceTaskStatus.Cancelled)
                {
                    return true;
                }

                Publish(new TaskAccepted(task, Resumed: true));
                return false;
            case JournalState.Unknown when !_options.RetryUnknown:
                Publish(new VideoFailed(request, Unknown(request, match)));
                return false;
            case JournalState.Refused when !_options.RetryFailed:
                Publish(new VideoFailed(request, Refused(request, match)));
                return false;
            default:
                return true;
        }
    }

    private ValueTask RecordAsync(JournalOutcome outcome) => _journal.EndAsync(outcome, CancellationToken.None);

    private void Publish(SubmitEvent what) => _events.TryWrite(what);

    private static SeedanceException Unknown(VideoRequest request, JournalMatch match) =>
        new(SeedanceErrorKind.InvalidAnswer, Delivery.Unknown,
            $"{request} was ordered before, and whether it was accepted is not known; it was not ordered again. Then: {match.Message ?? "the run was cut off, or it is still under way."}")
        {
            RecommendedAction = "Look at the account: videos are billed. If it was not accepted, run again with -Resume -RetryUnknown.",
        };

    private static SeedanceException Refused(VideoRequest request, JournalMatch match) =>
        new(SeedanceErrorKind.InvalidRequest, Delivery.Refused, $"{request} was refused before and was not ordered again. Then: {match.Message}")
        {
            RecommendedAction = "Correct what the message names; to order it as it is, run again with -Resume -RetryFailed.",
        };
}
