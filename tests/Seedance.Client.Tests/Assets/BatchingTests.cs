using System.Text.Json;

namespace Seedance.Client.Tests.Assets;

public sealed class BatchingTests
{
    private static readonly AvatarGroup s_cast = new() { Name = "cast" };

    [Fact]
    public void Rows_of_three_types_and_two_groups_go_in_requests_of_one_type_and_group_and_20_rows_at_most()
    {
        var bench = new ClientFixture();
        var types = Enum.GetValues<AssetType>();
        var rows = Enumerable.Range(0, 45).Select(i => new AssetSource($"https://example.com/{i}.png?signature={i}")
        {
            Name = $"row-{i}",
            AssetType = types[i % 3 == 0 ? 0 : i % 2 + 1],
            Group = new AvatarGroup { Name = i < 40 ? "cast" : "crowd" },
        }).ToArray();

        var (events, end) = bench.Submit(rows);

        Assert.Null(end);
        Assert.All(bench.Network.Sandbox.Submissions, submission => Assert.InRange(submission.Assets.Count, 1, 20));
        var arrived = bench.Network.Sandbox.Submissions
            .SelectMany(submission => submission.Assets.Select(asset => (submission.GroupName, submission.AssetType, asset.Url, asset.Name)));
        Assert.Equal(
            rows.Select(row => (row.Group?.Name, (string?)row.AssetType.ToString(), row.Address!, row.Name)).Order(),
            arrived.Order());
        Assert.Equal(6, bench.Network.Sandbox.Submissions.Count);
        Assert.Equal(45, Tasks(events).Sum(task => task.Sources.Count));
    }

    [Fact]
    public void A_full_batch_leaves_at_once_and_the_rest_at_the_end_in_the_order_of_the_rows()
    {
        var bench = new ClientFixture();
        bench.Submit(ClientFixture.Rows(45, s_cast), new SubmitOptions { ThrottleLimit = 1 });

        Assert.Equal([20, 20, 5], bench.Network.Sandbox.Submissions.Select(submission => submission.Assets.Count));
        Assert.Equal(
            ClientFixture.Rows(45).Select(row => row.Name),
            bench.Network.Sandbox.Submissions.SelectMany(submission => submission.Assets.Select(asset => asset.Name)));
    }

    [Fact]
    public void The_batch_size_is_kept()
    {
        var bench = new ClientFixture();
        bench.Submit(ClientFixture.Rows(7, s_cast), new SubmitOptions { BatchSize = 3 });

        Assert.Equal([1, 3, 3], bench.Network.Sandbox.Submissions.Select(submission => submission.Assets.Count).Order());
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(21, 4)]
    [InlineData(20, 0)]
    public void A_size_that_no_request_may_have_is_turned_down_before_anything_is_sent(int batchSize, int throttle)
    {
        var bench = new ClientFixture();
        var (_, end) = bench.Submit(ClientFixture.Rows(1), new SubmitOptions { BatchSize = batchSize, ThrottleLimit = throttle });

        Assert.IsType<ArgumentOutOfRangeException>(end);
        Assert.Empty(bench.Network.Calls);
    }

    [Fact]
    public void Rows_of_two_projects_do_not_share_a_request()
    {
        var bench = new ClientFixture();
        bench.Submit([.. ClientFixture.Rows(2, s_cast), .. ClientFixture.Rows(2, s_cast, prefix: "b").Select(row => row with { ProjectName = "spring" })]);

        Assert.Equal(["default", "spring"], bench.Network.Sandbox.Submissions.Select(submission => submission.ProjectName).Order());
    }

    [Fact]
    public void Rows_without_a_group_go_to_the_runs_group_or_to_one_of_their_own_named_by_the_time()
    {
        var bench = new ClientFixture();
        bench.Submit(ClientFixture.Rows(25));
        bench.Submit(ClientFixture.Rows(2), new SubmitOptions { Group = s_cast });

        Assert.Equal(["seedance-20260101-000000", "seedance-20260101-000000", "cast"], bench.Network.Sandbox.Submissions.Select(submission => submission.GroupName));
    }

    [Fact]
    public void An_empty_input_sends_nothing_and_is_no_error()
    {
        var bench = new ClientFixture();
        var (events, end) = bench.Submit([]);

        Assert.Null(end);
        Assert.Empty(events);
        Assert.Empty(bench.Network.Calls);
    }

    [Fact]
    public void A_row_that_repeats_another_is_sent_once_with_one_notice()
    {
        var bench = new ClientFixture();
        var row = ClientFixture.Rows(1, s_cast)[0];
        var (events, _) = bench.Submit([row, row with { Row = 2, Name = "again" }, row with { AssetType = AssetType.Video }, row with { ProjectName = "spring" }]);

        var notice = Assert.Single(events.OfType<SubmitWarning>());
        Assert.Contains("row 2 (again)", notice.Message, StringComparison.Ordinal);
        Assert.Equal(3, bench.Network.Sandbox.Tally.RowsAccepted);
        Assert.Equal(0, bench.Network.Sandbox.Tally.DuplicateRows);
    }

    [Fact]
    public void Addresses_that_differ_in_their_query_alone_are_two_rows()
    {
        var bench = new ClientFixture();
        bench.Submit([new AssetSource("https://example.com/a?id=1"), new AssetSource("https://example.com/a?id=2")]);

        Assert.Equal(2, bench.Network.Sandbox.Tally.RowsAccepted);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void No_more_requests_are_under_way_than_allowed_and_no_fewer_than_there_is_work_for(int limit)
    {
        var bench = new ClientFixture();
        bench.Submit(ClientFixture.Rows(200, new AvatarGroup { GroupId = Existing(bench) }), new SubmitOptions { BatchSize = 10, ThrottleLimit = limit });

        Assert.Equal(limit, bench.Network.MostAtOnce);
        Assert.Equal(20, bench.Network.Posts.Count());
    }

    [Fact]
    public void Rows_are_read_only_as_fast_as_they_leave()
    {
        var bench = new ClientFixture();
        bench.Network.Hangs = _ => true;
        var read = 0;
        using var stop = new CancellationTokenSource();
        var running = bench.Time.Begin(() => bench.SubmitAsync([], ClientFixture.Rows(10_000, s_cast).Select(row => { read++; return row; }), null, stop.Token));
        bench.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.InRange(read, 80, 1_000);
        stop.Cancel();
        bench.Time.Finish(running);
    }

    [Fact]
    public void An_accepted_task_carries_its_rows_group_project_and_type()
    {
        var bench = new ClientFixture();
        var (events, _) = bench.Submit(ClientFixture.Rows(2, s_cast with { Description = "who" }, AssetType.Video).Select(row => row with { ProjectName = "spring" }));

        var task = Assert.Single(Tasks(events));
        Assert.Equal((TaskKind.Asset, "cast", "spring", AssetType.Video, false), (task.Kind, task.Group!.Name, task.ProjectName, task.AssetType, task.IsFinal));
        Assert.Equal(["a-1", "a-2"], task.Sources.Select(source => source.Name));
        Assert.NotNull(task.GroupId);
        var sent = JsonDocument.Parse(bench.Network.Sandbox.Submissions[0].Body).RootElement;
        Assert.Equal("who", sent.GetProperty("group").GetProperty("description").GetString());
    }

    private static IEnumerable<SeedanceTask> Tasks(List<SubmitEvent> events) => events.OfType<TaskAccepted>().Select(accepted => accepted.Task);

    private static string Existing(ClientFixture bench)
    {
        bench.Network.Sandbox.AddGroup("group_old", "old");
        return "group_old";
    }
}
