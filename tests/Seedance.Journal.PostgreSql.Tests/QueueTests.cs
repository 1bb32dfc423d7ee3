namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>Tests of a queue in a database of their own, and what they do to it.</summary>
public abstract class QueueTests(PostgreSqlServer server) : DatabaseTests(server)
{
    private static readonly AvatarGroup s_cast = new() { GroupId = "group_1" };

    private protected static CancellationToken Cancelled => StoreTesting.Cancelled;

    private protected PostgreSqlJournalOptions Options => new(Address);

    private protected static JournalKey Key(string name) => JournalKey.Create("Image", "default", $"https://example.com/{name}.png", s_cast);

    private protected static JournalIntent Intent(string id, string? runId, string? supersedes, params string[] names) => new()
    {
        IntentId = id,
        RunId = runId,
        Kind = TaskKind.Asset,
        Group = s_cast,
        AssetType = AssetType.Image,
        Rows = [.. names.Select(name => new JournalRow(Key(name), new AssetSource($"https://example.com/{name}.png") { Name = name }, supersedes))],
    };

    private protected static async Task<JournalState?> StateAsync(PostgreSqlJournal journal, string name) => (await journal.FindAsync([Key(name)], Cancelled))[0]?.State;

    private protected static async Task<IAsyncDisposable> StartAsync(PostgreSqlJournal journal, string runId) =>
        await journal.BeginRunAsync(new JournalRun(runId) { ListName = "night" }, Cancelled);

    private protected static ValueTask EndAsync(PostgreSqlJournal journal, JournalState state, string? taskId = null) =>
        journal.EndAsync(new JournalOutcome { IntentId = "one", State = state, TaskId = state == JournalState.Accepted ? taskId : null }, Cancelled);

    /// <summary>Records that the request was refused because of its second row.</summary>
    private protected static ValueTask SplitAsync(PostgreSqlJournal journal) => journal.SplitAsync(
        new JournalOutcome { IntentId = "one", State = JournalState.Unsent },
        Intent("refused", "run_1", "one", "b"), new JournalOutcome { IntentId = "refused", State = JournalState.Refused },
        Intent("rest", null, "one", "a", "c"), "[\"a\",\"c\"]", Cancelled);

    /// <summary>A journal with a list that has one request.</summary>
    private protected async Task<PostgreSqlJournal> QueueAsync(string id, params string[] names)
    {
        var journal = Open();
        Assert.True(await journal.CreateListAsync("night", mayExist: false, Cancelled));
        Assert.Empty(await journal.EnqueueAsync("night", Intent(id, null, null, names), "{}", Cancelled));
        return journal;
    }

    private protected Task LapseAsync() => PostgreSqlServer.ExecuteAsync(Address, "update seedance.run set lease_until = clock_timestamp()");

    /// <summary>Lets the time pass in which nobody takes what is queued again.</summary>
    private protected Task PassAsync() => PostgreSqlServer.ExecuteAsync(Address, "update seedance.intent set not_before = clock_timestamp()");

    private protected async Task<string?> ReadAsync(string sql)
    {
        await using var database = new Database(Options);
        return (await database.QueryAsync(sql, [], row => row.IsDBNull(0) ? null : row.GetString(0), TimeSpan.Zero, Cancelled))[0];
    }

    private protected PostgreSqlJournal Open() => StoreTesting.Open(Options);
}
