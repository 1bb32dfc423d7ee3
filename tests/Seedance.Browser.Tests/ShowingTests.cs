using Microsoft.Playwright;

namespace Seedance.Browser.Tests;

public sealed class ShowingTests(Browser browser)
{
    [Fact]
    public async Task What_failed_comes_first_and_then_each_row_in_its_place()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, SampleRun.Rows(40).Reverse());

        var badges = await report.Page.Locator(".tile .badge").AllTextContentsAsync();
        Assert.Equal(
            ["Failed", "Invalid", "Not accepted", "Outcome unknown", "Under way elsewhere", "In progress", "Accepted earlier", "Usable"], badges.Distinct());
        Assert.Equal(badges, badges.OrderBy(badge => badges.ToList().IndexOf(badge)));
        await Expect(report.Tiles.Nth(0).Locator(".place")).ToContainTextAsync("Row 3 ·");
        await Expect(report.Tiles.Nth(1).Locator(".place")).ToContainTextAsync("Row 22 ·");
        await Expect(report.Page.Locator("#verdict")).ToHaveTextAsync("30 of 40 rows are usable.");
        await Expect(report.Shown).ToHaveTextAsync("All 40 rows.");
    }

    [Fact]
    public async Task States_can_be_picked_and_let_go()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, SampleRun.Rows(40));

        await State(report, "Failed").ClickAsync();
        await Expect(report.Tiles).ToHaveCountAsync(3);
        await Expect(report.Shown).ToHaveTextAsync("3 of 40 rows.");
        await Expect(State(report, "Failed")).ToHaveAttributeAsync("aria-pressed", "true");

        await State(report, "In progress").ClickAsync();
        await Expect(report.Tiles).ToHaveCountAsync(5);
        await State(report, "Failed").ClickAsync();
        await Expect(report.Tiles).ToHaveCountAsync(2);
        await State(report, "In progress").ClickAsync();
        await Expect(report.Tiles).ToHaveCountAsync(40);
    }

    [Fact]
    public async Task Words_are_searched_in_all_that_a_row_says()
    {
        (string Words, int Found)[] searches =
        [
            ("SP-0017", 1), ("sp-001", 10), ("casting", 10), ("李雨桐", 3), ("DVOŘÁK", 2), ("ＳＰ－００１７", 1), ("celebrity person", 2), ("celebrity voices", 1),
            ("agreed to it", 2), ("not accepted", 1), ("asset-20270314000002", 1), ("  ", 40), ("no such thing", 0), (string.Empty, 40),
        ];
        await using var report = await browser.OpenAsync(SampleRun.Head, SampleRun.Rows(40));

        foreach (var (words, found) in searches)
        {
            await report.Page.GetByLabel("Search").FillAsync(words);
            await Expect(report.Shown).ToHaveTextAsync(found == 40 ? "All 40 rows." : $"{found} of 40 rows.");
            await Expect(report.Tiles).ToHaveCountAsync(found);
            await Expect(report.Page.Locator("#nothing")).ToBeVisibleAsync(new() { Visible = found == 0 });
        }
    }

    [Fact]
    public async Task Rows_can_be_sorted()
    {
        ReportRow[] rows =
        [
            new() { State = ReportRowState.Usable, Row = 2, Name = "B 10", Tries = 2, Cost = 0.3m, Duration = TimeSpan.Zero },
            new() { State = ReportRowState.Failed, Row = 3, Name = "a", Tries = 2, Duration = TimeSpan.FromSeconds(61), Cost = 0m },
            new() { State = ReportRowState.Usable, Row = 1, Name = "b 2", Tries = 3, Cost = 0.21m, Duration = TimeSpan.FromSeconds(60.9) },
            new() { State = ReportRowState.Usable, Duration = TimeSpan.FromSeconds(10) },
        ];
        (string Order, string[] Names)[] orders =
        [
            ("Row number", ["b 2", "B 10", "a", "Row without a name"]),
            ("Name", ["a", "b 2", "B 10", "Row without a name"]),
            ("Longest first", ["a", "b 2", "Row without a name", "B 10"]),
            ("Most tries first", ["b 2", "B 10", "a", "Row without a name"]),
            ("Highest cost first", ["B 10", "b 2", "a", "Row without a name"]),
            ("What failed first", ["a", "b 2", "B 10", "Row without a name"]),
        ];
        await using var report = await browser.OpenAsync(SampleRun.Head, rows);

        foreach (var (order, names) in orders)
        {
            await report.Page.GetByLabel("Sort by").SelectOptionAsync(order);
            Assert.Equal(names, await report.NamesAsync());
        }
    }

    [Fact]
    public async Task Orders_that_would_change_nothing_are_not_offered()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, [new ReportRow { State = ReportRowState.Usable, Name = "a" }]);
        Assert.Equal(["What failed first", "Name"], await report.Page.Locator("#sort option").AllTextContentsAsync());
    }

    [Fact]
    public async Task A_tile_says_all_that_is_known_of_its_row()
    {
        var row = new ReportRow
        {
            State = ReportRowState.Failed,
            Type = ReportRowType.Video,
            Row = 1234,
            RowId = "A-17",
            Name = "Walk",
            KeptColumns = [new("2", "second"), new("1", "first"), new("Empty", null)],
            AssetUrl = "asset://a-1",
            MatchedBy = MatchedBy.Position,
            TaskId = "task_1",
            Tries = 3,
            Duration = TimeSpan.FromSeconds(3725),
            Error = "FaceMismatch: Not the same face.",
            Advice = "Film it again.",
            Cost = 0.5m,
        };
        await using var report = await browser.OpenAsync(SampleRun.Head, [row]);

        var tile = report.Tile("Walk");
        await Expect(tile.Locator(".badge")).ToHaveTextAsync("Failed");
        await Expect(tile.Locator(".place")).ToHaveTextAsync("Row 1,234 · A-17 · clip");
        await Expect(tile.Locator(".error")).ToHaveTextAsync("FaceMismatch: Not the same face.");
        await Expect(tile.Locator(".advice")).ToHaveTextAsync("Film it again.");
        await Expect(tile.Locator(".asset code")).ToHaveTextAsync("asset://a-1");
        Assert.Equal(["2second", "1first", "Empty–"], await tile.Locator(".columns > div").AllTextContentsAsync());
        await Expect(tile.Locator(".meta")).ToHaveTextAsync("matched by position, which is a guess · 3 tries · 1 h 2 min · $0.50 · task task_1");
    }

    [Fact]
    public async Task A_tile_leaves_out_what_is_not_known()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, [new ReportRow { State = ReportRowState.Accepted }]);
        Assert.Equal("In progress Row without a name picture", string.Join(' ', (await report.Tiles.InnerTextAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public async Task Many_columns_and_long_texts_are_folded()
    {
        var row = new ReportRow
        {
            State = ReportRowState.Failed,
            Name = "much",
            Error = new string('e', 5000),
            KeptColumns = [.. Enumerable.Range(1, 20).Select(number => KeyValuePair.Create($"c{number}", (string?)$"value {number}"))],
        };
        await using var report = await browser.OpenAsync(SampleRun.Head, [row]);

        await Expect(report.Page.GetByText("value 6")).ToBeVisibleAsync();
        await Expect(report.Page.GetByText("value 20")).ToBeHiddenAsync();
        await report.Page.GetByText("14 more").ClickAsync();
        await Expect(report.Page.GetByText("value 20")).ToBeVisibleAsync();
        Assert.True((await report.Page.Locator(".error").BoundingBoxAsync())!.Height < 200);
    }

    [Fact]
    public async Task Of_many_rows_only_those_near_the_window_are_in_the_page()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, SampleRun.Rows(5000));
        await Expect(report.Shown).ToHaveTextAsync("All 5,000 rows.");
        Assert.InRange(await report.Tiles.CountAsync(), 1, 400);

        await report.Page.EvaluateAsync("scrollTo(0, document.documentElement.scrollHeight)");
        await Expect(report.Page.Locator(".tile[aria-posinset='5000']")).ToBeVisibleAsync();
        await Expect(report.Page.Locator(".tile[aria-posinset='2500']")).ToHaveCountAsync(0);
        Assert.InRange(await report.Tiles.CountAsync(), 1, 400);

        await report.Page.GetByLabel("Search").FillAsync("SP-2500");
        await Expect(report.Tiles).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_run_with_more_rows_than_are_listed_says_so()
    {
        var head = SampleRun.Head with { Counts = new Dictionary<ReportRowState, long> { [ReportRowState.Usable] = 1, [ReportRowState.Invalid] = 99 } };
        await using var report = await browser.OpenAsync(head, [new ReportRow { State = ReportRowState.Usable }]);

        await Expect(report.Page.Locator("#verdict")).ToHaveTextAsync("1 of 100 rows is usable.");
        await Expect(report.Page.Locator("footer")).ToContainTextAsync("This page lists 1 of the run's 100 rows.");
        await Expect(report.Page.Locator("#bar > *")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task A_report_of_nothing_says_so()
    {
        await using var report = await browser.OpenAsync(new ReportHead { Title = "Nothing" }, []);
        await Expect(report.Page.Locator("#verdict")).ToHaveTextAsync("There are no rows.");
        await Expect(report.Page.Locator("#rows")).ToBeHiddenAsync();
        await Expect(report.Page.GetByText("To go on")).ToBeHiddenAsync();
        await Expect(report.Page.Locator("#files")).ToBeHiddenAsync();
    }

    private static ILocator State(OpenReport report, string word) => report.Page.Locator("#states button").Filter(new() { HasText = word });
}
