using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using System.Threading.RateLimiting;
using Seedance.Http;
using Seedance.Runs;

namespace Seedance.Queue;

/// <summary>One runner: takes requests while it has a place free, and watches the tasks that come of them.</summary>
internal sealed class RunnerRun : IDisposable
{
    // How long to wait where there is nothing to take: others may be at it, and what they leave behind falls free.
    private static readonly TimeSpan s_idle = TimeSpan.FromMilliseconds(500);

    // How often to look for tasks that nobody watches, beside taking.
    private static readonly TimeSpan s_adoptEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_unwatched = TimeSpan.FromMinutes(30);
    private const int MostAdopted = 500;

    private readonly SeedanceClient _client;
    private readonly IJournal _journal;
    private readonly IRunnerJournal _queue;
    private readonly TimeProvider _time;
    private readonly RunnerOptions _options;
    private readonly ChannelWriter<RunnerEvent> _events;
    private readonly CancellationTokenSource _stop;
    private readonly ConcurrencyLimiter _slots;
    private readonly RunLease _run;
    private readonly RunTally _tally = new();
    private readonly TakenSender _sender;
    private readonly Channel<SeedanceTask> _tasks = Channel.CreateUnbounded<SeedanceTask>();
    private readonly HashSet<string> _watched = new(StringComparer.Ordinal);
    private readonly long _began;
    private long? _adoptedAt;
    private int _open;
    private int _sending;
    private ExceptionDispatchInfo? _fatal;

    public RunnerRun(
        SeedanceClient client, IJournal journal, IRunnerJournal queue, TimeProvider time, RunnerOptions options, ChannelWriter<RunnerEvent> events, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ThrottleLimit, 1);
        (_client, _journal, _queue, _time, _options, _events) = (client, journal, queue, time, options, events);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _slots = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = options.ThrottleLimit, QueueLimit = int.MaxValue });
        _run = new RunLease(journal, options.ListName, time, options.ListName);
        _sender = new TakenSender(client, journal, queue, time, _run, _tally, Publish);
        _began = time.GetTimestamp();
    }

    public async Task RunAsync()
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var watching = Task.CompletedTask;
        try
        {
            await _run.BeginAsync();
            watching = WatchAsync(done.Token);
            await TakeAllAsync();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            Stop(e);
        }
        finally
        {
            // Every place back: nothing is under way any more. What is still under review is for whoever watches next.
            using (await _slots.AcquireAsync(_options.ThrottleLimit, CancellationToken.None))
            {
            }

            done.Cancel();
            await watching;
            foreach (var last in await _run.EndAsync(_tally, invalid: 0))
            {
                Publish(last);
            }

            await _run.DisposeAsync();
            _events.Complete();
        }

        _fatal?.Throw();
        _stop.Token.ThrowIfCancellationRequested();
    }

    /// <summary>Calls it off: nothing more is begun.</summary>
    public void Stop() => _stop.Cancel();

    public void Dispose()
    {
        _stop.Dispose();
        _slots.Dispose();
    }

    private async Task TakeAllAsync()
    {
        for (var isIdle = false; !(_time.GetElapsedTime(_began) >= _options.MaxDuration);)
        {
            // A turn that is taken for nothing is lost to the whole account.
            if (isIdle && !await _queue.HasWorkAsync(_run.RunId, _stop.Token))
            {
                await AdoptAsync(isIdle);
                if (await IsDoneAsync())
                {
                    return;
                }

                await Task.Delay(s_idle, _time, _stop.Token);
                continue;
            }

            RateLimitLease? slot = await _slots.AcquireAsync(1, _stop.Token);
            Turn? turn = null;
            try
            {
                // The turn first: what is taken leaves at once, and a process that dies while it waits has taken nothing.
                turn = await _client.TakeTurnAsync(_stop.Token);
                turn.Guard = _run.ThrowIfOver;
                var taken = await _queue.TakeAsync(_run.RunId, CancellationToken.None);
                if (taken.IsStopping)
                {
                    return;
                }

                isIdle = taken.Intent is null;
                if (taken is { Intent: { } intent, Payload: { } payload })
                {
                    Interlocked.Increment(ref _sending);
                    _ = SendAsync(intent with { RunId = _run.RunId }, payload, turn, slot);
                    (turn, slot) = (null, null);
                }
            }
            finally
            {
                turn?.Dispose();
                slot?.Dispose();
            }

            await AdoptAsync(isIdle);
            if (isIdle)
            {
                await Task.Delay(s_idle, _time, _stop.Token);
            }
        }
    }

    private async Task SendAsync(JournalIntent intent, string payload, Turn turn, RateLimitLease slot)
    {
        using (slot)
        using (turn)
        {
            try
            {
                await _sender.SendAsync(intent, payload, turn, _stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                // Nobody awaits this: what is not told here would be lost.
                Stop(e);
            }
            finally
            {
                Interlocked.Decrement(ref _sending);
            }
        }
    }

    private async ValueTask<bool> IsDoneAsync() =>
        !_options.GoesOn && Volatile.Read(ref _sending) == 0 && Volatile.Read(ref _open) == 0 && await _queue.IsListDoneAsync(_options.ListName, _stop.Token) != false;

    private async ValueTask AdoptAsync(bool isIdle)
    {
        if (!isIdle && _adoptedAt is { } last && _time.GetElapsedTime(last) < s_adoptEvery)
        {
            return;
        }

        _adoptedAt = _time.GetTimestamp();
        foreach (var task in await _queue.WatchAsync(_run.RunId, MostAdopted, _stop.Token))
        {
            Watch(task);
        }
    }

    private void Watch(SeedanceTask task)
    {
        lock (_watched)
        {
            if (!_watched.Add(task.TaskId))
            {
                return;
            }
        }

        Interlocked.Increment(ref _open);
        _tasks.Writer.TryWrite(task);
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var next in new TaskWaiter(_client, _journal, _time).WaitAsync(_tasks.Reader, _options.Wait, cancellationToken))
            {
                if (next is TaskNotEnded open)
                {
                    await _queue.UnwatchAsync(open.Task.TaskId, s_unwatched, CancellationToken.None);
                    lock (_watched)
                    {
                        _watched.Remove(open.Task.TaskId);
                    }
                }

                if (next is TaskEnded or TaskNotEnded)
                {
                    Interlocked.Decrement(ref _open);
                }

                _events.TryWrite(new RunnerWaited(next));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            Stop(e);
        }
    }

    private void Stop(Exception failure)
    {
        _fatal ??= ExceptionDispatchInfo.Capture(failure);
        _stop.Cancel();
    }

    private void Publish(SubmitEvent what)
    {
        if (what is TaskAccepted accepted)
        {
            Watch(accepted.Task);
        }

        _events.TryWrite(new RunnerSubmitted(what));
    }
}
