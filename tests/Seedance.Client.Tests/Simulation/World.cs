using System.Threading.Channels;
using Seedance.Sandbox;
using Seedance.Sandbox.Faults;

namespace Seedance.Client.Tests.Simulation;

/// <summary>A fault put into the client's surroundings on purpose, to see that the simulation notices.</summary>
internal enum Mutation
{
    None,

    /// <summary>The disk says that a flush is done before it is.</summary>
    DropFlush,

    /// <summary>A submission that was answered with 500 is sent again.</summary>
    Retry500,

    /// <summary>Rows that another process has taken are sent all the same.</summary>
    IgnoreClaims,

    /// <summary>A guess, which row of a task failed, decides what is sent again.</summary>
    TrustGuesses,

    /// <summary>The journal is the file that was opened first, whatever its path names by now.</summary>
    PinFile,

    /// <summary>The lock on the journal keeps nobody out.</summary>
    NoLock,

    /// <summary>Every attempt at an order goes out under a key of its own.</summary>
    NewKeys,

    /// <summary>The group's id is not learned from answers and ends.</summary>
    ForgetGroupId,

    /// <summary>A 503 in a proxy's words is taken for the API's own.</summary>
    TrustProxy,

    /// <summary>A run without Resume sends what another one beside it sends.</summary>
    FirstRunBlind,

    /// <summary>A request that is under way in a live run is retried as one of unknown outcome.</summary>
    RetryLive,

    /// <summary>The state of a row is looked for one step back, and no further.</summary>
    OneStepBack,

    /// <summary>Whatever the newer address answers, the older one is asked.</summary>
    FallBackBlindly,

    /// <summary>A row is found in the library by an entry whose name begins with its own.</summary>
    SettleByPrefix,
}

/// <summary>
/// One schedule: a machine with one or two runs of the same rows on it, a server, a network and a disk that fail, and
/// an operator who starts the line again with -Resume after every crash, until one run gets through; or one of the edges
/// of that world. Everything is decided by the seed.
/// </summary>
internal sealed partial class World
{
    private const int MostSteps = 400_000;

    private readonly Dice _dice;
    private readonly long _offsetsStep;
    private readonly ManualTimeProvider _clock = new();
    private readonly SandboxApi _server;
    private readonly SimulatedDisk _disk;
    private readonly Mutation _mutation;
    private readonly SubmitOptions _options;
    private AssetSource[] _rows;
    private VideoRequest[] _videos = [];
    private readonly int _concurrency;
    private readonly Edge _edge;
    private readonly EmptyRuns _empty = new();
    private readonly bool _isReadable;
    private DateTimeOffset _lastStart;
    private bool _waits;
    private bool _isDown;
    private double _faultRate;
    private int _steps;

