using System.Globalization;
using Seedance.Client.Tests.Simulation;

namespace Seedance.Journal.PostgreSql.Tests.Simulation;

/// <summary>A call of a function of the schema.</summary>
internal sealed record DatabaseCall(string Function, params object?[] Arguments)
{
    public override string ToString() => $"{Function}({string.Join(", ", Arguments.Select(Describe))})";

    /// <summary>Writes rows so that they can be compared: without times, which no two clocks agree on.</summary>
    public static string Describe(IEnumerable<object?[]> rows) => string.Join("\n", rows.Select(row => string.Join(" | ", row.Select(Describe))));

    private static string Describe(object? value) => value switch
    {
        null => "-",
        DateTime or DateTimeOffset or TimeSpan => "time",
        int[] numbers => $"[{string.Join(",", numbers.Order())}]",
        Guid id => id.ToString("N")[..4],
        string text when text.Contains("accepted after all", StringComparison.Ordinal) => SimulatedDatabase.Repeat,
        Array values => $"[{string.Join(",", values.Cast<object?>().Select(Describe))}]",
        IFormattable text => text.ToString(null, CultureInfo.InvariantCulture),
        _ => $"{value}",
    };
}

/// <summary>Calls as clients make them, and as no client makes them: late, repeated, and of what is not there.</summary>
internal sealed class RandomCalls(Dice dice, int seed)
{
    private const string Lease = "01:05:00";

    private static readonly Guid[] s_hashes = [.. Enumerable.Range(1, 6).Select(i => new Guid(i * 7919, 1, 2, 3, 4, 5, 6, 7, 8, 9, (byte)i))];

    private readonly List<string> _intentIds = [];
    private readonly List<string> _takeIds = [];
    private int _count;

    /// <summary>The next call, of a model that is so far.</summary>
    public DatabaseCall Next(SimulatedDatabase model)
    {
        _count++;
        return dice.Happens(0.4) ? Read() : Write(model);
    }

    /// <summary>The next call that changes something.</summary>
    public DatabaseCall NextWrite(SimulatedDatabase model)
    {
        _count++;
        return Write(model);
    }

    private string Account => dice.Happens(0.9) ? "one" : "two";

    private string Run => $"run_{dice.Between(1, 4)}";

    private string List => $"list_{dice.Between(1, 2)}";

    private string Task => $"task_{dice.Between(1, 8)}";

    private string? GroupId => dice.Pick(null, null, "group_1", "group_2");

    private DatabaseCall Write(SimulatedDatabase model) => dice.Between(1, 22) switch
    {
        1 => new("begin_run_v1", Account, Run, dice.Pick(null, "night"), Record("Run"), TimeSpan.Parse(Lease, CultureInfo.InvariantCulture)),
        2 or 3 => new("begin_runner_v2", Account, List, Run, null, Record("Run"), TimeSpan.Parse(Lease, CultureInfo.InvariantCulture)),
        4 => new("create_list_v2", Account, List, NewId("list"), dice.Happens(0.7)),
        5 or 6 or 7 => Begin(model),
        8 or 9 or 10 => Enqueue(model),
        11 or 12 or 13 => Take(),
        14 or 15 or 16 or 17 => End(model),
        18 => Split(model),
        19 => new("settle_intent_v1", Account, OldIntent(), Task, GroupId, Final(), Guid.NewGuid()),
        20 => new("record_final_v1", Account, Task, GroupId, Final()),
        21 => new("watch_tasks_v2", Account, Run, dice.Happens(0.2) && _takeIds.Count > 0 ? dice.Pick([.. _takeIds]) : NewTake(), dice.Between(1, 3), dice.Happens(0.5)),
        _ => new("release_run_v1", Run),
    };

    private DatabaseCall Read() => dice.Between(1, 22) switch
    {
        1 or 2 => Find(),
        3 => new("find_tasks_v1", Account, new[] { Task, Task, "none" }),
        4 => new("read_tasks_v1", Account, (long)dice.Between(0, 20), dice.Between(1, 10), dice.Pick(null, Run)),
        5 => new("read_open_v1", Account, (long)dice.Between(0, 20), dice.Between(1, 10)),
        6 => new("read_without_task_v2", Account, 0L, 100, Run),
        7 => new("read_runs_v1", Account, 0L, 100, dice.Pick(null, Run), dice.Pick(null, "night")),
        8 => new("read_run_requests_v1", [new[] { "run_1", "run_2" }]),
        9 => new("read_lists_v2", Account, dice.Pick(null, List)),
        10 => new("is_list_done_v2", Account, List),
        11 => new("read_list_tasks_v2", Account, List, DateTimeOffset.UnixEpoch, 0L, 100),
        12 => new("read_list_open_v2", Account, List),
        13 => new("read_runners_v2", Account),
        14 => new("has_work_v2", Account, Run),
        15 => new("stop_runner_v2", Account, dice.Happens(0.3) ? Run : "none"),
        16 => dice.Happens(0.3) ? new("remove_list_v2", Account, List) : new("get_position_v1", Account),
        17 => new("unwatch_task_v2", Account, Task, TimeSpan.FromMinutes(30)),
        18 => new("record_changes_v1", Account, new[] { "asset_1", null }, new[] { null, "group_1" }, new[] { dice.Pick(null, "Active"), "Gone" }, new[] { dice.Pick(null, "name"), null }),
        19 => new("find_changes_v1", Account, new[] { "asset_1", "asset_2" }, new[] { "group_1" }),
        20 => dice.Happens(0.5) ? new("record_upload_v1", Account, "hash", Record("Upload")) : new("find_upload_v1", Account, dice.Pick("hash", "none")),
        21 => dice.Happens(0.5) ? new("introduce_account_v1", Account, Record("Account"), (long)dice.Between(0, 3)) : new("read_accounts_v1"),
        _ => dice.Happens(0.5) ? new("renew_run_v1", Run, TimeSpan.Parse(Lease, CultureInfo.InvariantCulture)) : new("end_run_v1", Run, Record("RunEnd")),
    };

