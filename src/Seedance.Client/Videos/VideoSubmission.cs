using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Seedance.Runs;

namespace Seedance.Videos;

/// <summary>One run of orders. Each is a request of its own; the same one twice in a run, or again with Resume, is sent once.</summary>
internal sealed class VideoSubmission : IDisposable
{
    private readonly SeedanceClient _client;
    private readonly IJournal _journal;
    private readonly VideoOptions _options;
    private ResumeRules _rules;
    private readonly RunLease _run;
    private readonly RecordedRequest _request;
    private readonly ChannelWriter<SubmitEvent> _events;
    private readonly WorkerPool _workers;
    private readonly HashSet<UInt128> _seen = [];
    private readonly LastingFailures _lasting = new();
    private readonly RunBudget? _budget;
    private readonly RepeatNotice? _repeats;
    private readonly RunTally _tally = new();
    private readonly QueuedList? _list;

    public VideoSubmission(SeedanceClient client, IJournal journal, TimeProvider time, VideoOptions options, ChannelWriter<SubmitEvent> events, CancellationToken cancellationToken)
    {
        _client = client;
        _journal = journal;
        _options = options;
        _run = new RunLease(journal, options.RunName, time);
        _request = new RecordedRequest(journal, client.TakeTurnAsync, _run);
        _list = QueuedList.Find(journal, options.ListName, options.Resume);
        _events = events;
        _budget = options.MaxCost is { } most ? new RunBudget(most) : null;
        _repeats = options.Resume ? null : new RepeatNotice(Publish);
        _workers = new WorkerPool(options.ThrottleLimit, cancellationToken);
    }

    public async Task RunAsync(ChannelReader<VideoRequest> requests)
    {
        try
        {
            _rules = new ResumeRules(_options.Resume, _options.RetryFailed, _options.RetryUnknown, await _journal.GetPositionAsync(_workers.Stopping)) { RetryRefused = _options.RetryRefused };
            await _workers.RunAsync(requests, (request, _) => OrderAsync(request));
        }
        finally
        {
            if (_tally.UnderWayElsewhere is > 0 and var count)
            {
                Publish(PriorOutcomes.UnderWay(count));
            }

            if (_lasting.Summarize() is { } lasting)
            {
                Publish(lasting);
            }

            if (_budget?.Complete() is { } reached)
            {
                Publish(reached);
            }

            // What is only queued is its runners' runs.
            foreach (var last in _list is not null ? [] : await _run.EndAsync(_tally, _options.CountInvalid?.Invoke() ?? 0))
            {
                Publish(last);
            }

            await _run.DisposeAsync();
            _events.Complete();
        }
    }

    /// <summary>Calls the run off: nothing more is begun.</summary>
    public void Stop() => _workers.Stop();

    public void Dispose() => _workers.Dispose();

    private async Task OrderAsync(VideoRequest request)
    {
        var content = request.ToCanonicalJson();
        var key = JournalKey.Create(nameof(TaskKind.Video), null, request.RowId is { } id ? $"row:{id}" : content, null, content);
        bool isNew;
        lock (_seen)
        {
            isNew = _seen.Add(key.ToRunHash());
        }

        if (isNew)
        {
            _tally.Add();
            await OrderAsync(request, key);
        }
        else
        {
            Publish(new SubmitWarning($"{request} repeats an earlier one of this run in every field; it is ordered once. For another take, give it another -Seed."));
        }
    }

    private async Task OrderAsync(VideoRequest request, JournalKey key)
    {
        while (true)
        {
            var match = (await _journal.FindAsync([key], _workers.Stopping))[0];
            if (!await IsToBeSentAsync(request, match))
            {
                return;
            }

            _workers.Stopping.ThrowIfCancellationRequested();
            if (!TryReserve(request, out var cost))
            {
                return;
            }

            var isUnknown = match is { State: JournalState.Unknown };
            var intent = new JournalIntent
            {
                IntentId = _options.RetryUnknown && isUnknown ? IntentId.RepeatOf(match!.IntentId) : IntentId.New(),
                Kind = TaskKind.Video,
                Rows = [new JournalRow(key, request.ToSource() with { RecordedHash = key.ContentHash }, match?.LastIntentId) { WasUnknown = isUnknown }],
            };
            if (_list is not null)
            {
                var payload = new QueuedPayload { Order = request.ToBody().ToText(), EstimatedCost = request.EstimateCost() };
                if ((await _list.EnqueueAsync(intent, payload)).Count == 0)
                {
                    Publish(new RowsQueued(1));
                    return;
                }

                _budget?.Release(cost);
                continue;
            }

            var result = await _request.SendAsync(
                intent, (begun, turn) => _client.WithTurn(turn).SubmitVideoAsync(request, IntentId.KeyOf(begun.IntentId), _workers.Stopping), cancellationToken: _workers.Stopping);
            if (result is { Taken: not null } or { Failure.Delivery: not Delivery.Unknown })
            {
                _budget?.Release(cost);
            }

            // Where another runner was quicker, see what it has.
            if (result.Taken is null)
            {
                Publish(request, result);
                return;
            }
        }
    }

    /// <summary>Sets aside what the order costs at most, where the run has a limit.</summary>
    private bool TryReserve(VideoRequest request, out decimal cost)
    {
        cost = 0;
        if (_budget is null)
        {
            return true;
        }

        if (request.EstimateCost() is not { } most)
        {
            Publish(new VideoFailed(request, VideoErrors.CostUnknown(request)));
            return false;
        }

        cost = most;
        return _budget.TryReserve(request, most);
    }

    // Accepted is accepted: it is given out even if it could not be recorded, which then ends the run.
    private void Publish(VideoRequest request, RequestResult result)
    {
        _tally.Count(result, 1);
        if (result.Task is { } task)
        {
            Publish(new TaskAccepted(task, Resumed: false));
        }
        else if (result.Failure is { StopsTheRun: false } failure)
        {
            Publish(new VideoFailed(request, failure));
        }

        if (result.Fatal is not null)
        {
            ExceptionDispatchInfo.Throw(result.Fatal);
        }
    }

    private async ValueTask<bool> IsToBeSentAsync(VideoRequest request, JournalMatch? match)
    {
        var action = _rules.Decide(match, isVideo: true);
        _tally.Count(action);
        switch (action)
        {
            case ResumeAction.Send or ResumeAction.GiveOutAndSend:
                // One that is ordered by hand is wanted once more: another take.
                if (request.Row > 0)
                {
                    _repeats?.Add(request, match);
                }

                return true;
            case ResumeAction.Leave:
                return false;
            case ResumeAction.ReportUnknown:
                Publish(new VideoFailed(request, PriorOutcomes.Unknown(request, match!)));
                return false;
            case ResumeAction.ReportRefused:
                Publish(new VideoFailed(request, PriorOutcomes.Refused(request, match!)));
                return false;
            default:
                if (action == ResumeAction.GiveOutRefused)
                {
                    _lasting.Add(match!);
                }

                if (match!.TaskId is { } taskId)
                {
                    Publish(new TaskAccepted(
                        await _journal.FindTaskAsync(taskId, _workers.Stopping) ?? new SeedanceTask { TaskId = taskId, Kind = TaskKind.Video }, Resumed: true));
                }

                return false;
        }
    }

    private void Publish(SubmitEvent what) => _events.TryWrite(what);
}
