using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace Seedance.Tasks;

/// <summary>
/// One wait. A single loop owns all state; new tasks, results of polls and the clock reach it through one mailbox.
/// </summary>
internal sealed class WaitRun : IDisposable
{
    // Enough to keep a connection busy; the rest stays in the queue, in order of need.
    private const int MaxPollsAtOnce = 64;
    private static readonly TimeSpan s_progressEvery = TimeSpan.FromMilliseconds(250);

    // Even without any time, each task is polled once, and that poll may take this long.
    private static readonly TimeSpan s_onlyPoll = TimeSpan.FromSeconds(10);

    // Timers count no further than some weeks, and dates no further than some ages.
    private static readonly TimeSpan s_longestTimer = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(3650);

    private readonly MonotonicClock _clock;
    private readonly WaitOptions _options;
    private readonly CancellationTokenSource _stop;
    private readonly Channel<Message> _mailbox = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<WaitEvent> _events = Channel.CreateUnbounded<WaitEvent>();
    private readonly PollQueue _queue;
    private readonly TaskPoller _poller;
    private readonly PollTimer _timer;
    private PolledTask? _newest;
    private TimeSpan? _progressAt;
    private int _total;
    private int _done;
    private int _polling;
    private bool _isComplete;
    private bool _hasPublishedFailure;

    public WaitRun(SeedanceClient client, IJournal journal, TimeProvider time, WaitOptions options, CancellationToken cancellationToken)
    {
        _options = options.Timeout < s_longestWait ? options : options with { Timeout = s_longestWait };
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _clock = new MonotonicClock(time);
        _queue = new PollQueue(_clock, _options);
        _poller = new TaskPoller(client, journal, options.Language, _clock, what => _events.Writer.TryWrite(what));
        _timer = new PollTimer(_clock, () => _mailbox.Writer.TryWrite(default));
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
                _timer.Clear();
                while (_mailbox.Reader.TryRead(out var message))
                {
                    Process(message);
                }

                PollDue();
                PublishProgress();
            }

