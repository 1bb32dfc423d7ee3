using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Seedance.Browser.Tests;

public sealed class AccessibilityTests(Browser browser)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 360)]
    public async Task The_audit_finds_nothing(ColorScheme colours, int width)
    {
        await using var report = await browser.OpenAsync(
            SampleRun.Head, SampleRun.Rows(40), new() { ColorScheme = colours, ViewportSize = new() { Width = width, Height = 900 } });
        await AuditAsync(report);

        await report.Page.EvaluateAsync("document.querySelectorAll('#states button').forEach(button => button.click())");
        await report.Page.GetByLabel("Search").FillAsync("SP-003");
        await Expect(report.Tiles).ToHaveCountAsync(10);
        await AuditAsync(report);
        await report.Page.GetByLabel("Search").FillAsync("no such thing");
        await Expect(report.Page.Locator("#nothing")).ToBeVisibleAsync();
        await AuditAsync(report);
    }

    [Fact]
    public async Task A_row_is_announced_by_name_and_state_and_its_place_among_all()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, SampleRun.Rows(200));
        var row = report.Page.GetByRole(AriaRole.Article, new() { Name = "Noor al-Haddad 3 Failed" });
        await Expect(row).ToHaveAttributeAsync("aria-posinset", "1");
        await Expect(row).ToHaveAttributeAsync("aria-setsize", "200");
        await Expect(report.Page.GetByRole(AriaRole.Feed, new() { Name = "Rows" })).ToBeVisibleAsync();
        await Expect(report.Page.GetByRole(AriaRole.Search)).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(320)]
    [InlineData(390)]
    [InlineData(768)]
    [InlineData(1920)]
    public async Task Nothing_stands_out_at_the_side(int width)
    {
        var row = new ReportRow
        {
            State = ReportRowState.Failed, Name = new string('N', 500), RowId = new string('i', 200), AssetUrl = "asset://" + new string('a', 200), Error = new string('e', 399),
            KeptColumns = [new(new string('c', 100), new string('v', 399))],
        };
        await using var report = await browser.OpenAsync(
            SampleRun.Head with { Title = new string('T', 200), GroupId = new string('g', 200), NextCommand = new string('x', 500) }, [row, .. SampleRun.Rows(40)],
            new() { ViewportSize = new() { Width = width, Height = 800 } });
        Assert.Equal(width, await report.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [Fact]
    public async Task Without_scripts_the_head_and_the_states_can_be_read()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, SampleRun.Rows(1200), new() { JavaScriptEnabled = false });
        await Expect(report.Page.Locator("h1")).ToHaveTextAsync("Spring campaign, faces");
        await Expect(report.Page.Locator(".facts")).ToContainTextAsync("studio-berlin");
        await Expect(report.Page.Locator("#command")).ToContainTextAsync("-RetryFailed");
        await Expect(report.Page.Locator("noscript tr").First).ToHaveTextAsync("Failed90");
        await Expect(report.Page.Locator("noscript tr").Last).ToHaveTextAsync("Usable900");
        await Expect(report.Page.Locator("#rows")).ToBeHiddenAsync();

        // A search by text passes over what stands in noscript.
        await Expect(report.Page.Locator("noscript p")).ToContainTextAsync("scripts are switched off");
        await Expect(report.Page.Locator("noscript p")).ToBeVisibleAsync();
    }

    private static async Task AuditAsync(OpenReport report)
    {
        var result = await report.Page.RunAxe();
        Assert.True(result.Passes.Length > 10, "The audit has not looked.");
        Assert.Empty(result.Violations.Select(violation => $"{violation.Impact} {violation.Id}: {string.Join(", ", violation.Nodes.Take(5).Select(node => node.Html))}"));
    }
}
