using System.Text;

namespace Seedance.Browser.Tests;

public sealed class FileTests(Browser browser)
{
    private static readonly ReportRow[] s_rows =
    [
        new() { State = ReportRowState.Usable, Row = 4, Name = "Zoë \"Z\" 😀", AssetUrl = "asset://a-4", MatchedBy = MatchedBy.Name, KeptColumns = [new("Team", "a,b"), new("name", "x")] },
        new() { State = ReportRowState.Failed, Row = 3, RowId = "r3", Name = "=HYPERLINK(\"http://evil\")", Error = "line 1\r\n+line 2", Tries = 2, Duration = TimeSpan.FromSeconds(1.5) },
        new() { State = ReportRowState.Invalid, Row = 2, Name = " @SUM(1)", Error = "-1;=2", Advice = "a - b", KeptColumns = [new("=Team", "+49 30"), new("Team", "＝1")] },
        new() { State = ReportRowState.NotAccepted, Row = 1, Name = "\t=1", TaskId = "task_1" },
        new() { State = ReportRowState.Unknown, Row = 5, Name = "unknown" },
        new() { State = ReportRowState.Accepted, Row = 6, Name = "accepted" },
        new() { State = ReportRowState.UnderWayElsewhere, Row = 8, Name = "elsewhere" },
        new()
        {
            State = ReportRowState.Usable, Type = ReportRowType.GeneratedVideo, Row = 7, Name = "video", TaskId = "task_7", VideoUrl = "https://v.example/7.mp4?a=1&b=2",
            VideoExpiresAt = new DateTimeOffset(2027, 3, 15, 1, 2, 3, TimeSpan.FromHours(2)), Cost = 0.08584m,
        },
    ];

    [Fact]
    public async Task Failed_rows_are_saved_byte_for_byte()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, s_rows);
        Assert.Equal(
            """
            Row,RowId,Name,Type,State,Error,Advice,TaskId,Tries,Seconds,'=Team,Team
            1,,"	'=1",Image,NotAccepted,,,task_1,,,,
            2,, '@SUM(1),Image,Invalid,"'-1;'=2",a - b,,,,'+49 30,'＝1
            3,r3,"'=HYPERLINK(""http://evil"")",Image,Failed,"line 1␍
            '+line 2",,,2,1.5,,
            5,,unknown,Image,Unknown,,,,,,,

            """,
            await SaveAsync(report, "failed.csv", "failed.csv 4 rows"));
    }

    [Fact]
    public async Task Usable_rows_are_saved_byte_for_byte()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, s_rows);
        Assert.Equal(
            """
            Row,RowId,Name,Type,AssetUrl,MatchedBy,TaskId,VideoUrl,VideoExpiresAt,Cost,Team,name (2)
            4,,"Zoë ""Z"" 😀",Image,asset://a-4,Name,,,,,"a,b",x
            7,,video,GeneratedVideo,,,task_7,https://v.example/7.mp4?a=1&b=2,2027-03-15T01:02:03.0000000+02:00,0.08584,,

            """,
            await SaveAsync(report, "usable.csv", "usable.csv 2 rows"));
    }

    [Fact]
    public async Task What_is_shown_does_not_change_what_is_saved()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, s_rows);
        await report.Page.GetByLabel("Search").FillAsync("video");
        await Expect(report.Tiles).ToHaveCountAsync(1);
        Assert.Contains("SUM(1)", await SaveAsync(report, "failed.csv", "failed.csv 4 rows"));
    }

    [Fact]
    public async Task The_page_says_what_is_done_about_formulas()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, s_rows);
        await Expect(report.Page.Locator("#files-note")).ToHaveTextAsync(
            "In these files an apostrophe (') stands before what a spreadsheet would take for a formula. Rows without a result are in neither.");
    }

    [Fact]
    public async Task A_file_without_rows_is_not_offered()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, [s_rows[0]]);
        await Expect(report.Page.Locator("#save-failed")).ToBeHiddenAsync();
        await Expect(report.Page.Locator("#save-usable")).ToHaveTextAsync("usable.csv 1 row");
    }

    // The text of a saved file, with its line ends as the tests have theirs; a carriage return inside a cell shows as a sign.
    private static async Task<string> SaveAsync(OpenReport report, string name, string button)
    {
        var download = await report.Page.RunAndWaitForDownloadAsync(() => report.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync());
        Assert.Equal(name, download.SuggestedFilename);
        var bytes = await File.ReadAllBytesAsync(await download.PathAsync());
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        var text = Encoding.UTF8.GetString(bytes[3..]);
        Assert.EndsWith("\r\n", text);
        return text.Replace("line 1\r\n", "line 1␍\n", StringComparison.Ordinal).Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