    private DatabaseCall Begin(SimulatedDatabase model)
    {
        var (account, rows, group) = (Account, Rows(), Group());
        return new("begin_intent_v4", account, Intent(), dice.Pick(null, Run), Record("Intent"), group[0], group[1], group[2], group[3], rows.Hashes, rows.Others, rows.Libraries, Seen(model, account, rows, group), WereUnknown(rows.Hashes));
    }

    private DatabaseCall Enqueue(SimulatedDatabase model)
    {
        var (account, rows, group) = (Account, Rows(), Group());
        return new("enqueue_intent_v4", account, Intent(), List, Record("Intent"), "payload", group[0], group[1], group[2], group[3], rows.Hashes, rows.Others, rows.Libraries, Seen(model, account, rows, group), WereUnknown(rows.Hashes));
    }

    private DatabaseCall Take() => new("take_intent_v2", Account, Run, dice.Happens(0.2) && _takeIds.Count > 0 ? dice.Pick([.. _takeIds]) : NewTake());

    private DatabaseCall End(SimulatedDatabase model)
    {
        var (id, state) = (OldIntent(model), dice.Pick("Accepted", "Accepted", "Unsent", "Unsent", "Unknown", "Refused"));
        var takeId = dice.Happens(0.8) ? model.Find(id)?.TakeId : dice.Pick(null, "other");
        return new("end_intent_v2", Account, id, takeId, state, state == "Accepted" ? Task : null, state == "Accepted" ? GroupId : null, Record("Outcome"));
    }

    private DatabaseCall Split(SimulatedDatabase model)
    {
        var id = OldIntent(model);
        if (model.HashesOf(id) is not [_, .., var hash])
        {
            return End(model);
        }

        return new(
            "split_intent_v2", Account, id, dice.Happens(0.9) ? model.Find(id)?.TakeId : "other", Record("Outcome"), NewId("refused"), hash, Record("Intent"), Record("Outcome"), Intent(isNew: true), Record("Intent"), "rest");
    }

    private DatabaseCall Find()
    {
        var (rows, groups) = (Rows(), new[] { Group(), Group(), Group() });
        var count = rows.Hashes.Length;
        T[] Column<T>(int column) => [.. Enumerable.Range(0, count).Select(i => (T)groups[i][column]!)];
        return new("find_rows_v3", Account, rows.Hashes, rows.Others, rows.Libraries, Column<string?>(0), Column<string?>(1), Column<bool>(2), Column<bool>(3));
    }

    // What a careful caller has just seen, most of the time.
    private string?[] Seen(SimulatedDatabase model, string account, (Guid[] Hashes, Guid?[] Others, Guid?[] Libraries) rows, object?[] group)
    {
        var seen = new string?[rows.Hashes.Length];
        if (dice.Happens(0.1))
        {
            return seen;
        }

        foreach (var row in model.FindRows(account, rows.Hashes, rows.Others, rows.Libraries, group))
        {
            seen[(int)row[0]!] ??= (string)row[3]!;
        }

        return seen;
    }

    private bool[] WereUnknown(Guid[] hashes) => [.. hashes.Select(_ => dice.Happens(0.2))];

    private (Guid[] Hashes, Guid?[] Others, Guid?[] Libraries) Rows()
    {
        var hashes = s_hashes.OrderBy(_ => dice.Fraction()).Take(dice.Between(1, 3)).ToArray();
        Guid?[] Some() => [.. hashes.Select(_ => dice.Happens(0.15) ? (Guid?)dice.Pick(s_hashes) : null)];
        return (hashes, Some(), Some());
    }

    private object?[] Group() => dice.Between(1, 6) switch
    {
        1 or 2 or 3 => ["cast", dice.Pick(null, null, "group_1"), false, dice.Happens(0.2)],
        4 => ["crew", GroupId, false, false],
        5 => [null, "group_1", dice.Happens(0.3), false],
        _ => [dice.Pick(null, "cast"), GroupId, dice.Happens(0.5), dice.Happens(0.5)],
    };

    private string Intent(bool isNew = false)
    {
        if (!isNew && _intentIds.Count > 0 && dice.Happens(0.1))
        {
            return OldIntent();
        }

        _intentIds.Add(NewId("intent"));
        return _intentIds[^1];
    }

    private string OldIntent(SimulatedDatabase? model = null) =>
        _intentIds.Count == 0 ? "none" : model?.Intents.Where(one => one.State is null).Select(one => one.IntentId).ToArray() is { Length: > 0 } open && dice.Happens(0.7) ? dice.Pick(open) : dice.Pick([.. _intentIds]);

    private string NewTake()
    {
        _takeIds.Add(string.Create(CultureInfo.InvariantCulture, $"{_count:D6}"));
        return _takeIds[^1];
    }

    private string NewId(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}_{seed}_{_count}");

    private string Record(string type) => dice.Happens(0.2) ? $$"""{"type":"{{type}}","n":{{_count}},"project":"stage"}""" : $$"""{"type":"{{type}}","n":{{_count}}}""";

    private string Final() => dice.Pick(
        """{"type":"Final","status":"Completed"}""", """{"type":"Final","status":"Failed"}""",
        """{"type":"Final","status":"Completed","assets":[{"usable":true},{"usable":false},{}]}""", """{"type":"Final","assets":[]}""");
}