    public World(ulong seed, Mutation mutation = Mutation.None)
    {
        _dice = new Dice(seed);
        _offsetsStep = seed % 2 == 0 ? 1 : JournalReader.OffsetsStep;
        _mutation = mutation;
        _edge = _dice.Happens(0.5) ? _dice.Pick(Enum.GetValues<Edge>()) : Edge.None;
        var library = _dice.Pick("readable", "readable", "near names", "near names", "two groups", "hidden", "ends early");
        _isReadable = library == "readable";
        _server = new SandboxApi(
            new SandboxOptions
            {
                // Entries of other accounts: in groups of other names, or, with names that are near to the rows', in the rows' own.
                Library = new LibraryOptions
                {
                    ForeignGroups = library == "two groups" ? 3 : _dice.Between(0, 3),
                    ForeignAssets = library == "near names" ? 8 : _dice.Between(0, 150),
                    ForeignNames = library == "near names" ? ["row-1x", "row-2 (copy)", "ROW-3", "row-", "row-4/row-5", "row-6.png", "row-7_", "row-8 "] : ["row-1", "castle", library == "two groups" ? "cast" : "row-2", "row-3x"],
                    ForeignInGroup = library == "near names",
                    IgnoresGroup = _dice.Happens(0.2),
                    HidesOwn = library == "hidden",
                    Paging = library == "ends early" ? LibraryPaging.EndsEarly : _dice.Pick(LibraryPaging.Honored, LibraryPaging.Everything, LibraryPaging.Overlapping, LibraryPaging.LastRepeats),
                    VisibleAfter = _dice.Milliseconds(0, 20_000),
                },
                Seed = (int)(seed & int.MaxValue),
                TaskFaults = _edge == Edge.LateGroup ? [new TaskFault { GroupId = GroupIdTime.Late, Count = int.MaxValue }] : [],
                ReturnGroupId = _edge != Edge.LateGroup && _dice.Happens(0.5),
                EchoNames = _edge != Edge.Guesses,
                NewerForm = _dice.Pick(NewerForm.Served, NewerForm.Served, NewerForm.NotFound, NewerForm.NotAllowed),
                RefusedWord = _edge == Edge.Refusals ? "unfit" : null,
                RefusalReference = _dice.Pick(Enum.GetValues<AssetReference>()),
            },
            _clock);
        _disk = new SimulatedDisk(_dice, _clock, mutation);
        _concurrency = _dice.Between(1, 6);
        _options = new SubmitOptions
        {
            Group = _dice.Happens(0.8) ? new AvatarGroup { Name = "cast" } : null,
            BatchSize = _dice.Between(1, 6),
            ThrottleLimit = _dice.Between(1, 4),
            Resume = true,
        };
        _waits = _dice.Happens(0.3);
        var groups = _dice.Between(1, 3);
        _rows = [.. Enumerable.Range(1, _dice.Between(1, 24)).Select(i => new AssetSource($"https://example.com/{i}.png?signature={i}")
        {
            Name = $"row-{i}",
            Row = i,
            Group = groups == 1 ? null : new AvatarGroup { Name = $"group-{i % groups}" },
        })];
    }

    /// <summary>Runs the schedule and returns what broke a promise; null if nothing did.</summary>
    public string? Run() => _edge == Edge.None ? RunPlain() : RunEdge() is { } wrong ? $"{wrong} ({_edge})" : null;

    private string? RunPlain()
    {
        var anyTrouble = false;
        _faultRate = _dice.Pick(0, 0.05, 0.2, 0.5);
        _disk.FaultRate = _dice.Pick(0, 0, 0, 0.02);
        for (var crashes = _dice.Between(0, 3); crashes > 0; crashes--)
        {
            anyTrouble = true;
            var patience = (int)Math.Pow(10, 1 + (3 * _dice.Fraction()));
            var runs = Start(_dice.Happens(0.3) ? 2 : 1);
            Step(runs, patience);
            if (runs.Count == 2 && _dice.Happens(0.4))
            {
                Crash(runs[0]);
                Step([runs[1]], patience);
            }

            runs.ForEach(Crash);
            _disk.LosePower();
            if (Duplicates() is { } twice)
            {
                return twice;
            }
        }

        anyTrouble |= _faultRate > 0 || _disk.FaultRate > 0;
        if (_dice.Happens(0.5))
        {
            (_faultRate, _disk.FaultRate) = (0, 0);
        }

        if (_disk.FaultRate > 0)
        {
            return Duplicates();
        }

        _lastStart = _clock.GetUtcNow();
        var last = Start(1)[0];
        Step([last], MostSteps);
        return !last.Main.IsCompleted ? $"the last run does not end ({_steps} steps)"
            : last.Main.Exception is { } e ? $"the last run failed: {e.InnerException}"
            : Duplicates() ?? Lost(last, anyTrouble);
    }

    /// <summary>What the journal holds and what the server accepted: where to begin when a seed fails.</summary>
    public string Evidence() => $"""
        {System.Text.Encoding.UTF8.GetString(_disk.Content)}
        {string.Join("\n", _server.Submissions.Select(one => $"{one.Time:mm:ss.fff} {one.TaskId} {one.GroupName} {string.Join(",", one.Assets.Select(asset => asset.Name))}"))}
        """;

    /// <summary>The schedule's outcome with the number of its steps and the end of its clock, which a replay must meet exactly.</summary>
    public string RunAndDescribe() => $"{Run() ?? "kept"} after {_steps} steps at {_clock.GetUtcNow():O} with {_server.RequestCount} requests";

    private List<Runner> Start(int count) => [.. Enumerable.Range(0, count).Select(_ => Start(_options))];

