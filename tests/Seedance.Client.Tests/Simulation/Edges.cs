using Seedance.Sandbox;

namespace Seedance.Client.Tests.Simulation;

/// <summary>The edges of the world: what operators, keys, groups and files do beside crashing.</summary>
internal enum Edge
{
    /// <summary>Crashes and -Resume alone.</summary>
    None,

    /// <summary>Two runs begin together, not both with -Resume.</summary>
    FirstRunsTogether,

    /// <summary>Runs that reach nobody come after one that was accepted.</summary>
    EmptyRuns,

    /// <summary>The group is named by its name, its id or both; keys and hosts change.</summary>
    Spellings,

    /// <summary>The group's id is told at the end of a task only.</summary>
    LateGroup,

    /// <summary>Results without names: which row failed is a guess.</summary>
    Guesses,

    /// <summary>The journal is moved, replaced or truncated under a run.</summary>
    Journal,

    /// <summary>-RetryUnknown beside a live run, one of them suspended for a while.</summary>
    RetryBeside,

    /// <summary>Videos, of a server that honours idempotency keys or of one that does not.</summary>
    Videos,

    /// <summary>Some rows are refused, each with its whole request, which names it.</summary>
    Refusals,
}

internal sealed partial class World
{
    private static readonly TimeSpan s_longestWay = TimeSpan.FromMinutes(2);
    private static readonly string?[] s_spellings = [null, "old", "new"];

    private string? RunEdge()
    {
        _faultRate = _dice.Pick(0, 0, 0.1);
        return _edge switch
        {
            Edge.FirstRunsTogether => FirstRunsTogether(),
            Edge.EmptyRuns => EmptyRunsAfterAnAcceptance(),
            Edge.Spellings => Spellings(),
            Edge.LateGroup => LateGroup(),
            Edge.Guesses => Guesses(),
            Edge.Journal => ReplacedJournal(),
            Edge.Videos => OrdersOfVideos(),
            Edge.Refusals => RefusedRows(),
            _ => RetryBeside(),
        };
    }

    private string? FirstRunsTogether()
    {
        Runner[] runs = [Start(_options with { Resume = false }), Start(_options with { Resume = _dice.Happens(0.5), RetryFailed = _dice.Happens(0.3) })];
        Step([.. runs], MostSteps);
        return Duplicates() ?? Finish(anyTrouble: true);
    }

    private string? EmptyRunsAfterAnAcceptance()
    {
        if (Finish(anyTrouble: _faultRate > 0) is { } wrong)
        {
            return wrong;
        }

        _isDown = true;
        for (var i = _dice.Between(1, 3); i > 0; i--)
        {
            Step([Start(_options with { Resume = false })], MostSteps);
        }

        _isDown = false;
        return Finish(anyTrouble: true);
    }

    private string? Spellings()
    {
        _server.AddGroup("group_1", "cast");
        for (var i = _dice.Between(2, 4); i > 0; i--)
        {
            Name(_dice.Pick<AvatarGroup>(new() { Name = "cast" }, new() { Name = "cast", GroupId = "group_1" }));
            var run = Start(_options, _dice.Pick(s_spellings));
            Step([run], _dice.Happens(0.5) ? MostSteps : 500);
            Crash(run);
        }

        return Duplicates() ?? Finish(anyTrouble: true);
    }

    private string? LateGroup()
    {
        _server.AddGroup("group_1", "cast");
        _waits = true;
        Name(new AvatarGroup { Name = "cast" });
        var first = Start(_options);
        Step([first], MostSteps);
        if (first.Unseen.Count > 0 || first.Failed.Count > 0)
        {
            // What was not seen to end has told nobody its group's id.
            return Duplicates();
        }

        Name(new AvatarGroup { GroupId = "group_1" });
        Step([Start(_options)], MostSteps);
        return Duplicates();
    }

    private string? Guesses()
    {
        _waits = true;
        _faultRate = 0;
        _rows = [.. _rows.Select((row, i) => i % 3 == 1 ? row with { Name = $"reject-{i}" } : row)];
        Step([Start(_options)], MostSteps);
        Step([Start(_options with { RetryFailed = true, RetryRefused = true })], MostSteps);

        // What failed may be sent again; what passed may not.
        var again = _server.Submissions.SelectMany(one => one.Assets).GroupBy(asset => asset.Url)
            .Where(one => one.Count() > 1 && one.First().Name?.StartsWith("reject", StringComparison.Ordinal) != true).ToList();
        return again.Count > 0 ? $"{again.Count} row(s) accepted twice, though they had passed" : null;
    }

