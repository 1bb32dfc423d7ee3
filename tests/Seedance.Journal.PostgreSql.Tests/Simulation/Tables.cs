namespace Seedance.Journal.PostgreSql.Tests.Simulation;

/// <summary>A request with everything that the database keeps of it.</summary>
internal sealed record IntentRecord
{
    public required long Position { get; init; }

    public required string IntentId { get; init; }

    public required string Account { get; init; }

    public string? RunId { get; set; }

    public string? GroupName { get; init; }

    public string? GroupId { get; set; }

    public bool IsRealPerson { get; init; }

    public bool IsImplied { get; init; }

    public int RowCount { get; init; }

    public required string Record { get; set; }

    public DateTimeOffset SentAt { get; set; }

    public string? State { get; set; }

    public string? TaskId { get; set; }

    public string? Outcome { get; set; }

    public DateTimeOffset? OutcomeAt { get; set; }

    public Guid? SettledBy { get; set; }

    public string? Final { get; set; }

    public DateTimeOffset? FinalAt { get; set; }

    public long? ListPosition { get; set; }

    public string? TakeId { get; set; }

    public int Takes { get; set; }

    public DateTimeOffset NotBefore { get; set; }

    public string? WatchedBy { get; set; }

    public DateTimeOffset? UnwatchedUntil { get; set; }

    public string? Payload { get; set; }

    /// <summary>Whether a group has to be made, or found by its name, for it.</summary>
    public bool NeedsGroup => GroupId is null && GroupName is not null && !IsRealPerson;
}

/// <summary>A row of a request.</summary>
internal sealed record IntentRowRecord(string Account, Guid Hash, long Position, int Ordinal, long? Previous, int? PreviousOrdinal)
{
    public bool IsSuperseded { get; set; }
}

internal sealed record RunRecord(long Position, string Account, string RunId, string? RunName, string Record, DateTimeOffset StartedAt)
{
    public DateTimeOffset LeaseUntil { get; set; }

    public string? End { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public long? ListPosition { get; set; }

    public bool IsStopping { get; set; }

    public string LastTake { get; set; } = string.Empty;

    public string LastWatch { get; set; } = string.Empty;
}

internal sealed record ListRecord(long Position, string Account, string Name, string ListId, DateTimeOffset CreatedAt);

internal sealed record GroupRecord
{
    public string? GroupId { get; set; }

    public bool IsMade { get; set; }

    public string? Leader { get; set; }

    public string? LeaderRun { get; set; }
}

internal sealed record RateRecord
{
    public int PerSecond { get; set; }

    public DateTimeOffset PerSecondAt { get; set; }

    public DateTimeOffset NextTurn { get; set; }

    public DateTimeOffset PausedUntil { get; set; }
}

/// <summary>What is committed.</summary>
internal sealed class Tables
{
    public List<(long Position, string Account, string Record)> Accounts { get; private init; } = [];

    public Dictionary<string, RunRecord> Runs { get; private init; } = [];

    public SortedDictionary<long, IntentRecord> Intents { get; private init; } = [];

    public Dictionary<string, IntentRecord> IntentsById { get; private init; } = [];

    public List<IntentRowRecord> Rows { get; private init; } = [];

    public HashSet<(string Account, string GroupId, string Name)> Aliases { get; private init; } = [];

    public Dictionary<(string Account, string Project, string Name), GroupRecord> Groups { get; private init; } = [];

    public Dictionary<(string Account, string Name), ListRecord> Lists { get; private init; } = [];

    public Dictionary<(string Account, string AssetId), (string? Status, string? Name)> AssetChanges { get; private init; } = [];

    public Dictionary<(string Account, string GroupId), string?> GroupChanges { get; private init; } = [];

    public Dictionary<(string Account, string Hash), string> Uploads { get; private init; } = [];

    public Dictionary<string, RateRecord> Rates { get; private init; } = [];

    /// <summary>A standby that has all of it so far, and will have no more.</summary>
    /// <param name="place">The positions that requests have there; the same by default.</param>
    public Tables Copy(Func<long, long>? place = null)
    {
        place ??= position => position;
        var intents = Intents.Values.Select(one => one with { Position = place(one.Position) }).ToList();
        return new Tables
        {
            Accounts = [.. Accounts],
            Runs = Runs.ToDictionary(one => one.Key, one => one.Value with { }),
            Intents = new(intents.ToDictionary(one => one.Position)),
            IntentsById = intents.ToDictionary(one => one.IntentId),
            Rows = [.. Rows.Select(one => one with { Position = place(one.Position), Previous = one.Previous is { } previous ? place(previous) : null })],
            Aliases = [.. Aliases],
            Groups = Groups.ToDictionary(one => one.Key, one => one.Value with { }),
            Lists = new(Lists),
            AssetChanges = new(AssetChanges),
            GroupChanges = new(GroupChanges),
            Uploads = new(Uploads),
            Rates = Rates.ToDictionary(one => one.Key, one => one.Value with { }),
        };
    }
}
