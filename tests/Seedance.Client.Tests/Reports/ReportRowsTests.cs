namespace Seedance.Client.Tests.Reports;

public sealed class ReportRowsTests
{
    private static readonly DateTimeOffset s_start = new(2027, 3, 14, 21, 0, 0, TimeSpan.Zero);

    private static readonly SeedanceTask s_task = new()
    {
        TaskId = "t1",
        Kind = TaskKind.Asset,
        Status = SeedanceTaskStatus.Completed,
        CreatedAt = s_start,
        CompletedAt = s_start.AddSeconds(30),
        Sources =
        [
            new AssetSource("https://a.example/1.png") { Name = "one", Row = 1, RowId = "r1", Kept = new Dictionary<string, string> { ["Team"] = "Casting" } },
            new AssetSource("https://a.example/2.png") { Name = "two", Row = 2 },
        ],
    };

    [Fact]
    public void A_row_says_what_its_asset_and_its_source_say()
    {
        var row = ReportRows.From(s_task with { Assets = [Asset(0, "a-1") with { Name = "one" }, Asset(1, "a-2")] }).First();
        Assert.Equal(ReportRowState.Usable, row.State);
        Assert.Equal((1L, "r1", "one"), (row.Row, row.RowId, row.Name));
        Assert.Equal([new("Team", "Casting")], row.KeptColumns);
        Assert.Equal(("asset://a-1", MatchedBy.Name, "t1"), (row.AssetUrl, row.MatchedBy, row.TaskId));
        Assert.Equal(TimeSpan.FromSeconds(30), row.Duration);
        Assert.Equal("https://a.example/1.png", row.Thumbnail?.Address);
    }

    [Fact]
    public void An_asset_whose_review_goes_on_has_not_failed()
    {
        var row = ReportRows.From(s_task with { Assets = [Asset(0, "a-1") with { IsUsable = false, Status = SeedanceAsset.UnderReview }] }).First();
        Assert.Equal(ReportRowState.Accepted, row.State);
    }

    [Fact]
    public void Results_in_another_order_go_to_their_rows()
    {
        var rows = ReportRows.From(s_task with { Assets = [Asset(1, "a-2", isUsable: false), Asset(0, "a-1")] }).ToList();
        Assert.Equal(["asset://a-1", "asset://a-2"], rows.Select(row => row.AssetUrl));
        Assert.Equal([ReportRowState.Usable, ReportRowState.Failed], rows.Select(row => row.State));
    }

    [Theory]
    [InlineData(SeedanceTaskStatus.Processing, ReportRowState.Accepted)]
    [InlineData(SeedanceTaskStatus.Unknown, ReportRowState.Accepted)]
    [InlineData(SeedanceTaskStatus.Completed, ReportRowState.Accepted)]
    [InlineData(SeedanceTaskStatus.Failed, ReportRowState.Failed)]
    [InlineData(SeedanceTaskStatus.Cancelled, ReportRowState.Failed)]
    public void A_row_without_a_result_has_failed_where_its_task_has(SeedanceTaskStatus status, ReportRowState expected)
    {
        var task = s_task with { Status = status };
        var rows = ReportRows.From(task with { Assets = task.IsFinal ? [Asset(0, "a-1")] : [] }).ToList();
        Assert.Equal(expected, rows[1].State);
        Assert.Equal(task.IsFinal, rows[1].Error is not null);
    }

    [Fact]
    public void The_tasks_error_is_that_of_its_failed_rows_alone()
    {
        var task = s_task with { Status = SeedanceTaskStatus.Failed, Error = new TaskError("FaceMismatch", "Not the same face."), Assets = [Asset(0, "a-1"), Asset(1, "a-2", isUsable: false)] };
        var rows = ReportRows.From(task).ToList();
        Assert.Null(rows[0].Error);
        Assert.Equal("FaceMismatch: Not the same face.", rows[1].Error);
    }

    [Fact]
    public void A_result_that_no_row_is_known_of_leaves_open_rows_unknown()
    {
        var rows = ReportRows.From(s_task with { Assets = [Asset(0, "a-1"), Asset(-1, "a-x")] }).ToList();
        Assert.Equal([ReportRowState.Usable, ReportRowState.Unknown, ReportRowState.Usable], rows.Select(row => row.State));
        Assert.Equal(("asset://a-x", MatchedBy.None), (rows[2].AssetUrl, rows[2].MatchedBy));
    }

    [Fact]
    public void A_video_is_a_row_with_its_link()
    {
        var video = new SeedanceVideo { Url = "https://v.example/1.mp4?s=1", ExpiresAt = s_start.AddDays(1), ThumbnailUrl = "https://v.example/1.jpg?s=1" };
        var task = s_task with { Kind = TaskKind.Video, Sources = [s_task.Sources[0]], Videos = [video], Cost = 2.5m };
        var row = Assert.Single(ReportRows.From(task));
        Assert.Equal((ReportRowState.Usable, ReportRowType.GeneratedVideo, "one", 2.5m), (row.State, row.Type, row.Name, row.Cost));
        Assert.Equal((video.Url, video.ExpiresAt, video.ThumbnailUrl), (row.VideoUrl, row.VideoExpiresAt, row.Thumbnail?.Address));
        Assert.Null(Assert.Single(ReportRows.From(task, includeThumbnails: false)).Thumbnail);
    }

    [Fact]
    public void A_task_of_which_nothing_else_is_known_is_a_row()
    {
        var row = Assert.Single(ReportRows.From(new SeedanceTask { TaskId = "t9", Status = SeedanceTaskStatus.Failed, Error = new TaskError(null, "No.") }));
        Assert.Equal((ReportRowState.Failed, "t9", "No."), (row.State, row.TaskId, row.Error));
        Assert.Empty(ReportRows.From(new SeedanceTask { TaskId = "t8", Kind = TaskKind.IdentitySession, Status = SeedanceTaskStatus.Completed }));
    }

    [Fact]
    public void An_address_of_which_a_part_is_missing_or_secret_is_no_picture()
    {
        Assert.Equal("https://a.example/1.png?s=1", Picture(new AssetSource("https://a.example/1.png?s=1")));
        Assert.Null(Picture(new AssetSource("https://a.example/1.png") { IsUrlCut = true }));
        Assert.Null(Picture(new AssetSource("https://user:word@a.example/1.png")));
        Assert.Null(Picture(new AssetSource("https://a.example/1.mp4") { AssetType = AssetType.Video }));

        static string? Picture(AssetSource source) => Assert.Single(ReportRows.From(s_task with { Sources = [source] })).Thumbnail?.Address;
    }

    [Fact]
    public void A_time_that_runs_backwards_is_left_out() =>
        Assert.Null(ReportRows.From(s_task with { CompletedAt = s_start.AddSeconds(-1), Assets = [Asset(0, "a-1")] }).First().Duration);

    private static SeedanceAsset Asset(int row, string id, bool isUsable = true) => new()
    {
        AssetId = id,
        AssetUrl = $"asset://{id}",
        TaskId = "t1",
        IsUsable = isUsable,
        SourceIndex = row,
        Source = row < 0 ? null : s_task.Sources[row],
        MatchedBy = row < 0 ? MatchedBy.None : MatchedBy.Name,
    };
}
