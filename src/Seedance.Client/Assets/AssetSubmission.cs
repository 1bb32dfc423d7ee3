using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using System.Threading.RateLimiting;
using Seedance.Http;
using Seedance.Runs;
using Seedance.Settling;
using Seedance.Transfers;

namespace Seedance.Assets;

/// <summary>One run of submissions: takes rows in, fills batches, sends them.</summary>
internal sealed class AssetSubmission : IDisposable
{
    private readonly SubmitOptions _options;
    private readonly int _lookupSize;
    private readonly ChannelWriter<SubmitEvent> _events;
    private readonly CancellationTokenSource _stop;
    private readonly ConcurrencyLimiter _slots;
    private readonly ConcurrencyLimiter _underWay;
    private readonly ResumePolicy _resume;
    private readonly RunLease _run;
    private readonly RunTally _tally = new();
    private readonly IBatchTarget _target;
    private readonly QueuedList? _list;
    private readonly BatchBuilder _open;
    private readonly ConcurrentQueue<PlannedRow> _givenBack = new();
    private ExceptionDispatchInfo? _fatal;

    public AssetSubmission(
        SeedanceClient client, IJournal journal, TimeProvider time, SubmitOptions options, ChannelWriter<SubmitEvent> events, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(options.BatchSize, Math.Clamp(options.BatchSize, 1, SeedanceClient.MaxAssetsPerRequest));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ThrottleLimit, 1);
        if (AssetRules.AdditionalFieldObjection(options.AdditionalFields) is { } objection)
        {
            throw AssetErrors.InvalidFields(objection);
        }

        _options = options;
        _lookupSize = journal.PreferredLookupSize;
        _events = events;
        _resume = new ResumePolicy(journal, options, time, new RequestSettler(client, journal, time), _tally, Publish);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _run = new RunLease(journal, options.RunName, time);
        var pictures = new BatchPictures(new ImageUploader(client, journal, time), Publish, _stop.Token);
        _list = QueuedList.Find(journal, options.ListName, options.Resume);
        _target = _list is null
            ? new BatchSender(client, new RecordedRequest(journal, client.TakeTurnAsync, _run), pictures, options, _tally, Publish, GiveBackAsync, _stop.Token)
            : new BatchQueuer(_list, pictures, _resume, options, Publish, _stop.Token);
        _open = new BatchBuilder(options.BatchSize);
        _slots = Limiter(options.ThrottleLimit);
        _underWay = Limiter(UnderWay);

        static ConcurrencyLimiter Limiter(int limit) => new(new ConcurrencyLimiterOptions { PermitLimit = limit, QueueLimit = int.MaxValue });
    }

    /// <summary>Batches that are sent or recorded: while the disk takes one outcome in, another request is under way.</summary>
    private int UnderWay => 2 * _options.ThrottleLimit;

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

            await WaitForAllAsync();
            _resume.Complete();
            _fatal?.Throw();
            _stop.Token.ThrowIfCancellationRequested();
        }
        finally
        {
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
    public void Stop() => _stop.Cancel();

    public void Dispose()
    {
        _stop.Dispose();
        _slots.Dispose();
        _underWay.Dispose();
    }

    private async Task TakeInAsync(ChannelReader<AssetSource> rows)
    {
        await foreach (var answer in new LookAhead(_resume, rows, _lookupSize, _stop.Token).ReadAllAsync())
        {
            await AddAsync(_resume.Plan(answer));
        }

        await SendRestAsync();
        await AddAsync(await _resume.SettleAsync(_stop.Token));
        await SendRestAsync();
    }

    private async Task GiveBackAsync(List<PlannedRow> batch, IReadOnlyList<int> taken)
    {
        foreach (var row in await _resume.ReplanAsync(batch, taken, _stop.Token))
        {
            _givenBack.Enqueue(row);
        }
    }

    // What came back since goes first: others send the same list, and a batch that is not full is a request too many.
    private async Task AddAsync(IReadOnlyList<PlannedRow> rows)
    {
        while (_givenBack.TryDequeue(out var row))
        {
            await AddAsync(row);
        }

        foreach (var row in rows)
        {
            await AddAsync(row);
        }
    }

    private async Task AddAsync(PlannedRow row)
    {
        if (_open.Add(row) is { } batch)
        {
            await StartAsync(batch);
        }
    }

    // Until nothing comes back: with each row that does, another runner has taken one.
    private async Task SendRestAsync()
    {
        do
        {
            await AddAsync([]);
            while (_open.TakeOldest() is { } batch)
            {
                await StartAsync(batch);
            }

            await WaitForAllAsync();
        }
        while (!_givenBack.IsEmpty && !_stop.IsCancellationRequested);
    }

    // Every place back: nothing is under way any more.
    private async Task WaitForAllAsync()
    {
        using (await _underWay.AcquireAsync(UnderWay, CancellationToken.None))
        {
        }
    }

    // Waits for a slot, not for the request: so rows are read only as fast as they leave.
    private async Task StartAsync(PlannedBatch batch)
    {
        var place = await _underWay.AcquireAsync(1, _stop.Token);
        RateLimitLease slot;
        try
        {
            slot = await _slots.AcquireAsync(1, _stop.Token);
        }
        catch
        {
            place.Dispose();
            throw;
        }

        _ = SendAsync(batch, place, slot);
    }

    private async Task SendAsync(PlannedBatch batch, RateLimitLease place, RateLimitLease slot)
    {
        using (place)
        using (slot)
        {
            try
            {
                // The next request need not wait until the disk has taken this one's outcome in.
                await _target.SendAsync(batch, answered: slot.Dispose);
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

    private void Stop(Exception failure)
    {
        _fatal ??= ExceptionDispatchInfo.Capture(failure);
        _stop.Cancel();
    }

    private void Publish(SubmitEvent what)
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
}
