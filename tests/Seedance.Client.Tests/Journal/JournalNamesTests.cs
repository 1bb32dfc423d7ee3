using System.Text;

namespace Seedance.Client.Tests.Journal;

/// <summary>What completion reads: the end of the journal, at once, and nothing rather than an error.</summary>
public sealed class JournalNamesTests
{
    private static readonly AvatarGroup s_cast = new() { Name = "spring cast", ProjectName = "spring" };

    [Fact]
    public async Task Ids_and_names_come_the_latest_first_and_each_once()
    {
        var file = new FakeJournalFile();
        var journal = Open(file);
        await SendAsync(journal, "1", s_cast, "task_1", "group-1");
        await SendAsync(journal, "2", new AvatarGroup { Name = "autumn" }, "task_2", "group-2");
        await SendAsync(journal, "3", s_cast, "task_3", "group-1");

        var names = journal.ReadNames();
        Assert.Equal(["task_3", "task_2", "task_1"], Values(names.TaskIds));
        Assert.Equal(["group-1", "group-2"], Values(names.GroupIds));
        Assert.Equal(["spring cast", "autumn"], Values(names.GroupNames));
        Assert.Equal(["default"], Values(names.ProjectNames));
        Assert.Contains("spring cast", names.TaskIds[0].Hint, StringComparison.Ordinal);
        Assert.All(names.TaskIds, name => Assert.Equal(TaskKind.Asset, name.Kind));
    }

    [Fact]
    public async Task Assets_come_as_they_are_by_now_the_latest_first_and_each_once()
    {
        var journal = Open(new FakeJournalFile());
        await SendAsync(journal, "1", s_cast, "task_1", "group-1");
        await FinishAsync(journal, "task_1", ("asset_1", "ann"), ("asset_2", "bob"));
        await SendAsync(journal, "2", s_cast, "task_2", "group-1");
        await FinishAsync(journal, "task_2", ("asset_3", "cy"));
        await FinishAsync(journal, "task_2", ("asset_3", "cy"));
        await journal.RecordChangesAsync(
            [new JournalAssetChange { AssetId = "asset_1", Name = "anne" }, new JournalAssetChange { AssetId = "asset_2", Status = JournalAssetChange.Deleted }],
            TestContext.Current.CancellationToken);

        var assets = journal.ReadNames().Assets;
        Assert.Equal(["asset_3 cy True", "asset_2 bob False", "asset_1 anne True"], assets.Select(asset => $"{asset.AssetId} {asset.Name} {asset.IsUsable}"));
        Assert.All(assets, asset => Assert.Equal("spring cast", asset.GroupName));
    }

    [Fact]
    public async Task One_account_does_not_see_anothers()
    {
        var file = new FakeJournalFile();
        var ours = Open(file);
        await SendAsync(ours, "1", s_cast, "task_1", "group-1");
        await FinishAsync(ours, "task_1", ("asset_1", "ann"));
        Assert.Single(ours.ReadNames().Assets);

        var other = Open(file, "another account").ReadNames();
        Assert.Empty(other.TaskIds);
        Assert.Empty(other.GroupIds);
        Assert.Empty(other.GroupNames);
        Assert.Empty(other.ProjectNames);
        Assert.Empty(other.Assets);
    }

    [Fact]
    public async Task Of_a_long_journal_only_the_end_is_read()
    {
        var file = new FakeJournalFile();
        var journal = Open(file);
        await SendAsync(journal, "old", s_cast, "task_old", "group-old");
        await file.WriteAsync(file.Length, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"type\":\"Upload\",\"url\":\"" + new string('x', 1000) + "\"}\n", 5000))));
        await SendAsync(journal, "new", s_cast, "task_new", "group-new");

        var counted = new CountingJournalFile(file);
        var names = JournalTail.Read(counted, new JournalAccount("account"));
        Assert.Equal(["task_new"], Values(names.TaskIds));
        Assert.Equal(["group-new"], Values(names.GroupIds));
        Assert.InRange(counted.BytesRead, 1, JournalTail.TailLength + 64);
    }

    [Fact]
    public async Task A_torn_line_hides_nothing_else()
    {
        var file = new FakeJournalFile();
        var journal = Open(file);
        await SendAsync(journal, "1", s_cast, "task_1", "group-1");
        await file.WriteAsync(file.Length, "{\"type\":\"Intent\",\"acc\n"u8.ToArray());
        await SendAsync(journal, "2", s_cast, "task_2", "group-1");
        await file.WriteAsync(file.Length, "{\"type\":\"Final\",\"task\":\"task_3\""u8.ToArray());

        Assert.Equal(["task_2", "task_1"], Values(journal.ReadNames().TaskIds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a journal\n")]
    [InlineData("{\"type\":\"Journal\",\"version\":99,\"at\":\"2026-01-15T00:00:00Z\"}\n{\"type\":\"Final\",\"account\":\"account\",\"task\":\"task_1\"}\n")]
    [InlineData("{\"type\":\"Journal\",\"version\":1,\"at\":\"2026-01-15T00:00:00Z\"}\n[]\nnull\n\n42\n{\"type\":\"Nothing\"}\n")]
    public void What_cannot_be_read_tells_nothing(string content)
    {
        Assert.Empty(Open(new FakeJournalFile(content)).ReadNames().TaskIds);
    }

    [Fact]
    public void A_file_that_is_missing_or_cannot_be_opened_tells_nothing()
    {
        using var folder = new TemporaryFolder();
        Assert.Empty(JournalTail.Read(new DiskJournalFile(folder.File("none.jsonl"), TimeProvider.System), new JournalAccount("account")).TaskIds);
        Assert.Empty(JournalTail.Read(new DiskJournalFile(folder.Path, TimeProvider.System), new JournalAccount("account")).TaskIds);
        Assert.False(File.Exists(folder.File("none.jsonl")));
    }

    private static FileJournal Open(IJournalFile file, string account = "account") => new(file, new JournalAccount(account), TimeProvider.System);

    private static async Task SendAsync(FileJournal journal, string intent, AvatarGroup group, string task, string groupId)
    {
        await journal.BeginAsync(JournalRecords.Intent(intent, group, $"https://example.com/{intent}.png"));
        await journal.EndAsync(intent, JournalState.Accepted, task, groupId);
    }

    private static async Task FinishAsync(FileJournal journal, string task, params (string Id, string Name)[] assets) => await journal.RecordFinalAsync(
        new SeedanceTask
        {
            TaskId = task,
            Kind = TaskKind.Asset,
            Status = SeedanceTaskStatus.Completed,
            Group = s_cast with { GroupId = "group-1" },
            Assets = [.. assets.Select((asset, row) => new SeedanceAsset { AssetId = asset.Id, AssetUrl = $"asset://{asset.Id}", Name = asset.Name, IsUsable = true, TaskId = task, SourceIndex = row })],
        },
        TestContext.Current.CancellationToken);

    private static IEnumerable<string> Values(IEnumerable<JournalName> names) => names.Select(name => name.Value);
}
