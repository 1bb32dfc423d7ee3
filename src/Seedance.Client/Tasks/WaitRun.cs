using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace Seedance;

/// <summary>
/// One wait. A single loop owns all state; new tasks, results of looks and the clock reach it through one mailbox.
/// </summary>
internal sealed class WaitRun : IDisposable
{
    // Enough to keep a connection busy; the rest stays in the queue, in order of need.
    private const int MaxLooksAtOnce = 64;
    private static readonly TimeSpan s_progressEvery = TimeSpan.FromMilliseconds(250);

    // A last look shortly before time is up, so that nothing is given up that has ended.
    private static readonly TimeSpan s_lastLook = TimeSpan.FromSeconds(1);

    // A task that was left alone for longer says nothing of when it ended.
    private static readonly TimeSpan s_longestFirstLook = TimeSpan.FromMinutes(10);

    // Even without any time, each task is looked at once, and that look may take this long.
    private static readonly TimeSpan s_onlyLook = TimeSpan.FromSeconds(10);

    // Timers count no further than some weeks, and dates no further than some ages.
    private static readonly TimeSpan s_longestTimer = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(3650);

    private readonly SeedanceClient _client;
    private readonly IJournal _journal;
    private readonly TimeProvider _time;
    private readonly WaitOptions _options;
    private readonly CancellationTokenSource _stop;
    private readonly PollSchedule _schedule;
    private readonly Channel<Letter> _mailbox = Channel.CreateUnbounded<Letter>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<WaitEvent> _events = Channel.CreateUnbounded<WaitEvent>();
    private readonly PriorityQueue<Watched, (DateTimeOffset Due, int Order)> _queue = new();
    private readonly ITimer _clock;
    private Watched? _newest;
    private DateTimeOffset _progressTold;
    private int _total;
    private int _done;
    private int _looking;
    private bool _isComplete;
    private bool _troubleTold;
    private int _journalTroubleTold;

