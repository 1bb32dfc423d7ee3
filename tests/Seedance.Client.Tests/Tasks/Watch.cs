using System.Threading.Channels;

namespace Seedance.Client.Tests.Tasks;

/// <summary>A wait, with all that it tells and when.</summary>
internal sealed class Watch
{
    private readonly Channel<SeedanceTask> _tasks = Channel.CreateUnbounded<SeedanceTask>();

    private Watch(ClientFixture bench, WaitOptions? options, IJournal? journal, CancellationToken cancellationToken)
    {
        var waiter = new TaskWaiter(bench.Client, journal ?? bench.Connection.GetJournal(), bench.Time.Clock);
        Running = bench.Time.Begin(async () =>
        {
            await foreach (var next in waiter.WaitAsync(_tasks.Reader, options, cancellationToken))
            {
                Events.Add(next);
                if (next is TaskEnded ended)
                {
                    Ended.Add((ended.Task, bench.Time.World.Moment));
                }
            }
        });
    }

    public Task Running { get; }

    public List<WaitEvent> Events { get; } = [];

    public List<(SeedanceTask Task, DateTimeOffset At)> Ended { get; } = [];

    public List<TaskNotEnded> NotEnded => [.. Events.OfType<TaskNotEnded>()];

    public static Watch Begin(ClientFixture bench, CancellationToken cancellationToken, WaitOptions? options = null) => new(bench, options, null, cancellationToken);

    /// <summary>Waits for all of them to the end.</summary>
    public static Watch All(ClientFixture bench, IEnumerable<SeedanceTask> tasks, WaitOptions? options = null, IJournal? journal = null)
    {
        var watch = new Watch(bench, options, journal, CancellationToken.None);
        foreach (var task in tasks)
        {
            watch.Add(task);
        }

        watch.Complete();
        bench.Time.Finish(watch.Running);
        return watch;
    }

    public void Add(SeedanceTask task) => _tasks.Writer.TryWrite(task);

    public void Complete() => _tasks.Writer.Complete();
}
