namespace Seedance.Browser.Tests;

public sealed class RowsWithoutTaskTests(Browser browser)
{
    private const string Hostile = "\"><img src=x onerror=\"window.hacked = 1\"></script><script>window.hacked = 1</script>\u202E=1+1";

    public static TheoryData<ReportRowState, string> States => new()
    {
        { ReportRowState.Invalid, "Invalid" },
        { ReportRowState.NotAccepted, "Not accepted" },
        { ReportRowState.Unknown, "Outcome unknown" },
        { ReportRowState.UnderWayElsewhere, "Under way elsewhere" },
    };

    [Theory]
    [MemberData(nameof(States))]
    public async Task A_tile_says_what_became_of_the_row_why_and_what_to_do(ReportRowState state, string word)
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, [Row(state, Hostile)]);
        var tile = report.Tiles.First;
        Assert.Equal(word, await tile.Locator(".badge").TextContentAsync());
        Assert.Equal(Hostile, await tile.Locator(".name").TextContentAsync());
        Assert.Equal(Hostile, await tile.Locator(".error").TextContentAsync());
        Assert.Equal(Hostile, await tile.Locator(".advice").TextContentAsync());
        Assert.Equal([Hostile, Hostile], [await tile.Locator(".columns dt").TextContentAsync(), await tile.Locator(".columns dd").TextContentAsync()]);
        await Expect(tile.Locator("button")).ToHaveCountAsync(0);
        await Expect(tile.Locator(".thumbnail svg")).ToHaveCountAsync(1);
        await Expect(tile.Locator("img")).ToHaveCountAsync(0);
        Assert.Null(await report.Page.EvaluateAsync<int?>("window.hacked"));
        Assert.Empty(report.Requests);
    }

    [Fact]
    public async Task The_head_counts_what_is_shown_and_the_file_of_what_failed_leaves_out_what_another_run_has()
    {
        ReportRow[] rows = [.. States.Select(state => Row(state.Data.Item1, $"row {state.Data.Item2}")), new() { State = ReportRowState.Usable, Name = "good" }];
        await using var report = await browser.OpenAsync(SampleRun.Head, rows);
        Assert.Equal("1 of 5 rows is usable.", await report.Page.Locator("#verdict").TextContentAsync());
        Assert.Equal(
            ["Invalid 1", "Not accepted 1", "Outcome unknown 1", "Under way elsewhere 1", "Usable 1"],
            await report.Page.Locator("#states button").AllTextContentsAsync());
        await Expect(report.Page.Locator("#notes")).Not.ToContainTextAsync("This page lists");

        var download = await report.Page.RunAndWaitForDownloadAsync(() => report.Page.Locator("#save-failed").ClickAsync());
        var lines = await File.ReadAllLinesAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Equal(["row Invalid", "row Not accepted", "row Outcome unknown"], lines.Skip(1).Select(line => line.Split(',')[2]));
    }

    [Fact]
    public async Task A_tile_says_how_often_the_row_was_sent()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, [Row(ReportRowState.NotAccepted, "a") with { Tries = 3 }, Row(ReportRowState.Unknown, "b") with { Tries = 1 }]);
        Assert.Equal("3 tries", await report.Tile("a").Locator(".meta").TextContentAsync());
        Assert.Equal("1 try", await report.Tile("b").Locator(".meta").TextContentAsync());
    }

    private static ReportRow Row(ReportRowState state, string text) => new() { State = state, Name = text, Error = text, Advice = text, KeptColumns = [new(text, text)] };
}
