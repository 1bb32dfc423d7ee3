namespace Seedance.Browser.Tests;

public sealed class NetworkTests(Browser browser)
{
    private static ReportRow[] Rows(int count) =>
        [.. Enumerable.Range(1, count).Select(number => new ReportRow { State = ReportRowState.Usable, Row = number, Name = $"row {number}", Thumbnail = Picture(number) })];

    [Fact]
    public async Task Nothing_is_asked_for_but_pictures_as_they_come_near()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, Rows(3000));
        await Expect(report.Page.Locator(".thumbnail img")).Not.ToHaveCountAsync(0);
        await report.Page.EvaluateAsync("Promise.all([...document.images].map(image => image.decode()))");

        Assert.All(report.Requests, address => Assert.StartsWith(OpenReport.PictureHost, address, StringComparison.Ordinal));
        Assert.Contains(Picture(1)!.Address, report.Requests);
        Assert.DoesNotContain(Picture(3000)!.Address, report.Requests);
    }

    [Fact]
    public async Task A_picture_that_cannot_be_loaded_gives_way_to_a_sign()
    {
        await using var report = await browser.OpenAsync(
            SampleRun.Head, [new ReportRow { State = ReportRowState.Usable, Type = ReportRowType.Video, Thumbnail = ReportThumbnail.FromAddress("https://gone.example/1.jpg") }]);
        await Expect(report.Page.Locator(".thumbnail use")).ToHaveAttributeAsync("href", "#sign-Video");
        await Expect(report.Page.Locator(".thumbnail img")).ToHaveCountAsync(0);
        report.Allow("net::ERR_FAILED");
    }

    [Fact]
    public async Task Without_thumbnails_nothing_at_all_is_asked_for()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head with { IncludeThumbnails = false }, Rows(10));
        await Expect(report.Page.Locator(".thumbnail .sign")).ToHaveCountAsync(10);
        await report.Page.EvaluateAsync($"new Promise(done => {{ const image = new Image(); image.onerror = done; image.src = '{OpenReport.PictureHost}other.png'; }})");
        Assert.Empty(report.Requests);
        report.Allow("Content Security Policy");
    }

    [Fact]
    public async Task The_policy_keeps_out_whatever_is_not_of_the_page()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, Rows(1));
        await report.Page.EvaluateAsync(
            """
            async () => {
              const script = document.createElement('script');
              script.textContent = 'window.hacked = 1';
              document.body.append(script);
              document.body.insertAdjacentHTML('beforeend', '<p id="styled" style="color: red" onclick="window.hacked = 1">x</p><iframe src="https://frame.example/"></iframe>');
              document.getElementById('styled').click();
              await fetch('https://fetch.example/').catch(() => {});
            }
            """);
        Assert.Null(await report.Page.EvaluateAsync<object?>("window.hacked ?? null"));
        Assert.NotEqual("rgb(255, 0, 0)", await report.Page.Locator("#styled").EvaluateAsync<string>("element => getComputedStyle(element).color"));
        Assert.All(report.Requests, address => Assert.StartsWith(OpenReport.PictureHost, address, StringComparison.Ordinal));
        report.Allow("Content Security Policy");
    }

    [Fact]
    public async Task A_video_is_linked_while_its_link_lives()
    {
        ReportRow[] rows =
        [
            new() { State = ReportRowState.Usable, Type = ReportRowType.GeneratedVideo, Name = "ends", VideoUrl = "https://v.example/1.mp4", VideoExpiresAt = SampleRun.Start },
            new() { State = ReportRowState.Usable, Type = ReportRowType.GeneratedVideo, Name = "stays", VideoUrl = "https://v.example/2.mp4?signature=1&x=<", VideoExpiresAt = SampleRun.Start.AddYears(70) },
            new() { State = ReportRowState.Usable, Type = ReportRowType.GeneratedVideo, Name = "unsaid", VideoUrl = "https://v.example/3.mp4" },
        ];
        await using var before = await browser.OpenAsync(SampleRun.Head, rows);
        await before.Page.Clock.SetFixedTimeAsync(SampleRun.Start.AddSeconds(-1).UtcDateTime);
        await before.Page.ReloadAsync();
        await Expect(before.Tile("ends").Locator(".video")).ToHaveTextAsync("Open the video until 14 March 2027 at 21:03 CET");

        await before.Page.Clock.SetFixedTimeAsync(SampleRun.Start.AddSeconds(1).UtcDateTime);
        await before.Page.ReloadAsync();
        await Expect(before.Tile("ends").Locator(".video")).ToHaveTextAsync("The link ended on 14 March 2027 at 21:03 CET.");
        await Expect(before.Tile("ends").Locator("a")).ToHaveCountAsync(0);
        await Expect(before.Tile("stays").Locator("a")).ToHaveAttributeAsync("href", "https://v.example/2.mp4?signature=1&x=<");
        await Expect(before.Tile("stays").Locator("a")).ToHaveAttributeAsync("rel", "noopener noreferrer");
        await Expect(before.Tile("unsaid").Locator(".video")).ToHaveTextAsync("Open the video");
    }

    private static ReportThumbnail? Picture(int number) => ReportThumbnail.FromAddress($"{OpenReport.PictureHost}{number}.png?signature=a&b=c");
}