    private Runner Start(SubmitOptions options, string? spelling = null) => new(this, options, spelling);

    private void Crash(Runner run)
    {
        if (run.Process.IsAlive)
        {
            run.Process.Kill();
            _disk.Discard(run.Process);
        }
    }

    private void Step(List<Runner> runs, int most)
    {
        for (var i = 0; i < most && runs.Exists(run => !run.Main.IsCompleted); i++, _steps++)
        {
            var ready = runs.FindAll(run => run.Process.HasWork);
            if (ready.Count > 0)
            {
                ready[ready.Count == 1 ? 0 : _dice.Between(0, ready.Count - 1)].Process.Step();
            }
            else if (!_clock.AdvanceToNext())
            {
                return;
            }
        }
    }

    private string? Duplicates() => _server.Tally.DuplicateRows > 0 ? $"{_server.Tally.DuplicateRows} row(s) accepted twice" : null;

    private string? Lost(Runner run, bool anyTrouble)
    {
        var sent = _server.Submissions.SelectMany(submission => submission.Assets.Select(asset => (asset.Name, submission.Time))).ToLookup(one => one.Name!);
        foreach (var row in _rows)
        {
            var isAccepted = sent.Contains(row.Name!);
            var isGivenOut = run.GivenOut.Contains(row.Name!);
            run.Failed.TryGetValue(row.Name!, out var error);
            var wrong = (isAccepted, isGivenOut, error) switch
            {
                (true, true, null) when !_isReadable && run.Missing.Contains(row.Name!) => null,
                (true, true, null) when _waits && !run.Reviewed.Contains(row.Name!) && !(_faultRate > 0 && run.Unseen.Contains(row.Name!)) => "was accepted, and its review was not seen to end",
                (true, true, null) => null,
                (_, false, not null) when !anyTrouble => $"failed without any fault: {error.Message}",
                (true, false, { Delivery: Delivery.Unknown }) when _isReadable && _faultRate == 0 && run.Left == 0 && sent[row.Name!].All(one => one.Time < _lastStart) => $"was accepted and stands in the library, and is called unknown: {error.Message}",
                (true, false, { Delivery: not Delivery.Unknown }) => $"was accepted, and called not so: {error.Message}",
                (_, false, not null) => null,
                (_, true, not null) => "is both a task and an error",
                (true, false, null) when run.Left > 0 => null,
                (true, false, null) => "was accepted and is lost",
                (false, true, _) => "has a task that the server does not know",
                (false, false, null) when run.Left > 0 => null,
                (false, false, null) => "is neither a task nor an error",
            };
            if (wrong is not null)
            {
                return $"{row} {wrong}";
            }
        }

        return null;
    }

    /// <summary>One run of the operator's line.</summary>
    private sealed class Runner
    {
        private readonly World _world;

        private readonly SubmitOptions _options;
        private readonly string? _spelling;

        public Runner(World world, SubmitOptions options, string? spelling)
        {
            _world = world;
            _options = options;
            _spelling = spelling;
            Network = new SimulatedNetwork(world._dice, world._clock, world._server, () => world._faultRate) { IsDown = world._isDown };
            Process = new SimulatedProcess(world._clock);
            Main = Process.Start(RunAsync);
        }

        public SimulatedProcess Process { get; }

        public SimulatedNetwork Network { get; }

        public Task Main { get; }

        /// <summary>How many rows were left to other runs.</summary>
        public int Left { get; private set; }

        public HashSet<string> GivenOut { get; } = [];

        public HashSet<string> Reviewed { get; } = [];

        /// <summary>Rows whose review ended in an error that names their task.</summary>
        public HashSet<string> Unseen { get; } = [];

        /// <summary>Rows that the library did not show beside the others of their request, which a notice said.</summary>
        public HashSet<string> Missing { get; } = [];

        public Dictionary<string, SeedanceException> Failed { get; } = [];

