using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace Seedance.Tasks;

/// <summary>
/// One wait. A single loop owns all state; new tasks, results of looks and the clock reach it through one mailbox.
/// </summary>
internal sealed class WaitRun : IDisposable
{
    // Enough to keep a connection busy; the rest stays in the queue, in order of need.
    private const int MaxLooksAtOnce = 64;
    private static readonly TimeSpan s_progressEvery = TimeSpan.FromMilliseconds(250);

    // Even without any time, each task is looked at once, and that look may take this long.
    private static readonly TimeSpan s_onlyLook = TimeSpan.FromSeconds(10);

    // Timers count no further than some weeks, and dates no further than some ages.
    private static readonly TimeSpan s_longestTimer = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(3650);

    private readonly TimeProvider _time;
    private readonly WaitOptions _options;
    private readonly CancellationTokenSource _stop;
    private readonly Channel<Message> _mailbox = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<WaitEvent> _events = Channel.CreateUnbounded<WaitEvent>();
    private readonly PollQueue _queue;
    private readonly TaskPoller _look;
    private readonly ITimer _clock;
    private PolledTask? _newest;
    private DateTimeOffset _progressTold;
    private int _total;
    private int _done;
    private int _looking;
    private bool _isComplete;
    private bool _troubleTold;

    public WaitRun(SeedanceClient client, IJournal journal, TimeProvider time, WaitOptions options, CancellationToken cancellationToken)
    {
        _time = time;
        _options = options.Timeout < s_longestWait ? options : options with { Timeout = s_longestWait };
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _queue = new PollQueue(time, _options);
        _look = new TaskPoller(client, journal, options.Language, time, what => _events.Writer.TryWrite(what));
        _clock = time.CreateTimer(_ => _mailbox.Writer.TryWrite(default), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ChannelReader<WaitEvent> Events => _events.Reader;

    public async Task RunAsync(ChannelReader<SeedanceTask> tasks)
    {
        var receiving = ReceiveAsync(tasks);
        try
        {
            while (!_isComplete || _done < _total)
            {
                await _mailbox.Reader.WaitToReadAsync(_stop.Token);
                while (_mailbox.Reader.TryRead(out var message))
                {
                    Open(message);
                }

                LookAtDue();
                PublishProgress();
            }

            await receiving;
        }
        finally
        {
            await EndLooksAsync();
            _events.Writer.Complete();
        }
    }

    /// <summary>Calls the wait off.</summary>
    public void Stop() => _stop.Cancel();

    public void Dispose()
    {
        _clock.Dispose();
        _stop.Dispose();
    }

    private async Task EndLooksAsync()
    {
        Stop();
        while (_looking > 0 && await _mailbox.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (_mailbox.Reader.TryRead(out var message))
            {
                _looking -= message.Looked is null ? 0 : 1;
            }
        }
    }

    private async Task ReceiveAsync(ChannelReader<SeedanceTask> tasks)
    {
        try
        {
            while (await tasks.WaitToReadAsync(_stop.Token))
            {
                while (tasks.TryRead(out var task))
                {
                    _mailbox.Writer.TryWrite(new Message(task));
                }
            }
        }
        finally
        {
            _mailbox.Writer.TryWrite(new Message(IsLast: true));
        }
    }

    private void Open(Message message)
    {
        _isComplete |= message.IsLast;
        if (message.New is { } task)
        {
            Begin(task);
        }

        if (message.Looked is { } polled)
        {
            _looking--;
            Judge(polled, message.Failure);
        }
    }

    private void Begin(SeedanceTask task)
    {
        var now = _time.GetUtcNow();
        if (task.IsFinal)
        {
            _total++;
            End(new TaskEnded(task));
            return;
        }

        var age = task.CreatedAt is { } created && created < now ? now - created : TimeSpan.Zero;
        var polled = new PolledTask(task, now - age, now + _options.Timeout, _total++);
        _newest = polled;
        _queue.AddNew(polled);
    }

    private void LookAtDue()
    {
        while (_looking < MaxLooksAtOnce && _queue.TakeDue() is { } polled)
        {
            var now = _time.GetUtcNow();
            if (now >= polled.Deadline && polled.WasTried)
            {
                GiveUp(polled);
                continue;
            }

            _looking++;
            var timeLeft = polled.Deadline > now ? polled.Deadline - now : s_onlyLook;
            polled.WasTried = true;
            _ = LookAsync(polled, timeLeft < s_longestTimer ? timeLeft : s_longestTimer);
        }

        if (_looking < MaxLooksAtOnce && _queue.UntilNext is { } until)
        {
            // Rounded up: timers count whole milliseconds and drop the rest, and would ring before it is time.
            var wait = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(until.TotalMilliseconds, 0)));
            _clock.Change(wait < s_longestTimer ? wait : s_longestTimer, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task LookAsync(PolledTask polled, TimeSpan timeLeft)
    {
        Exception? failure = null;
        using var limit = new CancellationTokenSource(timeLeft, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        try
        {
            await _look.SeeAsync(polled, either.Token);
        }
        catch (OperationCanceledException)
        {
            // Time is up, or the wait is called off: the loop sees to either.
        }
        catch (Exception e)
        {
            // Nobody awaits this: what is not told to the loop would leave it waiting for ever.
            failure = e;
        }

        _mailbox.Writer.TryWrite(new Message(Looked: polled, Failure: failure));
    }

    private void Judge(PolledTask polled, Exception? trouble)
    {
        var failure = trouble as SeedanceException;
        if (trouble is not null && failure is null)
        {
            ExceptionDispatchInfo.Throw(trouble);
        }

        if (polled.Task.IsFinal)
        {
            End(new TaskEnded(polled.Task));
            _queue.Learn(polled);
        }
        else if (failure is { StopsTheRun: true })
        {
            throw failure;
        }
        else if (failure is { IsTransient: false })
        {
            End(new TaskNotEnded(polled.Task, failure));
        }
        else
        {
            if (failure is not null && !_troubleTold)
            {
                _troubleTold = true;
                _events.Writer.TryWrite(new WaitNotice($"{failure.Message} The wait goes on until its timeout."));
            }

            if (failure is null)
            {
                _queue.Learn(polled);
            }

            _queue.AddAgain(polled);
        }
    }

    private void GiveUp(PolledTask polled) => End(new TaskNotEnded(polled.Task, new SeedanceException(
        SeedanceErrorKind.TimedOut, Delivery.NotSent,
        $"Task {polled.Task.TaskId} was not final after {_options.Timeout.TotalSeconds:0.###} s; its last status was '{polled.Task.RawStatus ?? polled.Task.Status.ToString()}' at {polled.Task.Progress} %. It goes on at the server.")
    {
        RecommendedAction = $"Wait for it again: Wait-SeedanceTask -TaskId {polled.Task.TaskId} -Timeout <longer>.",
    }));

    private void End(WaitEvent how)
    {
        _done++;
        _events.Writer.TryWrite(how);
    }

    private void PublishProgress()
    {
        var now = _time.GetUtcNow();
        if (now - _progressTold >= s_progressEvery)
        {
            _progressTold = now;
            _events.Writer.TryWrite(new WaitProgress(_done, _total, _newest is null ? null : _queue.TimeLeft(_newest)));
        }
    }

    /// <summary>What the loop is told; an empty one says that the clock has come to the next look.</summary>
    private readonly record struct Message(SeedanceTask? New = null, bool IsLast = false, PolledTask? Looked = null, Exception? Failure = null);
}
