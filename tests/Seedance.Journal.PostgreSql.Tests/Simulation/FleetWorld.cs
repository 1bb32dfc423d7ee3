using Seedance.Client.Tests;
using Seedance.Client.Tests.Simulation;
using Seedance.Sandbox;

namespace Seedance.Journal.PostgreSql.Tests.Simulation;

/// <summary>
/// One schedule of a fleet: up to eight processes on one account and one list, each with the client as it is, a database
/// and a network that fail, and fates for each process: it is killed, or suspended for a while. Then all faults pass, one
/// more line is run with -Resume, and what the server, the journal and the lines say of each row must agree.
/// Everything is decided by the seed.
/// </summary>
internal sealed partial class FleetWorld
{
    private const int MostSteps = 400_000;
    private const string ListName = "night";

    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(1);

    // Longer than the slowest request is on its way, and than any lease.
    private static readonly TimeSpan s_longestWay = TimeSpan.FromMinutes(3);

    private readonly Dice _dice;
    private readonly FleetMutation _mutation;
    private readonly ManualTimeProvider _clock = new();
    private readonly SandboxApi _api;
    private readonly SimulatedDatabase _database;
    private readonly SimulatedServer _server;
    private readonly List<Member> _members = [];
    private readonly AssetSource[] _rows;
    private readonly SubmitOptions _options;
    private readonly bool _isQueue;
    private readonly bool _hasLibrary;
    private readonly bool _isHeld;
    private readonly bool _isShuffled;
    private readonly List<string> _wrong = [];
    private readonly HashSet<string> _acknowledged = [];
    private double _apiFaultRate;
    private double _linkFaultRate;
    private bool _anyTrouble;
    private bool _mayForget;
    private bool _isRetried;
    private bool _wasDown;
    private bool _wasSuspended;
    private int _steps;

    public FleetWorld(ulong seed, FleetMutation mutation = FleetMutation.None)
    {
        _dice = new Dice(seed);
        _mutation = mutation;
        _api = new SandboxApi(new SandboxOptions { Seed = (int)(seed & int.MaxValue), ReturnGroupId = _dice.Happens(0.7) }, _clock);
        _database = new SimulatedDatabase(_clock, mutation) { PauseAsync = PauseAsync };
        _server = new SimulatedServer(_dice, _clock, _database);
        _isQueue = _dice.Happens(0.5);
        _hasLibrary = _dice.Happens(0.5);
        _isHeld = _dice.Happens(0.5);
        _isShuffled = _dice.Happens(0.5);
        _options = new SubmitOptions
        {
            Group = _dice.Happens(0.2) ? null : new AvatarGroup { Name = "cast" },
            BatchSize = _dice.Between(1, 6),
            ThrottleLimit = _dice.Between(1, 3),
            Resume = true,
        };
        _rows = [.. Enumerable.Range(1, _dice.Between(1, 16)).Select(i => new AssetSource($"https://example.com/{i}.png?signature={i}") { Name = $"row-{i}", Row = i })];
    }

    private enum Fate
    {
        Killed, SuspendedShortly, SuspendedLong, Restart, Outage, LongOutage, Promotion, LosingPromotion,
    }

    /// <summary>Runs the schedule and returns what broke a promise; null if nothing did.</summary>
    public string? Run()
    {
        _apiFaultRate = _dice.Pick(0, 0, 0.1, 0.3);
        _linkFaultRate = _dice.Pick(0, 0.05, 0.2);
        _anyTrouble = _apiFaultRate > 0;
        var count = _dice.Happens(0.2) ? _dice.Between(4, 8) : _dice.Between(1, 3);
        Begin(count);
        for (var fates = _dice.Happens(0.3) ? 0 : _dice.Between(1, 4); fates > 0; fates--)
        {
            Step((int)Math.Pow(10, 1 + (2.5 * _dice.Fraction())));
            if (Strike(_dice.Pick(Enum.GetValues<Fate>())))
            {
                return Wrong();
            }

            if (_dice.Happens(0.5))
            {
                // It looks for what nobody knows the outcome of, beside those that go on.
                Start(_isQueue && _dice.Happens(0.5) ? MemberKind.Runner : MemberKind.Line, _anyTrouble ? _options : _options with { RetryUnknown = true });
            }
        }

        Step(MostSteps);
        return Wrong() ?? (_anyTrouble ? null : Unfinished(_members)) ?? Finish();
    }

    /// <summary>The schedule's outcome with the number of its steps and the end of its clock, which a replay must meet exactly.</summary>
    public string RunAndDescribe() => $"{Run() ?? "kept"} after {_steps} steps at {_clock.GetUtcNow():O} with {_api.RequestCount} requests";

    /// <summary>What the database holds and what the server accepted: where to begin when a seed fails.</summary>
    public string Evidence() => $"""
        {(_isQueue ? "queue" : "list")}, {_members.Count} processes, faults {_apiFaultRate} and {_linkFaultRate}, {_rows.Length} rows
        {string.Join("\n", _members.Select(one => one.ToString()))}
        {string.Join("\n", _database.Intents.Select(one => $"{one.Position} {one.IntentId[..4]} {one.SentAt:mm:ss.fff} run {one.RunId?[..4]} take {one.TakeId?[..4]} {one.State} {one.TaskId}"))}
        {string.Join("\n", _api.Submissions.Select(one => $"{one.Time:mm:ss.fff} {one.TaskId} {one.GroupId} {string.Join(",", one.Assets.Select(asset => asset.Name))}"))}
        """;