            await receiving;
        }
        finally
        {
            await EndPollsAsync();
            _events.Writer.Complete();
        }
    }

    /// <summary>Calls the wait off.</summary>
    public void Stop() => _stop.Cancel();

    public void Dispose()
    {
        _timer.Dispose();
        _stop.Dispose();
    }

    private async Task EndPollsAsync()
    {
        Stop();
        while (_polling > 0 && await _mailbox.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (_mailbox.Reader.TryRead(out var message))
            {
                _polling -= message.Polled is null ? 0 : 1;
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

    private void Process(Message message)
    {
        _isComplete |= message.IsLast;
        if (message.New is { } task)
        {
            Begin(task);
        }

        if (message.Polled is { } polled)
        {
            _polling--;
            _timer.NoteLateness(polled.PollLimit);
            Judge(polled, message.Failure);
        }
    }

    private void Begin(SeedanceTask task)
    {
        if (TaskIds.Check(task.TaskId) is { } invalid)
        {
            _total++;
            End(new TaskNotEnded(task, invalid));
            return;
        }

        // The end of a review may have been seen before its results were there.
        if (task.IsFinal && task.MissingCount == 0)
        {
            _total++;
            End(new TaskEnded(task));
            return;
        }

        var now = _clock.Now;
        var age = _clock.AgeOf(task);
        var polled = new PolledTask(task, now - (age ?? TimeSpan.Zero), now + _options.Timeout, _total++);
        _newest = polled;
        polled.IncompleteSince = task.IsFinal ? now : null;
        _queue.AddNew(polled, isAgeKnown: age is not null && !task.IsFinal);
    }

    private void PollDue()
    {
        while (_polling < MaxPollsAtOnce && _queue.TakeDue() is { } polled)
        {
            var now = _clock.Now;
            if (now >= polled.Deadline && polled.PolledAt >= _timer.ResumedAt)
            {
                GiveUp(polled);
                continue;
            }

            var timeLeft = polled.Deadline > now ? polled.Deadline - now : s_onlyPoll;
            timeLeft = timeLeft < s_longestTimer ? timeLeft : s_longestTimer;
            (polled.PolledAt, polled.PollLimit) = (now, now + timeLeft);
            _polling++;
            _ = PostAsync(polled, _poller.PollAsync(polled, timeLeft, _stop.Token));
        }

        if (_polling < MaxPollsAtOnce && _queue.UntilNext is { } until)
        {
            _timer.Set(until < s_longestTimer ? until : s_longestTimer);
        }
    }

    // What is final is given out as it is, once that is recorded.
    private void Settle(PolledTask polled)
    {
        _polling++;
        polled.PollLimit = TimeSpan.MaxValue;
        _ = PostAsync(polled, _poller.SettleAsync(polled));
    }

    private async Task PostAsync(PolledTask polled, Task<Exception?> work) =>
        _mailbox.Writer.TryWrite(new Message(Polled: polled, Failure: await work));

    private void Judge(PolledTask polled, Exception? trouble)
    {
        var failure = trouble as SeedanceException;
        if (trouble is not null && failure is null)
        {
            ExceptionDispatchInfo.Throw(trouble);
        }

        if (failure is null)
        {
            _queue.Learn(polled);
        }

        if (polled.IsSettled)
        {
            if (ResultCheck.Notice(polled.Task) is { } notice)
            {
                _events.Writer.TryWrite(notice);
            }

            End(new TaskEnded(polled.Task));
        }
        else if (failure is not null && PollFailure.EndsTheWait(failure))
        {
            throw failure;
        }
        else if (polled.Task.IsFinal)
        {
            PollForResult(polled, failure);
        }
        else if (failure is not null)
        {
            JudgeFailure(polled, failure);
        }
        else
        {
            _queue.AddAgain(polled);
        }
    }

    private void PollForResult(PolledTask polled, SeedanceException? failure)
    {
        var isLost = failure is not null && (PollFailure.EndsTheTask(failure) || PollFailure.IsNotFound(failure));
        if (isLost || polled.HasWaitedForResult(_clock.Now))
        {
            Settle(polled);
        }
        else
        {
            var since = polled.IncompleteSince!.Value;
            _queue.AddRetry(polled, since, since + ResultCheck.Patience(polled.Task));
        }
    }

    private void JudgeFailure(PolledTask polled, SeedanceException failure)
    {
        if (PollFailure.IsNotFound(failure))
        {
            var since = polled.NotFoundSince ??= _clock.Now;
            var until = since + PollFailure.NotFoundPatience(polled.Task);
            polled.NotFound = failure;
            if (_clock.Now < until)
            {
                _queue.AddRetry(polled, since, until);
            }
            else
            {
                GiveUp(polled);
            }
        }
        else if (PollFailure.EndsTheTask(failure))
        {
            End(new TaskNotEnded(polled.Task, failure));
        }
        else
        {
            if (!_hasPublishedFailure)
            {
                _hasPublishedFailure = true;
                _events.Writer.TryWrite(new WaitNotice($"{failure.Message} The wait goes on until its timeout."));
            }

            _queue.AddAgain(polled);
        }
    }

    private void GiveUp(PolledTask polled)
    {
        if (polled.Task.IsFinal)
        {
            Settle(polled);
        }
        else
        {
            End(new TaskNotEnded(polled.Task, polled.NotFound is { } failure
                ? TaskErrors.NotFound(polled.Task, failure) : TaskErrors.TimedOut(polled.Task, _options.Timeout)));
        }
    }

    private void End(WaitEvent how)
    {
        _done++;
        _events.Writer.TryWrite(how);
    }

    private void PublishProgress()
    {
        var now = _clock.Now;
        if (_progressAt is not { } last || now - last >= s_progressEvery)
        {
            _progressAt = now;
            _events.Writer.TryWrite(new WaitProgress(_done, _total, _isComplete && _newest is not null ? _queue.TimeLeft(_newest) : null));
        }
    }

    /// <summary>What reaches the loop; an empty one says that the next poll is due.</summary>
    private readonly record struct Message(SeedanceTask? New = null, bool IsLast = false, PolledTask? Polled = null, Exception? Failure = null);
}
