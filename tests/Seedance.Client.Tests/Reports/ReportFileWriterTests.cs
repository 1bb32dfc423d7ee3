namespace Seedance.Client.Tests.Reports;

public sealed class ReportFileWriterTests : IDisposable
{
    private static readonly DateTimeOffset s_start = new(2027, 3, 14, 21, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("seedance-report-");

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    private string FilePath => Path.Combine(_folder.FullName, "report.html");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_was_added_is_in_the_file_and_nothing_is_left_beside_it()
    {
        await using (var writer = ReportFileWriter.Open(FilePath))
        {
            await writer.AddAsync(Task("t1", "A"), CancellationToken);
            await writer.AddAsync(Task("t1", "A"), CancellationToken);
            await writer.AddAsync(new SeedanceAsset { AssetId = "a", AssetUrl = "asset://a", TaskId = "t0" }, CancellationToken);
            Assert.False(File.Exists(FilePath));
            Assert.Equal(3, writer.Head.Counts!.Values.Sum());
            var file = await writer.CompleteAsync(writer.Head, CancellationToken);
            Assert.Equal(FilePath, file.FullName);
        }

        Assert.Equal([FilePath], Directory.GetFiles(_folder.FullName));
        var report = new WrittenReport(await File.ReadAllTextAsync(FilePath, CancellationToken));
        Assert.Equal(3, report.Rows.Length);
        Assert.Equal(["t1", "t1", "t0"], report.Rows.Select(row => row.GetProperty("task").GetString()));
    }

    [Fact]
    public async Task The_head_has_what_all_tasks_agree_on()
    {
        await using var writer = ReportFileWriter.Open(FilePath);
        await writer.AddAsync(Task("t1", "A") with { Cost = 1m, CompletedAt = s_start.AddMinutes(2) }, CancellationToken);
        await writer.AddAsync(Task("t2", "A") with { Cost = 0.5m, CreatedAt = s_start.AddMinutes(-1), CompletedAt = s_start.AddMinutes(1) }, CancellationToken);
        Assert.Equal(("spring", "A", 1.5m), (writer.Head.RunName, writer.Head.GroupName, writer.Head.Cost));
        Assert.Equal((s_start.AddMinutes(-1), s_start.AddMinutes(2), TimeSpan.FromMinutes(3)), (writer.Head.StartedAt, writer.Head.EndedAt, writer.Head.Duration));

        await writer.AddAsync(Task("t3", "B") with { Status = SeedanceTaskStatus.Processing, CompletedAt = null }, CancellationToken);
        Assert.Equal(("spring", "spring", null), (writer.Head.Title, writer.Head.RunName, writer.Head.GroupName));
        Assert.Null(writer.Head.EndedAt);
        Assert.Null(writer.Head.Duration);
    }

    [Fact]
    public async Task A_run_tells_of_itself_and_all_its_rows_are_counted()
    {
        var run = new Run
        {
            RunId = "run-1", RunName = "night", StartedAt = s_start, EndedAt = s_start.AddMinutes(1), GroupName = "A", Requests = 3, Cost = 2m,
            Rows = 12, Accepted = 4, Usable = 2, Failed = 1, AcceptedEarlier = 1, Invalid = 1, NotAccepted = 2, Unknown = 3, UnderWayElsewhere = 1,
        };
        await using var writer = ReportFileWriter.Open(FilePath);
        await writer.AddAsync(run, Each(Task("t1", "A") with { RunId = "run-1", CompletedAt = s_start.AddDays(1), Cost = 9m, Sources = [new AssetSource("https://a.example/1.png")] }), CancellationToken);
        Assert.Equal(("run-1", "night", "A", 3L, 2m), (writer.Head.RunId, writer.Head.RunName, writer.Head.GroupName, writer.Head.Requests, writer.Head.Cost));
        Assert.Equal((s_start, s_start.AddMinutes(1)), (writer.Head.StartedAt, writer.Head.EndedAt));
        Assert.Equal(
            [2, 1, 1, 1, 1, 2, 3, 1],
            new[]
            {
                ReportRowState.Usable, ReportRowState.Failed, ReportRowState.Accepted, ReportRowState.AcceptedEarlier, ReportRowState.Invalid,
                ReportRowState.NotAccepted, ReportRowState.Unknown, ReportRowState.UnderWayElsewhere,
            }.Select(state => writer.Head.Counts![state]));
        Assert.Equal(run.Rows, writer.Head.Counts!.Values.Sum());
        await writer.CompleteAsync(writer.Head, CancellationToken);
        var report = new WrittenReport(await File.ReadAllTextAsync(FilePath, CancellationToken));
        Assert.Single(report.Rows);
        Assert.Equal(12, report.Totals.GetProperty("states").EnumerateArray().Sum(state => state.GetProperty("count").GetInt64()));
    }

    [Fact]
    public async Task A_report_that_is_not_completed_leaves_what_was_there()
    {
        await File.WriteAllTextAsync(FilePath, "mine", CancellationToken);
        await using (var writer = ReportFileWriter.Open(FilePath, overwrite: true))
        {
            await writer.AddAsync(Task("t1", "A"), CancellationToken);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writer.CompleteAsync(writer.Head, new CancellationToken(canceled: true)));
        }

        Assert.Equal("mine", await File.ReadAllTextAsync(FilePath, CancellationToken));
        Assert.Equal([FilePath], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public async Task A_file_that_came_to_be_meanwhile_is_not_overwritten()
    {
        await using var writer = ReportFileWriter.Open(FilePath);
        await File.WriteAllTextAsync(FilePath, "theirs", CancellationToken);
        var failure = await Assert.ThrowsAsync<SeedanceException>(() => writer.CompleteAsync(writer.Head, CancellationToken));
        Assert.Equal(SeedanceErrorKind.AlreadyExists, failure.Kind);
        Assert.Equal("theirs", await File.ReadAllTextAsync(FilePath, CancellationToken));
    }

    [Fact]
    public async Task A_link_that_leads_nowhere_is_a_file_that_exists()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "On Windows links take a right that few have.");
        File.CreateSymbolicLink(FilePath, Path.Combine(_folder.FullName, "nowhere"));
        Assert.Equal(SeedanceErrorKind.AlreadyExists, Assert.Throws<SeedanceException>(() => ReportFileWriter.Open(FilePath)).Kind);
        await using var writer = ReportFileWriter.Open(FilePath, overwrite: true);
        await writer.CompleteAsync(writer.Head, CancellationToken);
        Assert.Null(new FileInfo(FilePath).LinkTarget);
        Assert.False(File.Exists(Path.Combine(_folder.FullName, "nowhere")));
    }

    [Theory]
    [InlineData("", SeedanceErrorKind.InvalidInput)]
    [InlineData("none/report.html", SeedanceErrorKind.FileUnavailable)]
    public void A_place_where_no_file_can_be_is_refused_at_once(string path, SeedanceErrorKind expected) =>
        Assert.Equal(expected, Assert.Throws<SeedanceException>(() => ReportFileWriter.Open(Path.Combine(_folder.FullName, path))).Kind);

#pragma warning disable CS1998 // Nothing to await: the tasks are there.
    private static async IAsyncEnumerable<SeedanceTask> Each(params SeedanceTask[] tasks)
#pragma warning restore CS1998
    {
        foreach (var task in tasks)
        {
            yield return task;
        }
    }

    private static SeedanceTask Task(string id, string group) => new()
    {
        TaskId = id,
        Kind = TaskKind.Asset,
        Status = SeedanceTaskStatus.Completed,
        CreatedAt = s_start,
        CompletedAt = s_start.AddSeconds(5),
        RunName = "spring",
        Group = new AvatarGroup(group),
        Sources = [new AssetSource("https://a.example/1.png"), new AssetSource("https://a.example/2.png")],
    };
}