    public WaitRun(SeedanceClient client, IJournal journal, TimeProvider time, WaitOptions options, CancellationToken cancellation)
    {
        _client = client;
        _journal = journal;
        _time = time;
        _options = options.Timeout < s_longestWait ? options : options with { Timeout = s_longestWait };
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _schedule = new PollSchedule(options.PollInterval);
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
                while (_mailbox.Reader.TryRead(out var letter))
                {
                    Open(letter);
                }

                LookAtDue();
                TellProgress();
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
            while (_mailbox.Reader.TryRead(out var letter))
            {
                _looking -= letter.Looked is null ? 0 : 1;
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
                    _mailbox.Writer.TryWrite(new Letter(task));
                }
            }
        }
        finally
        {
            _mailbox.Writer.TryWrite(new Letter(IsLast: true));
        }
    }

    private void Open(Letter letter)
    {
        _isComplete |= letter.IsLast;
        if (letter.New is { } task)
        {
            Begin(task);
        }

        if (letter.Looked is { } watched)
        {
            _looking--;
            Judge(watched, letter.Failure);
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
        var watched = new Watched(task, now - age, now + _options.Timeout, _total++);
        _newest = watched;
        var first = _schedule.Next(task.Kind, TimeSpan.Zero, task.EstimatedTime, watched.Order);

        // A task of unknown age, or one that was left alone for long, may have ended long ago.
        Enqueue(watched, task.CreatedAt is null || age >= first ? now : watched.Began + first);
    }

    private void LookAtDue()
    {
        var now = _time.GetUtcNow();
        while (_looking < MaxLooksAtOnce && _queue.TryPeek(out var watched, out var next) && next.Due <= now)
        {
            _queue.Dequeue();
            if (now >= watched.Deadline && watched.WasTried)
            {
                GiveUp(watched);
                continue;
            }

            _looking++;
            var timeLeft = watched.Deadline > now ? watched.Deadline - now : s_onlyLook;
            watched.WasTried = true;
            _ = LookAsync(watched, timeLeft < s_longestTimer ? timeLeft : s_longestTimer);
        }

        if (_looking < MaxLooksAtOnce && _queue.TryPeek(out _, out var soonest))
        {
            // Rounded up: timers count whole milliseconds and drop the rest, and would ring before it is time.
            var wait = TimeSpan.FromMilliseconds(Math.Ceiling((soonest.Due - now).TotalMilliseconds));
            _clock.Change(wait < s_longestTimer ? wait : s_longestTimer, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task LookAsync(Watched watched, TimeSpan timeLeft)
    {
        Exception? failure = null;
        using var limit = new CancellationTokenSource(timeLeft, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        try
        {
            if (watched is { Looks: 0, Task.Kind: TaskKind.Unknown } && await RecallAsync(watched.Task.TaskId) is { } known)
            {
                watched.Task = known;
            }

            var seen = await _client.GetTaskAsync(watched.Task, _options.Language, either.Token);
            watched.Looks++;
            watched.PreviousLook = watched.LastLook;
            watched.LastLook = _time.GetUtcNow();
            watched.Task = seen with { CreatedAt = seen.CreatedAt ?? watched.Task.CreatedAt };
            if (seen.IsFinal)
            {
                await RecordAsync(watched.Task);
            }
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

        _mailbox.Writer.TryWrite(new Letter(Looked: watched, Failure: failure));
    }

    // A task known by its id alone: the journal may know its rows.
    private async Task<SeedanceTask?> RecallAsync(string taskId)
    {
        try
        {
            return await _journal.FindTaskAsync(taskId, _stop.Token);
        }
        catch (SeedanceException e)
        {
            TellJournalTrouble(e);
            return null;
        }
    }

    private async Task RecordAsync(SeedanceTask task)
    {
        try
        {
            await _journal.RecordFinalAsync(task, CancellationToken.None);
        }
        catch (SeedanceException e)
        {
            TellJournalTrouble(e);
        }
    }

    // Waiting sends nothing that could be lost, so it goes on without a journal.
    private void TellJournalTrouble(SeedanceException failure)
    {
        if (Interlocked.Exchange(ref _journalTroubleTold, 1) == 0)
        {
            _events.Writer.TryWrite(new WaitNotice($"{failure.Message} The wait goes on; its results are given out, but not kept. {failure.RecommendedAction}"));
        }
    }

    private void Judge(Watched watched, Exception? trouble)
    {
        var failure = trouble as SeedanceException;
        if (trouble is not null && failure is null)
        {
            ExceptionDispatchInfo.Throw(trouble);
        }

        if (watched.Task.IsFinal)
        {
            End(new TaskEnded(watched.Task));
            if (Learn(watched))
            {
                PlanAnew();
            }
        }
        else if (failure is { StopsTheRun: true })
        {
            throw failure;
        }
        else if (failure is { IsTransient: false })
        {
            End(new TaskNotEnded(watched.Task, failure));
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
                Learn(watched);
            }

            var now = _time.GetUtcNow();
            Enqueue(watched, now + _schedule.Next(watched.Task.Kind, now - watched.Began, watched.Task.EstimatedTime, watched.Order));
        }
    }

    private void Enqueue(Watched watched, DateTimeOffset due)
    {
        // Of a short timeout, the last tenth; of a long one, the last second.
        var reserve = _options.Timeout / 10 < s_lastLook ? _options.Timeout / 10 : s_lastLook;
        var lastLook = watched.Deadline - reserve;
        var latest = _time.GetUtcNow() < lastLook ? lastLook : watched.Deadline;
        _queue.Enqueue(watched, (due < latest ? due : latest, watched.Order));
    }

    // What happened lies between the last two looks; with one look only, an end lies somewhere before it.
    private bool Learn(Watched watched)
    {
        if (watched.LastLook is not { } last || (watched.Looks == 1 && last - watched.Began > s_longestFirstLook))
        {
            return false;
        }

        var to = last - watched.Began;
        var hasEnded = watched.Task.IsFinal;
        var from = watched.PreviousLook is { } previous ? previous - watched.Began : hasEnded ? to * 0.6 : TimeSpan.Zero;
        return _schedule.Learn(watched.Task.Kind, from, to, hasEnded);
    }

    // After the first end, and whenever as many more have ended: what was planned without knowing better is planned again.
    private void PlanAnew()
    {
        var now = _time.GetUtcNow();
        var waiting = _queue.UnorderedItems.Select(item => item.Element).ToList();
        _queue.Clear();
        foreach (var watched in waiting)
        {
            var age = watched.LastLook is { } last ? last - watched.Began : TimeSpan.Zero;
            var due = watched.Began + age + _schedule.Next(watched.Task.Kind, age, watched.Task.EstimatedTime, watched.Order);
            Enqueue(watched, due > now ? due : now);
        }
    }

    private void GiveUp(Watched watched) => End(new TaskNotEnded(watched.Task, new SeedanceException(
        SeedanceErrorKind.TimedOut, Delivery.NotSent,
        $"Task {watched.Task.TaskId} was not final after {_options.Timeout.TotalSeconds:0.###} s; its last status was '{watched.Task.RawStatus ?? watched.Task.Status.ToString()}' at {watched.Task.Progress} %. It goes on at the server.")
    {
        RecommendedAction = $"Wait for it again: Wait-SeedanceTask -TaskId {watched.Task.TaskId} -Timeout <longer>.",
    }));

    private void End(WaitEvent how)
    {
        _done++;
        _events.Writer.TryWrite(how);
    }

    private void TellProgress()
    {
        var now = _time.GetUtcNow();
        if (now - _progressTold >= s_progressEvery)
        {
            _progressTold = now;
            var typical = _newest is null ? null : _schedule.Typical(_newest.Task.Kind) ?? _newest.Task.EstimatedTime;
            var left = _newest is not null && typical is { } takes ? _newest.Began + takes - now : (TimeSpan?)null;
            _events.Writer.TryWrite(new WaitProgress(_done, _total, left > TimeSpan.Zero ? left : null));
        }
    }

    /// <summary>A task under watch: a few dozen bytes beside the task itself.</summary>
    private sealed class Watched(SeedanceTask task, DateTimeOffset began, DateTimeOffset deadline, int order)
    {
        public SeedanceTask Task { get; set; } = task;

        public DateTimeOffset Began { get; } = began;

        public DateTimeOffset Deadline { get; } = deadline;

        public int Order { get; } = order;

        public bool WasTried { get; set; }

        public int Looks { get; set; }

        public DateTimeOffset? LastLook { get; set; }

        public DateTimeOffset? PreviousLook { get; set; }
    }

    /// <summary>What the loop is told; an empty one says that the clock has come to the next look.</summary>
    private readonly record struct Letter(SeedanceTask? New = null, bool IsLast = false, Watched? Looked = null, Exception? Failure = null);
}
