namespace Seedance.Browser.Tests;

public sealed class KeyboardTests(Browser browser)
{
    [Fact]
    public async Task All_can_be_done_without_a_mouse()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, SampleRun.Rows(200));
        var keyboard = report.Page.Keyboard;

        await keyboard.PressAsync("Tab");
        await Expect(report.Page.GetByText("Skip to the rows")).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await Expect(report.Page.Locator("#rows")).ToBeFocusedAsync();

        // The first state, and back.
        await keyboard.PressAsync("Tab");
        await keyboard.PressAsync("Space");
        await Expect(report.Shown).ToHaveTextAsync("15 of 200 rows.");
        await keyboard.PressAsync("Space");
        await Expect(report.Shown).ToHaveTextAsync("All 200 rows.");

        for (var i = 0; i < 8; i++)
        {
            await keyboard.PressAsync("Tab");
        }

        await Expect(report.Page.GetByLabel("Search")).ToBeFocusedAsync();
        await keyboard.TypeAsync("SP-01");
        await Expect(report.Shown).ToHaveTextAsync("100 of 200 rows.");

        await keyboard.PressAsync("Tab");
        await Expect(report.Page.GetByLabel("Sort by")).ToBeFocusedAsync();
        await keyboard.TypeAsync("Row");
        await Expect(report.Tiles.First.Locator(".place")).ToContainTextAsync("Row 100 ·");

        await keyboard.PressAsync("Tab");
        await Expect(report.Tiles.First).ToBeFocusedAsync();
        await keyboard.PressAsync("Tab");
        await keyboard.PressAsync("Enter");
        await Expect(report.Tiles.First.Locator(".asset button")).ToHaveTextAsync("Copied");
    }

    [Fact]
    public async Task Page_keys_go_from_row_to_row_past_what_is_rendered()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, SampleRun.Rows(300));
        await report.Tiles.First.FocusAsync();
        for (var number = 2; number <= 130; number++)
        {
            await report.Page.Keyboard.PressAsync("PageDown");
        }

        var tile = report.Page.Locator(".tile[aria-posinset='130']");
        await Expect(tile).ToBeFocusedAsync();
        await Expect(tile).ToBeInViewportAsync();
        Assert.False(await report.Page.EvaluateAsync<bool>(
            "document.activeElement.getBoundingClientRect().top < document.querySelector('.toolbar').getBoundingClientRect().bottom"), "The toolbar covers the row.");

        await report.Page.Keyboard.PressAsync("PageUp");
        await Expect(report.Page.Locator(".tile[aria-posinset='129']")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_row_with_the_focus_stays_when_it_leaves_the_window()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, SampleRun.Rows(3000));
        await report.Page.EvaluateAsync("scrollTo(0, 8000)");
        var tile = report.Page.Locator(".chunk[data-number='1'] .tile").First;
        await tile.FocusAsync();
        await report.Page.EvaluateAsync("scrollTo(0, document.documentElement.scrollHeight)");

        await Expect(report.Page.Locator(".tile[aria-posinset='3000']")).ToBeVisibleAsync();
        await Expect(tile).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_keys_are_said_where_they_can_be_used()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, SampleRun.Rows(3));
        await Expect(report.Page.GetByText("Page Down and Page Up")).ToBeHiddenAsync();
        await report.Page.GetByLabel("Sort by").FocusAsync();
        await report.Page.Keyboard.PressAsync("Tab");
        await Expect(report.Page.GetByText("Page Down and Page Up")).ToBeVisibleAsync();
    }
}
