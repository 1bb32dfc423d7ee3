using Seedance.Client.Tests;
using Seedance.Journal.FileStore;
using static Seedance.Journal.PostgreSql.Tests.StoreTesting;

namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>What completion reads from a database: what a file would tell.</summary>
public sealed class LateNamesTests(PostgreSqlServer server)
{
    private static readonly AvatarGroup s_spring = new() { Name = "spring cast", ProjectName = "Ann's" };
    private static readonly AvatarGroup s_autumn = new() { Name = "autumn" };

    // It stands still: whoever reads waits until the answer is there, and both stores record the same times.
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task Names_of_late_are_those_that_a_file_tells()
    {
        var address = await server.CreateDatabaseAsync();
        var role = $"typing_{Guid.NewGuid():N}";
        await PostgreSqlServer.ExecuteAsync(address, $"create role {role} login");
        await InstallAsync(address, role);
        using var file = new MemoryJournalFile();
        await using var inFile = new FileJournal(file, new JournalAccount("tests"), _clock);
        await using var journal = Open(new PostgreSqlJournalOptions(address with { User = role }) { TimeProvider = _clock });
        await using var others = Open(new PostgreSqlJournalOptions(address) { TimeProvider = _clock }, "others");
        Assert.Equivalent(JournalNames.None, journal.ReadNames(), strict: true);

        await UseAsync(inFile);
        await UseAsync(journal);
        await others.BeginAsync(Intent("theirs", null, "theirs"), Cancelled);
        await others.EndAsync(new JournalOutcome { IntentId = "theirs", State = JournalState.Accepted, TaskId = "task_theirs" }, Cancelled);

        var (expected, names) = (inFile.ReadNames(), journal.ReadNames());
        Assert.Equal(["task_1", "library-four", "task_3", "task_2"], expected.TaskIds.Select(name => name.Value));
        Assert.Equal(["asset_a", "asset_b", "asset_d"], expected.Assets.Select(asset => asset.AssetId).Order());
        Assert.Equal(expected.TaskIds, names.TaskIds);
        Assert.Equal(expected.GroupIds, names.GroupIds);
        Assert.Equal(expected.GroupNames, names.GroupNames);
        Assert.Equal(expected.ProjectNames, names.ProjectNames);
        Assert.Equal(expected.RunNames, names.RunNames);
        Assert.Equal(expected.Assets, names.Assets);
        Assert.Equal(["task_theirs"], others.ReadNames().TaskIds.Select(name => name.Value));
    }

    [Fact]
    public async Task Of_a_long_journal_the_end_is_told_and_nothing_of_what_was_cleared()
    {
        var address = await server.CreateDatabaseAsync();
        await InstallAsync(address);
        await using var journal = Open(new PostgreSqlJournalOptions(address) { TimeProvider = _clock });
        for (var i = 1; i <= 120; i++)
        {
            await SendAsync(journal, Intent($"intent_{i}", null, $"row_{i}"), $"task_{i}", "group_1");
        }

        Assert.Equal([.. Enumerable.Range(21, 100).Reverse().Select(i => $"task_{i}")], journal.ReadNames().TaskIds.Select(name => name.Value));
        await PostgreSqlServer.ExecuteAsync(address, "update seedance.intent set is_cleared = true where intent_id <> 'intent_120'");
        Assert.Equal(["task_120"], journal.ReadNames().TaskIds.Select(name => name.Value));
    }

    [Fact]
    public async Task A_database_that_does_not_answer_tells_nothing_and_is_no_error()
    {
        var address = await server.CreateDatabaseAsync();
        foreach (var silent in new[] { address, address with { Port = 1 }, address with { Database = "none" } })
        {
            await using var journal = Open(new PostgreSqlJournalOptions(silent) { TimeProvider = _clock });
            Assert.Same(JournalNames.None, journal.ReadNames());
        }
    }

    private static async Task UseAsync(IJournal journal)
    {
        await using (await journal.BeginRunAsync(new JournalRun("run_1", "first night"), Cancelled))
        {
            await SendAsync(journal, Intent("one", "run_1", "a", "b") with { Group = s_spring }, "task_1", "group_1");
            await SendAsync(journal, Intent("two", "run_1", "c") with { Group = s_autumn }, "task_2", "group_2");
        }

        await using (await journal.BeginRunAsync(new JournalRun("run_2"), Cancelled))
        {
            await SendAsync(journal, Intent("three", "run_2", "film") with { Kind = TaskKind.Video, Group = null }, "task_3", null);
            await journal.BeginAsync(Intent("four", "run_2", "d") with { Group = s_autumn }, Cancelled);
            await journal.EndAsync(new JournalOutcome { IntentId = "four", State = JournalState.Unknown }, Cancelled);
            await journal.SettleAsync("four", Ended("library-four", s_autumn with { GroupId = "group_2" }, "asset_d"), Cancelled);
        }

        await journal.RecordFinalAsync(Ended("task_1", s_spring with { GroupId = "group_1" }, "asset_a", "asset_b"), Cancelled);
        await journal.RecordChangesAsync(
            [new JournalAssetChange { AssetId = "asset_a", Name = "new" }, new JournalAssetChange { GroupId = "group_2", Status = JournalAssetChange.Deleted }], Cancelled);
        await journal.BeginAsync(Intent("open", null, "e") with { Group = new AvatarGroup { Name = "winter" } }, Cancelled);
    }

    private static async Task SendAsync(IJournal journal, JournalIntent intent, string taskId, string? groupId)
    {
        Assert.Empty(await journal.BeginAsync(intent, Cancelled));
        await journal.EndAsync(new JournalOutcome { IntentId = intent.IntentId, State = JournalState.Accepted, TaskId = taskId, GroupId = groupId }, Cancelled);
    }

    private static SeedanceTask Ended(string taskId, AvatarGroup group, params string[] assetIds) => new()
    {
        TaskId = taskId,
        Kind = TaskKind.Asset,
        Status = SeedanceTaskStatus.Completed,
        Group = group,
        Assets = [.. assetIds.Select((id, row) => new SeedanceAsset { AssetId = id, AssetUrl = $"asset://{id}", Name = $"name of {id}", GroupId = group.GroupId, IsUsable = true, TaskId = taskId, SourceIndex = row })],
    };
}
