using Microsoft.Playwright;

namespace Seedance.Browser.Tests;

public sealed class PrintTests(Browser browser)
{
    [Fact]
    public async Task All_rows_that_are_shown_are_printed_and_the_controls_are_not()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, SampleRun.Rows(900));
        await report.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await report.Page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
        await Expect(report.Tiles).ToHaveCountAsync(900);
        await Expect(report.Page.GetByLabel("Search")).ToBeHiddenAsync();
        await Expect(report.Tiles.First.Locator("button")).ToBeHiddenAsync();

        await report.Page.EvaluateAsync("dispatchEvent(new Event('afterprint'))");
        Assert.InRange(await report.Tiles.CountAsync(), 1, 400);
    }

    [Fact]
    public async Task A_print_of_very_many_rows_says_where_it_ends()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, SampleRun.Rows(6000));
        await report.Page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
        await Expect(report.Tiles).ToHaveCountAsync(5040);
        await Expect(report.Page.GetByText("Printed are the first 5,040 of 6,000 rows.")).ToHaveCountAsync(1);
    }
}