    private void Begin(int count)
    {
        if (_isQueue)
        {
            var queuers = Enumerable.Range(0, _dice.Happens(0.2) ? 2 : 1).Select(_ => Start(MemberKind.Queuer, _options with { ListName = ListName })).ToList();

            // A runner needs a list to work off.
            Step(MostSteps, () => _database.HasList(ListName) || queuers.TrueForAll(one => one.Main.IsCompleted));
        }

        for (var i = 0; i < count; i++)
        {
            Start(_isQueue ? MemberKind.Runner : MemberKind.Line, _anyTrouble || _dice.Happens(0.7) ? _options : _options with { RetryUnknown = true });
        }
    }

    /// <summary>Has something happen. Returns whether that is the end of what can be promised.</summary>
    private bool Strike(Fate fate)
    {
        var alive = _members.FindAll(one => one is { Main.IsCompleted: false, Process.IsAlive: true, IsSuspended: false });
        if (_isRetried && fate is Fate.Killed or Fate.SuspendedLong or Fate.LongOutage or Fate.Promotion or Fate.LosingPromotion)
        {
            // Whoever retries what is unknown has seen to it that no run is left that nobody hears of.
            return false;
        }

        switch (fate)
        {
            case Fate.Killed or Fate.SuspendedShortly or Fate.SuspendedLong when alive.Count == 0:
                break;
            case Fate.Killed:
                _anyTrouble = true;
                _dice.Pick([.. alive]).Process.Kill();
                break;
            case Fate.SuspendedShortly when _wasSuspended:
                break;
            case Fate.SuspendedShortly:
                _wasSuspended = true;
                Suspend(_dice.Pick([.. alive]), _dice.Milliseconds(100, 35_000));
                break;
            case Fate.SuspendedLong:
                _anyTrouble = true;
                Suspend(_dice.Pick([.. alive]), _dice.Milliseconds(61_000, 240_000));
                break;
            case Fate.Restart:
                _wasDown = true;
                _server.Crash();
                break;
            case Fate.Outage or Fate.LongOutage:
                _anyTrouble |= fate == Fate.LongOutage;
                _server.IsDown = _wasDown = true;
                _server.After(fate == Fate.Outage ? _dice.Milliseconds(100, 6_000) : _dice.Milliseconds(20_000, 150_000), () => _server.IsDown = false);
                break;
            default:
                return Promote(fate == Fate.Promotion ? _database.CopyTables() : null);
        }

        return false;
    }

    // A standby that follows synchronously has everything; one that does not may lack what came last, and then nothing may leave
    // until somebody has looked.
    private bool Promote(Tables? standby)
    {
        _anyTrouble = true;
        if (standby is null)
        {
            _mayForget = true;
            standby = _database.CopyTables();
            Step(_dice.Between(1, 400));
        }

        _server.Crash();
        _database.Promote(standby);
        if (_dice.Happens(0.5))
        {
            _members.ForEach(one => one.Process.Kill());
            Start(_isQueue ? MemberKind.Runner : MemberKind.Line, _options);
        }

        Step(MostSteps);
        return true;
    }

    private void Suspend(Member member, TimeSpan span)
    {
        // Only where it waits for something: between its look at the lease and the network nothing can come in this world. Best
        // while it has a request that is claimed and not on its way.
        Step(_dice.Between(0, 300), () => !member.Process.HasWork && member.IsHolding);
        Step(MostSteps, () => !member.Process.HasWork);
        member.IsSuspended = true;
        _server.After(span, () => member.IsSuspended = false);
    }

    private string? Finish()
    {
        (_apiFaultRate, _linkFaultRate) = (0, 0);
        _members.ForEach(one => one.Process.Kill());
        for (var end = _clock.GetUtcNow() + s_longestWay; _clock.GetUtcNow() < end;)
        {
            if (_server.Process.HasWork)
            {
                _server.Process.Step();
            }
            else if (_clock.NextDue is { } due && due <= end)
            {
                _clock.AdvanceToNext();
            }
            else
            {
                _clock.AdvanceTo(end);
            }
        }

        _members.Clear();
        _wasDown = false;
        if (_isQueue)
        {
            Start(MemberKind.Queuer, _options with { ListName = ListName });
            Step(MostSteps);
            Start(MemberKind.Runner, _options);
            Step(MostSteps);
        }

        var last = Start(MemberKind.Line, _options);
        Step(MostSteps);
        return Wrong() ?? Unfinished(_members) ?? Lost(last);
    }

    // Asked once: a line that finds no database when it begins, ends; and a run lives on if one of three signs of life arrives.
    private double LinkFaultRate(string function) => function == "schema_version" || (function == "renew_run_v1" && !_anyTrouble) ? 0 : _linkFaultRate;

    private Member Start(MemberKind kind, SubmitOptions options)
    {
        _isRetried |= options.RetryUnknown;
        var member = new Member(this, kind, options);
        _members.Add(member);
        return member;
    }

    private void Step(int most, Func<bool>? until = null)
    {
        for (var i = 0; i < most && until?.Invoke() != true && _members.Exists(one => one.Process.IsAlive && !one.Main.IsCompleted); i++, _steps++)
        {
            var ready = _members.FindAll(one => one.Process.HasWork && !one.IsSuspended).ConvertAll(one => one.Process);
            if (_server.Process.HasWork)
            {
                ready.Add(_server.Process);
            }

            if (ready.Count > 0)
            {
                ready[ready.Count == 1 ? 0 : _dice.Between(0, ready.Count - 1)].Step();
            }
            else if (!_clock.AdvanceToNext())
            {
                return;
            }
        }
    }

    private Task PauseAsync()
    {
        if (!_isHeld || _dice.Happens(0.5))
        {
            return Task.CompletedTask;
        }

        var done = new TaskCompletionSource();
        _server.After(_dice.Milliseconds(0, 5), done.SetResult);
        return done.Task;
    }
}
