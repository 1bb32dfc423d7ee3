using Seedance.Sandbox;

namespace Seedance.Client.Tests;

/// <summary>A connection with its journal on a virtual clock, before a fake network.</summary>
internal sealed class ClientFixture
{
    public const string Key = "sk-test-0123456789";

    private readonly Lazy<SeedanceConnection> _connection;

    public ClientFixture(SandboxOptions? sandbox = null, Func<SeedanceConnectionOptions, SeedanceConnectionOptions>? with = null)
    {
        Network = new FakeNetwork(Time, new SandboxApi(sandbox, Time.World));
        var options = new SeedanceConnectionOptions
        {
            ApiKey = Key,
            Handler = Network,
            TimeProvider = Time.Clock,
            RequestsPerSecond = 10_000,
            Concurrency = 256,
            Jitter = () => 0.5,
        };
        _connection = new(() => new SeedanceConnection(with?.Invoke(options) ?? options));
    }

    public VirtualTime Time { get; } = new();

    public FakeNetwork Network { get; }

    /// <summary>Where set, every run keeps its own journal on this file, as processes one after the other do.</summary>
    public IJournalFile? JournalFile { get; set; }

    public SeedanceConnection Connection => _connection.Value;

    public SeedanceClient Client => Connection.GetClient();

    /// <summary>What the last run told of itself at its end; null before.</summary>
    public Run? LastRun { get; private set; }

    /// <summary>Submits the rows and gives what the run told, and what it ended with.</summary>
    public (List<SubmitEvent> Events, Exception? End) Submit(IEnumerable<AssetSource> rows, SubmitOptions? options = null)
    {
        var events = new List<SubmitEvent>();
        var running = Time.Begin(() => SubmitAsync(events, rows, options, CancellationToken.None));
        Time.Finish(running);
        return (events, running.Exception?.InnerException ?? (running.IsCanceled ? new OperationCanceledException() : null));
    }

    public async Task SubmitAsync(List<SubmitEvent> events, IEnumerable<AssetSource> rows, SubmitOptions? options, CancellationToken cancellationToken)
    {
        var submitter = JournalFile is null ? Connection.CreateSubmitter() : new AssetSubmitter(Client, OpenJournal(), Time.Clock);
        await foreach (var next in submitter.SubmitAsync(rows, options, cancellationToken))
        {
            if (next is RunEnded { Run: var run })
            {
                LastRun = run;
            }
            else
            {
                events.Add(next);
            }
        }
    }

    public IJournal OpenJournal(string account = "account") => new FileJournal(JournalFile!, new JournalAccount(account), Time.Clock);

    /// <summary>Waits for the task and records its end.</summary>
    public SeedanceTask Wait(SeedanceTask task) => Time.Run(async () =>
    {
        await foreach (var next in new TaskWaiter(Client, OpenJournal(), Time.Clock).WaitAsync([task]))
        {
            if (next is TaskEnded ended)
            {
                return ended.Task;
            }
        }

        throw new InvalidOperationException("The task has not ended.");
    });

    /// <summary>Asks once and gives the failure.</summary>
    public SeedanceException Fail(Func<SeedanceClient, Task<SeedanceTask>> ask)
    {
        var asking = Time.Begin(() => ask(Client));
        Time.Finish(asking);
        return Assert.IsType<SeedanceException>(asking.Exception?.InnerException);
    }

    public static AssetBatch Batch(AvatarGroup? group = null, string? url = null) =>
        new(group ?? new AvatarGroup { GroupId = "group_1" }, null, AssetType.Image, [new AssetSource(url ?? "https://example.com/a.png") { Name = "a" }]);

    /// <summary>Rows a-1, a-2, … of one group, or of none.</summary>
    public static AssetSource[] Rows(int count, AvatarGroup? group = null, AssetType type = AssetType.Image, string prefix = "a") =>
        [.. Enumerable.Range(1, count).Select(i => new AssetSource($"https://example.com/{prefix}-{i}.png") { Name = $"{prefix}-{i}", Group = group, AssetType = type, Row = i })];
}
