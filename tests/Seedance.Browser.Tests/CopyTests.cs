namespace Seedance.Browser.Tests;

public sealed class CopyTests(Browser browser)
{
    private static readonly ReportRow s_row = new() { State = ReportRowState.Usable, Name = "Ann", AssetUrl = "asset://asset-1-a" };

    [Fact]
    public async Task An_asset_address_is_copied()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, [s_row]);
        await report.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Copy the asset address of Ann" }).ClickAsync();

        await Expect(report.Tile("Ann").Locator(".asset button")).ToHaveTextAsync("Copied");
        await Expect(report.Page.Locator("#announcement")).ToHaveTextAsync("Copied asset://asset-1-a");
        Assert.Equal("asset://asset-1-a", await ClipboardAsync(report));
        await report.ElapseAsync();
        await Expect(report.Tile("Ann").Locator(".asset button")).ToHaveTextAsync("Copy");
    }

    [Fact]
    public async Task The_command_is_copied_as_it_is()
    {
        const string Command = "Import-Csv './a & b.csv' |\n  Submit-SeedanceAsset -Group \"<Ann's>\" -Resume";
        await using var report = await browser.OpenAsync(SampleRun.Head with { NextCommand = Command }, [s_row]);
        await report.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Copy the command" }).ClickAsync();

        await Expect(report.Page.Locator("#copy-command")).ToHaveTextAsync("Copied");
        Assert.Equal(Command, await ClipboardAsync(report));
    }

    [Fact]
    public async Task Where_the_clipboard_is_closed_the_older_way_is_taken()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, [s_row]);
        await report.Page.EvaluateAsync("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('closed')); }");
        await report.Page.Locator(".asset button").ClickAsync();

        await Expect(report.Page.Locator(".asset button")).ToHaveTextAsync("Copied");
        await Expect(report.Page.Locator(".asset button")).ToBeFocusedAsync();
        Assert.Equal("asset://asset-1-a", await ClipboardAsync(report));
    }

    [Fact]
    public async Task What_could_not_be_copied_is_said()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, [s_row]);
        await report.Page.EvaluateAsync("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('closed')); document.execCommand = () => false; }");
        await report.Page.Locator(".asset button").ClickAsync();
        await Expect(report.Page.Locator(".asset button")).ToHaveTextAsync("Not copied");
    }

    private static Task<string> ClipboardAsync(OpenReport report) => report.Page.EvaluateAsync<string>("navigator.clipboard.readText()");
}
