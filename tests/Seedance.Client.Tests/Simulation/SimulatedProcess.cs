namespace Seedance.Client.Tests.Simulation;

/// <summary>
/// A process of the simulation: everything that runs in it waits in one queue, and goes on only when the world takes
/// the next step from there. Once killed, nothing of it ever goes on.
/// </summary>
internal sealed class SimulatedProcess(ManualTimeProvider world) : TaskScheduler
{
    private readonly Queue<Task> _ready = new();

    public bool IsAlive { get; private set; } = true;

    public bool HasWork => IsAlive && _ready.Count > 0;

    public TimeProvider Clock => field ??= new ProcessClock(this, world);

    /// <summary>Begins <paramref name="main"/>; it moves when the world steps.</summary>
    public Task Start(Func<Task> main) => Task.Factory.StartNew(main, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();

    public void Step() => TryExecuteTask(_ready.Dequeue());

    public void Kill()
    {
        IsAlive = false;
        _ready.Clear();
    }

    protected override void QueueTask(Task task)
    {
        if (IsAlive)
        {
            _ready.Enqueue(task);
        }
    }

    // Nothing jumps the queue: the order of steps is the world's to decide.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _ready;

    /// <summary>The world's clock; what its timers call runs as a step of the process.</summary>
    private sealed class ProcessClock(SimulatedProcess process, ManualTimeProvider world) : TimeProvider
    {
        public override long TimestampFrequency => world.TimestampFrequency;

        public override TimeZoneInfo LocalTimeZone => world.LocalTimeZone;

        public override DateTimeOffset GetUtcNow() => world.GetUtcNow();

        public override long GetTimestamp() => world.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            world.CreateTimer(
                _ => Task.Factory.StartNew(() => callback(state), CancellationToken.None, TaskCreationOptions.None, process), null, dueTime, period);
    }
}
