namespace Seedance.Browser.Tests;

public sealed class HostileTextTests(Browser browser)
{
    public static TheoryData<string> Texts =>
    [
        "<script>window.hacked = 1</script>",
        "</script><script>window.hacked = 1</script>",
        "<!--<script>",
        "</template></noscript></svg><img src=x onerror=\"window.hacked = 1\">",
        "\" onfocus=\"window.hacked = 1\" autofocus x=\"",
        "'];window.hacked = 1;//",
        "{{rows}} {{script}} ${1} $& \\u003cb>",
        "&lt;b&gt;&amp;amp;",
        "line\u2028separator\u2029paragraph",
        "__proto__",
        "constructor",
        string.Concat(Enumerable.Repeat("👩🏽‍🚀", 16)) + string.Concat(Enumerable.Repeat("😀", 48)),
        "=cmd|' /C calc'!A0",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Text_stays_text_wherever_it_stands(string text)
    {
        var head = SampleRun.Head with { Title = text, AccountName = text, RunName = text, RunId = text, GroupName = text, GroupId = text, NextCommand = text };
        var row = new ReportRow
        {
            State = ReportRowState.Failed, RowId = text, Name = text, AssetUrl = text, TaskId = text, Error = text, Advice = text, VideoUrl = text, KeptColumns = [new(text, text)],
        };
        await using var report = await browser.OpenAsync(head, [row]);

        Assert.Equal(text, await report.Page.Locator("h1").TextContentAsync());
        Assert.Equal(text, await report.Page.Locator("#command").TextContentAsync());
        foreach (var place in new[] { ".name", ".error", ".advice", ".asset code", ".columns dt", ".columns dd" })
        {
            Assert.Equal(text, await report.Page.Locator($".tile {place}").TextContentAsync());
        }

        Assert.Null(await report.Page.EvaluateAsync<object?>("window.hacked ?? null"));
        Assert.Empty(report.Requests);
        await report.Page.GetByLabel("Search").FillAsync(text);
        await Expect(report.Tiles).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_name_that_turns_the_writing_round_turns_nothing_but_itself()
    {
        ReportRow[] rows = [new() { State = ReportRowState.Usable, Row = 1, RowId = "\u202Eevil", Name = "\u202Egpj.exe", KeptColumns = [new("\u202Ecolumn", "\u202Evalue")] }];
        await using var report = await browser.OpenAsync(SampleRun.Head with { AccountName = "\u202Eaccount" }, rows);

        foreach (var place in new[] { ".name", ".place bdi", ".columns dt", ".columns dd", ".facts bdi" })
        {
            Assert.Contains("isolate", await report.Page.Locator(place).First.EvaluateAsync<string>("element => getComputedStyle(element).unicodeBidi"));
        }
    }

    [Theory]
    [InlineData("javascript:window.hacked=1")]
    [InlineData("data:text/html,<script>1</script>")]
    [InlineData("file:///etc/passwd")]
    [InlineData("not an address")]
    public async Task Only_web_addresses_become_links_and_pictures(string address)
    {
        Assert.Null(ReportThumbnail.FromAddress(address));
        await using var report = await browser.OpenAsync(SampleRun.Head, [new ReportRow { State = ReportRowState.Usable, VideoUrl = address }]);
        await Expect(report.Page.Locator(".tile a")).ToHaveCountAsync(0);
    }
}
