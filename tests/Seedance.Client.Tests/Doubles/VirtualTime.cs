using Seedance.Client.Tests.Simulation;

namespace Seedance.Client.Tests;

/// <summary>
/// Runs the client on a clock of its own, on the calling thread: whatever is ready goes first, then the clock jumps to
/// what is due next. Hours pass in milliseconds, and the same test takes the same steps every time.
/// </summary>
internal sealed class VirtualTime
{
    private const int MostSteps = 5_000_000;

    private readonly SimulatedProcess _process;
    private readonly DateTimeOffset _start;

    public VirtualTime()
    {
        _process = new SimulatedProcess(World);
        _start = World.Moment;
    }

    public ManualTimeProvider World { get; } = new();

    public TimeProvider Clock => _process.Clock;

    public TimeSpan Elapsed => World.Moment - _start;

    /// <summary>Begins something; it goes on with the next call of any other method.</summary>
    public Task Begin(Func<Task> main) => _process.Start(main);

    /// <inheritdoc cref="Begin(Func{Task})"/>
    public Task<T> Begin<T>(Func<Task<T>> main)
    {
        var result = new TaskCompletionSource<T>();
        _ = Begin(async () =>
        {
            try
            {
                result.SetResult(await main());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        });
        return result.Task;
    }

    /// <summary>Does all that can be done without the clock moving.</summary>
    public void Settle()
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        for (var steps = 0; _process.HasWork; steps++)
        {
            Assert.True(steps < MostSteps, "It turns in circles without the clock moving.");
            _process.Step();
        }

        SynchronizationContext.SetSynchronizationContext(context);
    }

    /// <summary>Lets a span pass, with everything that happens in it.</summary>
    public void Advance(TimeSpan span)
    {
        var until = World.Moment + span;
        for (Settle(); World.NextDue is { } due && due <= until; Settle())
        {
            World.AdvanceToNext();
        }

        World.AdvanceTo(until);
    }

    /// <summary>Lets time pass until the task has ended, well or not.</summary>
    public void Finish(Task task)
    {
        for (Settle(); !task.IsCompleted; Settle())
        {
            Assert.True(World.AdvanceToNext(), $"After {Elapsed} nothing is due any more, and it has not ended.");
        }
    }

    /// <summary>Lets time pass until something has come true.</summary>
    public void Until(Func<bool> isSo)
    {
        for (Settle(); !isSo(); Settle())
        {
            Assert.True(World.AdvanceToNext(), $"After {Elapsed} nothing is due any more, and it has not come true.");
        }
    }

    /// <summary>Runs something to its end and gives its result or its exception.</summary>
    public T Run<T>(Func<Task<T>> main)
    {
        var running = Begin(main);
        Finish(running);
        return Result(running);
    }

    /// <summary>The result of something that has ended, or its exception.</summary>
    public static T Result<T>(Task<T> ended) => ended.GetAwaiter().GetResult();
}
