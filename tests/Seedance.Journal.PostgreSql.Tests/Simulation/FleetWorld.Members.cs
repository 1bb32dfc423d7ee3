using Seedance.Client.Tests.Simulation;
using Seedance.Connections;
using Seedance.Http;

namespace Seedance.Journal.PostgreSql.Tests.Simulation;

internal sealed partial class FleetWorld
{
    private enum MemberKind
    {
        Line, Queuer, Runner,
    }

    /// <summary>One process of the fleet.</summary>
    private sealed class Member
    {
        private readonly FleetWorld _world;
        private readonly MemberKind _kind;
        private readonly SubmitOptions _options;
        private readonly AssetSource[] _rows;
        private readonly List<string> _runIds = [];

        public Member(FleetWorld world, MemberKind kind, SubmitOptions options)
        {
            (_world, _kind, _options) = (world, kind, options);
            _rows = [.. world._rows];
            for (var i = _rows.Length - 1; i > 0 && world._isShuffled; i--)
            {
                var other = world._dice.Between(0, i);
                (_rows[i], _rows[other]) = (_rows[other], _rows[i]);
            }

            Process = new SimulatedProcess(world._clock);
            Main = Process.Start(RunAsync);
        }

        public SimulatedProcess Process { get; }

        public Task Main { get; }

        public bool IsSuspended { get; set; }

        /// <summary>Whether it has begun a run in the journal.</summary>
        public bool HasBegun => _runIds.Count > 0;

        /// <summary>Whether others may have gone on from what it has left.</summary>
        public bool HasLapsed => _runIds is [.., var runId] && _world._database.HasLapsed(runId);

        /// <summary>Whether it has claimed a request that is not on its way.</summary>
        public bool IsHolding => Sending == 0 && _world._database.Intents.Any(one => one.State is null && one.RunId is { } runId && _runIds.Contains(runId));

        /// <summary>How many of its submissions are on their way.</summary>
        public int Sending { get; set; }

        public HashSet<string> GivenOut { get; } = [];

        public Dictionary<string, SeedanceException> Failed { get; } = [];

        public override string ToString() =>
            $"{_kind} {string.Join(",", _runIds.Select(id => id[..4]))} {(Process.IsAlive ? Main.IsCompletedSuccessfully ? "done" : Main.Exception?.InnerException?.ToString() ?? "at work" : "killed")}";

        private async Task RunAsync()
        {
            var account = JournalAccount.Create("account", "key", new Uri("https://api.example/"));
            var lives = _world._mutation == FleetMutation.ResendAfterLease ? new StoppedWatch(Process.Clock) : Process.Clock;
            var statements = new SimulatedStatements(_world._dice, _world._server, _world.LinkFaultRate, _world._mutation == FleetMutation.NewIdOnRetry, _runIds, _world._acknowledged);
            await using var journal = new PostgreSqlJournal(
                new PostgreSqlJournalOptions(new JournalAddress("db.example", 5432, "seedance", "runner")) { TimeProvider = lives, Lease = s_lease }, account, statements);
            var options = new SeedanceConnectionOptions
            {
                ApiKey = "key",
                BaseUri = new Uri("https://api.example/"),
                RequestsPerSecond = 200,
                Concurrency = 8,
                TimeProvider = Process.Clock,
                Jitter = _world._dice.Fraction,
            };
            var handlers = ApiTransport.Handlers(options, journal);
            HttpMessageHandler chain = new Departures(_world, this, new SimulatedNetwork(_world._dice, _world._clock, _world._api, () => _world._apiFaultRate));
            foreach (var handler in handlers.Reverse())
            {
                handler.InnerHandler = chain;
                chain = handler;
            }

            var client = new SeedanceClient(new HttpMessageInvoker(chain), handlers.OfType<RateLimitHandler>().Single(), options.BaseUri, Process.Clock);
            if (_kind == MemberKind.Runner)
            {
                await foreach (var _ in new QueueRunner(client, journal, Process.Clock).RunAsync(new RunnerOptions { ListName = ListName, ThrottleLimit = _options.ThrottleLimit }))
                {
                }

                return;
            }

            await foreach (var next in new AssetSubmitter(client, journal, Process.Clock).SubmitAsync(_rows, _options))
            {
                switch (next)
                {
                    case TaskAccepted accepted:
                        GivenOut.UnionWith(accepted.Task.Sources.Select(source => source.Name!));
                        break;
                    case RowFailed failed:
                        Failed.Add(failed.Row.Name!, failed.Error);
                        break;
                    default:
                        break;
                }
            }
        }
    }

    /// <summary>Sees that nothing new leaves a process whose lease has lapsed, and that one request alone makes a group.</summary>
    private sealed class Departures(FleetWorld world, Member member, HttpMessageHandler network) : DelegatingHandler(network)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!world._hasLibrary && request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath is var path && (path.EndsWith("/assets", StringComparison.Ordinal) || path.EndsWith("/groups", StringComparison.Ordinal)))
            {
                return new HttpResponseMessage(System.Net.HttpStatusCode.Forbidden) { Content = new StringContent("""{"error":{"code":403,"message":"not for this key"}}""") };
            }

            if (request.Method != HttpMethod.Post)
            {
                return await base.SendAsync(request, cancellationToken);
            }

            // What a standby has forgotten may be that the lease was renewed.
            if (member.HasLapsed && !world._mayForget)
            {
                world._wrong.Add("a request left after its lease had lapsed");
            }

            if (world._options.Group is not null && world._api.Submissions.Count == 0 && world._members.Exists(one => one.Sending > 0 && one.Process.IsAlive && !one.HasLapsed))
            {
                world._wrong.Add("two requests were on their way to make one group");
            }

            member.Sending++;
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            finally
            {
                member.Sending--;
            }
        }
    }

    /// <summary>A clock by which no time passes, though its timers fire.</summary>
    private sealed class StoppedWatch(TimeProvider clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);
    }
}
