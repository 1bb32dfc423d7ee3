using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using System.Threading.RateLimiting;

namespace Seedance;

/// <summary>One run of submissions: takes rows in, fills batches, sends them.</summary>
internal sealed class SubmitRun : IDisposable
{
    /// <summary>How many rows are looked up in the journal at once.</summary>
    private const int LookUpSize = 256;

    /// <summary>How many batches may stand open for want of rows; the oldest leaves when another is begun.</summary>
    private const int MaxOpenBatches = 64;

    private readonly SeedanceClient _client;
    private readonly IJournal _journal;
    private readonly SubmitOptions _options;
    private readonly ChannelWriter<SubmitEvent> _events;
    private readonly CancellationTokenSource _stop;
    private readonly ConcurrencyLimiter _slots;
    private readonly GroupGates _gates = new();
    private readonly ResumeDesk _desk;
    private readonly ImageUploader _uploader;
    private readonly List<(BatchKey Key, List<PlannedRow> Rows)> _open = [];
    private ExceptionDispatchInfo? _fatal;

    public SubmitRun(
        SeedanceClient client, IJournal journal, TimeProvider time, SubmitOptions options, ChannelWriter<SubmitEvent> events, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(options.BatchSize, Math.Clamp(options.BatchSize, 1, SeedanceClient.MaxAssetsPerRequest));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ThrottleLimit, 1);
        _client = client;
        _journal = journal;
        _options = options;
        _events = events;
        _uploader = new ImageUploader(client, journal, time);
        _desk = new ResumeDesk(journal, options, time, Tell);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _slots = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = options.ThrottleLimit, QueueLimit = int.MaxValue });
    }

    public async Task RunAsync(ChannelReader<AssetSource> rows)
    {
        try
        {
            try
            {
                await TakeInAsync(rows);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                Stop(e);
            }

            // Every slot back: nothing is under way any more.
            using (await _slots.AcquireAsync(_options.ThrottleLimit, CancellationToken.None))
            {
            }

            _fatal?.Throw();
            _stop.Token.ThrowIfCancellationRequested();
        }
        finally
        {
            _events.Complete();
        }
    }

    /// <summary>Calls the run off: nothing more is begun.</summary>
    public void Stop() => _stop.Cancel();

    public void Dispose()
    {
        _stop.Dispose();
        _slots.Dispose();
    }

    private async Task TakeInAsync(ChannelReader<AssetSource> rows)
    {
        var chunk = new List<AssetSource>();
        while (await rows.WaitToReadAsync(_stop.Token))
        {
            chunk.Clear();
            while (chunk.Count < LookUpSize && rows.TryRead(out var row))
            {
                chunk.Add(row);
            }

            foreach (var planned in await _desk.PlanAsync(chunk, _stop.Token))
            {
                await AddAsync(planned);
            }
        }

        while (_open.Count > 0)
        {
            await StartAsync(0);
        }
    }

    private async Task AddAsync(PlannedRow row)
    {
        var key = new BatchKey(row.Group, row.Source.ProjectName, row.Source.AssetType);
        var at = _open.FindIndex(open => open.Key == key);
        if (at < 0)
        {
            if (_open.Count == MaxOpenBatches)
            {
                await StartAsync(0);
            }

            at = _open.Count;
            _open.Add((key, new List<PlannedRow>(_options.BatchSize)));
        }

        _open[at].Rows.Add(row);
        if (_open[at].Rows.Count == _options.BatchSize)
        {
            await StartAsync(at);
        }
    }

    // Waits for a slot, not for the request: so rows are read only as fast as they leave.
    private async Task StartAsync(int at)
    {
        var (key, batch) = _open[at];
        _open.RemoveAt(at);
        var slot = await _slots.AcquireAsync(1, _stop.Token);
        _ = SendAndRecordAsync(slot, key, batch);
    }

    private async Task SendAndRecordAsync(RateLimitLease slot, BatchKey key, List<PlannedRow> batch)
    {
        using (slot)
        {
            try
            {
                if (batch.Exists(row => row.Source.Picture is not null) && (batch = await UploadAsync(batch)).Count == 0)
                {
                    return;
                }

                var group = await _gates.EnterAsync(key.Group, key.ProjectName, _stop.Token);
                SeedanceTask? accepted = null;
                try
                {
                    accepted = await SendAsync(key with { Group = group }, batch);
                }
                finally
                {
                    _gates.Leave(group, key.ProjectName, accepted);
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                // Nobody awaits this: what is not told here would be lost, and its rows with it.
                Stop(e);
            }
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
                var image = await _uploader.UploadAsync(picture, isFresh: false, moved: null, _stop.Token);
                Tell(new PictureUploaded(row.Source, image));
                return row with { Source = row.Source with { Address = image.Url } };
            }
            catch (SeedanceException e) when (!e.StopsTheRun)
            {
                Tell(new RowFailed(row.Source, e));
                return null;
            }
        }));
        return [.. rows.OfType<PlannedRow>()];
    }

    /// <summary>Sends what nobody else has taken meanwhile; null if that is nothing, or was not accepted.</summary>
    private async Task<SeedanceTask?> SendAsync(BatchKey key, List<PlannedRow> batch)
    {
        while (true)
        {
            _stop.Token.ThrowIfCancellationRequested();
            var intent = Intent(key, batch);
            var taken = await _journal.BeginAsync(intent, claim: _options.Resume, CancellationToken.None);
            if (taken.Count == 0)
            {
                return await SendAsync(key, batch, intent.IntentId);
            }

            batch = await _desk.ReplanAsync(batch, taken, _stop.Token);
            if (batch.Count == 0)
            {
                return null;
            }
        }
    }

    private async Task<SeedanceTask?> SendAsync(BatchKey key, List<PlannedRow> batch, string intentId)
    {
        SeedanceTask task;
        try
        {
            task = await _client.SubmitAssetsAsync(
                new AssetBatch(key.Group, key.ProjectName, key.AssetType, [.. batch.Select(row => row.Source)]), _stop.Token);
        }
        catch (OperationCanceledException)
        {
            await RecordAsync(new JournalOutcome { IntentId = intentId, State = JournalState.Unsent });
            throw;
        }
        catch (SeedanceException e)
        {
            await RecordAsync(new JournalOutcome { IntentId = intentId, State = StateAfter(e), Message = e.Message });
            if (e.StopsTheRun)
            {
                throw;
            }

            batch.ForEach(row => Tell(new RowFailed(row.Source, e)));
            return null;
        }

        // Accepted is accepted: it is given out even if it cannot be recorded, which then ends the run.
        try
        {
            await RecordAsync(new JournalOutcome { IntentId = intentId, State = JournalState.Accepted, TaskId = task.TaskId, GroupId = task.GroupId });
        }
        finally
        {
            Tell(new TaskAccepted(task, Resumed: false));
        }

        return task;
    }

    private ValueTask RecordAsync(JournalOutcome outcome) => _journal.EndAsync(outcome, CancellationToken.None);

    private static JournalIntent Intent(BatchKey key, List<PlannedRow> batch) => new()
    {
        IntentId = Guid.NewGuid().ToString("N"),
        Kind = TaskKind.Asset,
        Group = key.Group,
        ProjectName = key.ProjectName,
        AssetType = key.AssetType,
        Rows = [.. batch.Select(row => new JournalRow(row.Key, row.Source.Name, row.Source.SourceUrl, row.Supersedes))],
    };

    // What stops the run was no fault of the row's: the next run may send it.
    internal static JournalState StateAfter(SeedanceException e) => e switch
    {
        { Delivery: Delivery.Unknown } => JournalState.Unknown,
        { Delivery: Delivery.Refused, StopsTheRun: false } => JournalState.Refused,
        _ => JournalState.Unsent,
    };

    private void Stop(Exception failure)
    {
        _fatal ??= ExceptionDispatchInfo.Capture(failure);
        _stop.Cancel();
    }

    private void Tell(SubmitEvent what)
    {
        if (what is TaskAccepted { Resumed: false } accepted)
        {
            Telemetry.CountRows(accepted.Task.Sources.Count, "accepted");
        }
        else if (what is RowFailed failed)
        {
            Telemetry.CountRows(1, failed.Error.ErrorId);
        }

        _events.TryWrite(what);
    }

    private readonly record struct BatchKey(AvatarGroup Group, string? ProjectName, AssetType AssetType);
}