        private async Task RunAsync()
        {
            var options = new SeedanceConnectionOptions
            {
                ApiKey = "key",
                BaseUri = new Uri("https://api.example/"),
                RequestsPerSecond = 200,
                Concurrency = _world._concurrency,
                TimeProvider = Process.Clock,
                Jitter = _world._dice.Fraction,
            };
            var handlers = ApiTransport.Handlers(options);
            var client = new SeedanceClient(new HttpMessageInvoker(Chain(handlers)), handlers.OfType<RateLimitHandler>().Single(), options.BaseUri, Process.Clock);
            var address = new Uri($"https://{(_spelling is null ? "api.example" : $"{_spelling}.example:8443")}/");
            IJournal journal = new FileJournal(_world._disk.OpenFor(Process), JournalAccount.Create("account", $"key-{_spelling}", address), Process.Clock, _world._offsetsStep);
            if (_world._mutation != Mutation.None)
            {
                journal = new MistakenJournal(journal, _world._mutation, _world._empty);
            }

            if (_world._videos.Length > 0)
            {
                await OrderAsync(client, journal);
                return;
            }

            var submitter = new AssetSubmitter(client, journal, Process.Clock);
            var tasks = new List<SeedanceTask>();
            await foreach (var next in submitter.SubmitAsync(_world._rows, _options))
            {
                switch (next)
                {
                    case TaskAccepted accepted:
                        tasks.Add(accepted.Task);
                        GivenOut.UnionWith(accepted.Task.Sources.Select(source => source.Name!));
                        break;
                    case RowFailed failed:
                        Failed.Add(failed.Row.Name!, failed.Error);
                        break;
                    case RowsUnderWay left:
                        Left += left.Count;
                        break;
                    default:
                        break;
                }
            }

            if (_world._waits)
            {
                await WaitAsync(client, journal, tasks);
            }
        }

        private async Task OrderAsync(SeedanceClient client, IJournal journal)
        {
            var videos = Channel.CreateUnbounded<VideoRequest>();
            _world._videos.ToList().ForEach(video => videos.Writer.TryWrite(video));
            videos.Writer.Complete();
            var options = new VideoOptions
            {
                Resume = _options.Resume,
                RetryFailed = _options.RetryFailed,
                RetryUnknown = _options.RetryUnknown,
                ThrottleLimit = _options.ThrottleLimit,
            };
            await foreach (var next in new VideoSubmitter(client, journal).SubmitAsync(videos.Reader, options))
            {
                switch (next)
                {
                    case TaskAccepted accepted:
                        GivenOut.Add(accepted.Task.Sources[0].Name!);
                        break;
                    case VideoFailed failed:
                        Failed.Add(failed.Request.Prompt!, failed.Error);
                        break;
                    default:
                        break;
                }
            }
        }

        private async Task WaitAsync(SeedanceClient client, IJournal journal, List<SeedanceTask> tasks)
        {
            var notices = new List<string>();
            await foreach (var next in new TaskWaiter(client, journal, Process.Clock).WaitAsync(tasks))
            {
                if (next is WaitNotice notice)
                {
                    notices.Add(notice.Message);
                }

                if (next is TaskNotEnded open)
                {
                    Unseen.UnionWith(open.Task.Sources.Select(source => source.Name!));
                }

                if (next is TaskEnded ended)
                {
                    Reviewed.UnionWith(ended.Task.Assets.Where(asset => asset.MatchedBy is MatchedBy.Name or MatchedBy.Single).Select(asset => asset.Name!));
                    if (ended.Task.IsFromLibrary && notices.Exists(text => text.Contains(ended.Task.TaskId, StringComparison.Ordinal)))
                    {
                        Missing.UnionWith(ended.Task.SourcesWithoutResult.Select(source => source.Name!));
                    }
                }
            }
        }

        private HttpMessageHandler Chain(IReadOnlyList<DelegatingHandler> handlers)
        {
            HttpMessageHandler chain = _world._mutation switch
            {
                Mutation.NewKeys => new NewKeysHandler(Network, _world._dice),
                Mutation.SettleByPrefix => new PrefixHandler(Network, _world._rows),
                _ => Network,
            };
            foreach (var handler in handlers.Reverse())
            {
                handler.InnerHandler = chain;
                chain = handler;
            }

            return _world._mutation switch
            {
                Mutation.Retry500 => new HastyHandler(chain),
                Mutation.TrustProxy => new TrustingHandler(chain),
                Mutation.FallBackBlindly => new FallingBackHandler(chain),
                _ => chain,
            };
        }
    }
}
