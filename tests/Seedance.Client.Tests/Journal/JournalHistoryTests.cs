using Seedance.Sandbox;

namespace Seedance.Client.Tests.Journal;

/// <summary>No id is lost with a closed window: the journal gives tasks and assets back.</summary>
public sealed class JournalHistoryTests
{
    private static readonly AvatarGroup s_cast = new() { Name = "cast", Description = "not kept" };

    [Fact]
    public void Tasks_come_back_with_their_rows_each_once_ended_ones_first()
    {
        var bench = new ClientFixture { JournalFile = new FakeJournalFile() };
        var accepted = Submit(bench, [.. ClientFixture.Rows(30, s_cast), .. ClientFixture.Rows(2, s_cast, prefix: "reject"), .. ClientFixture.Rows(10, s_cast, prefix: "c")]);
        var ended = bench.Wait(accepted[1]);
        bench.Wait(accepted[1]);

        var recalled = bench.OpenJournal().ReadTasks().ToList();
        Assert.Equal([accepted[1].TaskId, accepted[0].TaskId, accepted[2].TaskId], recalled.Select(task => task.TaskId));
        Assert.Equal([SeedanceTaskStatus.Failed, SeedanceTaskStatus.Processing, SeedanceTaskStatus.Processing], recalled.Select(task => task.Status));
        Same(ended, recalled[0]);
        Same(accepted[0], recalled[1]);
    }

    [Fact]
    public void A_task_is_found_by_its_id_before_and_after_its_end()
    {
        var bench = new ClientFixture { JournalFile = new FakeJournalFile() };
        var accepted = Assert.Single(Submit(bench, ClientFixture.Rows(3, s_cast)));
        Same(accepted, Find(bench, accepted.TaskId)!);
        var ended = bench.Wait(accepted);
        var found = Find(bench, accepted.TaskId)!;
        Same(ended, found);
        Assert.Equal(ended.CompletedAt, found.CompletedAt);
        Assert.Null(Find(bench, "task_unknown"));
    }

    [Fact]
    public void Assets_come_back_as_they_were_seen_each_once()
    {
        var bench = new ClientFixture(new SandboxOptions { EchoNames = false, ShuffleResults = false }) { JournalFile = new FakeJournalFile() };
        var ended = Submit(bench, [.. ClientFixture.Rows(3, s_cast), .. ClientFixture.Rows(1, s_cast, prefix: "reject"), .. ClientFixture.Rows(1, s_cast, AssetType.Video, "v")])
            .SelectMany(task => { bench.Wait(task); return bench.Wait(task).Assets; }).ToList();

        Assert.Equal(ended.Select(Seen), bench.OpenJournal().ReadAssets().Select(Seen));
        Assert.Equal([MatchedBy.Position, MatchedBy.Position, MatchedBy.Position, MatchedBy.Position, MatchedBy.Single], ended.Select(asset => asset.MatchedBy));
        Assert.Equal(4, ended.Count(asset => asset.IsUsable));
        Assert.All(ended, asset => Assert.NotNull(asset.GroupId));
    }

    [Fact]
    public void One_account_does_not_see_anothers()
    {
        var bench = new ClientFixture { JournalFile = new FakeJournalFile() };
        bench.Wait(Submit(bench, ClientFixture.Rows(3, s_cast))[0]);

        Assert.Empty(bench.OpenJournal("another account").ReadTasks());
        Assert.Empty(bench.OpenJournal("another account").ReadAssets());
        Assert.NotEmpty(bench.OpenJournal().ReadAssets());
    }

    [Fact]
    public void A_task_known_by_its_id_alone_gets_its_rows_back_when_it_is_waited_for()
    {
        var bench = new ClientFixture { JournalFile = new FakeJournalFile() };
        var accepted = Submit(bench, ClientFixture.Rows(3, s_cast))[0];
        var ended = bench.Wait(new SeedanceTask { TaskId = accepted.TaskId });

        Assert.Equal(["a-1", "a-2", "a-3"], ended.Assets.Select(asset => asset.Name).Order());
        Assert.All(ended.Assets, asset => Assert.Equal(MatchedBy.Name, asset.MatchedBy));
        Assert.Equal("cast", ended.Group!.Name);
    }

    [Fact]
    public void Without_a_journal_there_is_nothing_to_recall()
    {
        var bench = new ClientFixture(with: options => options with { NoJournal = true });
        bench.Submit(ClientFixture.Rows(3, s_cast));

        Assert.Empty(bench.Connection.GetJournal().ReadTasks());
        Assert.Null(bench.Connection.JournalPath);
    }

    private static List<SeedanceTask> Submit(ClientFixture bench, AssetSource[] rows) =>
        [.. bench.Submit(rows, new() { ThrottleLimit = 1 }).Events.OfType<TaskAccepted>().Select(accepted => accepted.Task)];

    private static SeedanceTask? Find(ClientFixture bench, string taskId) =>
        bench.Time.Run(async () => await bench.OpenJournal().FindTaskAsync(taskId, TestContext.Current.CancellationToken));

    // All that is kept of a row; its query and its file are not.
    private static object Seen(SeedanceAsset asset) => (asset with { Source = null }, asset.SourceUrl, asset.Row, asset.RowId);

    private static void Same(SeedanceTask expected, SeedanceTask actual)
    {
        Assert.Equal((expected.TaskId, expected.Kind, expected.Status, expected.GroupId, expected.Group!.Name, expected.ProjectName, expected.AssetType, expected.Error),
            (actual.TaskId, actual.Kind, actual.Status, actual.GroupId, actual.Group!.Name, actual.ProjectName, actual.AssetType, actual.Error));

        // Of a task whose end was not seen, the journal has the time that its request left.
        Assert.InRange(expected.CreatedAt!.Value - actual.CreatedAt!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal(expected.Assets.Select(Seen), actual.Assets.Select(Seen));
        Assert.Equal(expected.Sources.Select(source => (source.Name, source.SourceUrl, source.AssetType)), actual.Sources.Select(source => (source.Name, source.SourceUrl, source.AssetType)));
    }
}