    private string? ReplacedJournal()
    {
        _faultRate = 0;
        var run = Start(_options);
        Step([run], _dice.Between(1, 400));
        var fate = _dice.Pick(Enum.GetValues<JournalFate>());
        var before = _clock.GetUtcNow();
        _disk.Replace(fate);
        Step([run], MostSteps);
        Step([Start(_options)], MostSteps);

        // What was on its way when the file went is in the old one; what left later must be in the one that the path names.
        var late = _server.Submissions.SelectMany(one => one.Assets.Select(asset => (asset.Url, one.Time))).GroupBy(one => one.Url)
            .Where(one => one.Count() > 1 && (fate == JournalFate.Copied || one.Min(each => each.Time) > before + TimeSpan.FromSeconds(1))).ToList();
        return late.Count > 0 ? $"{late.Count} row(s) accepted twice: the journal was {fate}" : null;
    }

    private string? RetryBeside()
    {
        _faultRate = 0;
        var one = Start(_options with { Resume = _dice.Happens(0.5) });
        Step([one], _dice.Between(1, 300));
        if (_dice.Happens(0.5))
        {
            // Suspended: it is alive, and what it has sent goes on without it.
            var other = Start(_options with { RetryUnknown = true, RetryFailed = true });
            Step([other], MostSteps);
        }

        Step([one, Start(_options with { RetryUnknown = true, RetryFailed = true })], MostSteps);
        return Duplicates();
    }

    private string? RefusedRows()
    {
        _rows = [.. _rows.Select((row, i) => i % 4 == 1 ? row with { Address = $"https://example.com/unfit-{i}.png", Name = $"unfit-{i}" } : row)];
        for (var runs = _dice.Between(0, 2); runs > 0; runs--)
        {
            var run = Start(_options);
            Step([run], _dice.Between(1, 400));
            Crash(run);
            _disk.LosePower();
        }

        // Who retries what is unknown has looked at the account, when what a run left on its way had time to arrive.
        _faultRate = 0;
        _clock.Advance(s_longestWay);
        var last = Start(_options with { RetryFailed = true, RetryUnknown = _server.Tally.PostsAccepted == 0 });
        Step([last], MostSteps);
        bool IsInnocent(AssetSource row) => !row.Name!.StartsWith("unfit", StringComparison.Ordinal);
        return Duplicates()
            ?? (last.Main.Exception is { } e ? $"the last run failed: {e.InnerException}" : null)
            ?? (_rows.FirstOrDefault(row => last.Failed.TryGetValue(row.Name!, out var error) && error.Delivery != Delivery.Unknown && IsInnocent(row)) is { } blamed ? $"{blamed} was refused for another row" : null)
            ?? (_rows.FirstOrDefault(row => !IsInnocent(row) && last.GivenOut.Contains(row.Name!)) is { } taken ? $"{taken} is called accepted" : null)
            ?? (_rows.FirstOrDefault(row => !last.GivenOut.Contains(row.Name!) && !last.Failed.ContainsKey(row.Name!)) is { } lost ? $"{lost} is neither a task nor an error" : null);
    }

    private string? OrdersOfVideos()
    {
        var honoursKeys = _dice.Happens(0.6);
        _server.Configure(_server.Options with
        {
            Idempotency = new()
            {
                Support = honoursKeys ? IdempotencySupport.Videos : IdempotencySupport.None,
                InProgressFor = _dice.Milliseconds(0, 3_000),
            },
        });
        _videos = [.. Enumerable.Range(1, _dice.Between(1, 12)).Select(i => new VideoRequest { Prompt = $"video {i}", Model = VideoRules.DefaultModel, Row = i })];
        _faultRate = _dice.Pick(0.1, 0.3, 0.6);

        // Where keys are not honoured, only a user who has looked at the account may repeat.
        var options = _options with { RetryUnknown = honoursKeys, RetryFailed = true };
        for (var runs = _dice.Between(1, 3); runs > 0; runs--)
        {
            var run = Start(options);
            Step([run], _dice.Happens(0.5) ? MostSteps : _dice.Between(1, 400));
            Crash(run);
            _disk.LosePower();
        }

        _faultRate = 0;
        var last = Start(options);
        Step([last], MostSteps);
        var twice = _server.Rows.Where(row => row.Times > 1).ToList();
        return twice.Count > 0 ? $"{twice.Count} video(s) accepted twice"
            : !last.Main.IsCompleted ? "the last run of videos does not end"
            : last.Main.Exception is { } e ? $"the last run of videos failed: {e.InnerException}"
            : _videos.FirstOrDefault(video => !last.GivenOut.Contains(video.Prompt!) && (honoursKeys || !last.Failed.ContainsKey(video.Prompt!))) is { } lost ? $"{lost} is neither a task nor an error"
            : null;
    }

    private void Name(AvatarGroup group) => _rows = [.. _rows.Select(row => row with { Group = group })];

    private string? Finish(bool anyTrouble)
    {
        _faultRate = 0;
        _lastStart = _clock.GetUtcNow();
        var last = Start(_options);
        Step([last], MostSteps);
        return !last.Main.IsCompleted ? $"the last run does not end ({_steps} steps)"
            : last.Main.Exception is { } e ? $"the last run failed: {e.InnerException}"
            : Duplicates() ?? Lost(last, anyTrouble);
    }
}
