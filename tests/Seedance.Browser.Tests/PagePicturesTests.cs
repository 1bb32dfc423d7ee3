using Microsoft.Playwright;

namespace Seedance.Browser.Tests;

/// <summary>The pictures of the documentation. They are made anew where <c>SEEDANCE_PICTURES</c> names a folder to put them.</summary>
public sealed class PagePicturesTests(Browser browser)
{
    [Theory]
    [InlineData("report-light", ColorScheme.Light, 1200, 860, 1)]
    [InlineData("report-dark", ColorScheme.Dark, 1200, 860, 1)]
    [InlineData("report-phone", ColorScheme.Light, 360, 780, 2)]
    public async Task A_picture_of_the_page(string name, ColorScheme colours, int width, int height, int scale)
    {
        await using var report = await browser.OpenAsync(
            SampleRun.Head, SampleRun.Rows(240, await ThumbnailsAsync()),
            new() { ColorScheme = colours, ViewportSize = new() { Width = width, Height = height }, DeviceScaleFactor = scale });
        var ground = await report.Page.Locator("body").EvaluateAsync<string>("body => getComputedStyle(body).backgroundColor");
        Assert.Equal(colours is ColorScheme.Dark ? "rgb(16, 19, 25)" : "rgb(245, 246, 248)", ground);
        if (Environment.GetEnvironmentVariable("SEEDANCE_PICTURES") is { Length: > 0 } folder)
        {
            await report.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
        }
    }

    [Fact]
    public async Task A_picture_of_its_print()
    {
        await using var report = await browser.OpenAsync(SampleRun.Head, SampleRun.Rows(40, await ThumbnailsAsync()), new() { ViewportSize = new() { Width = 794, Height = 1123 } });
        await report.Page.EmulateMediaAsync(new() { Media = Media.Print, ColorScheme = ColorScheme.Dark });
        await report.Page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
        Assert.Equal("rgb(255, 255, 255)", await report.Page.Locator("body").EvaluateAsync<string>("body => getComputedStyle(body).backgroundColor"));
        if (Environment.GetEnvironmentVariable("SEEDANCE_PICTURES") is { Length: > 0 } folder)
        {
            await report.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, "report-print.png") });
            await report.Page.PdfAsync(new() { Path = Path.Combine(folder, "report-print.pdf"), Format = "A4" });
        }
    }

    private async Task<IReadOnlyList<ReportThumbnail?>> ThumbnailsAsync()
    {
        using var folder = new TemporaryFolder();
        var thumbnails = new List<ReportThumbnail?>();
        for (var number = 0; number < 12; number++)
        {
            var path = folder.File($"{number}.jpg");
            await File.WriteAllBytesAsync(path, await browser.DrawPortraitAsync(number));
            thumbnails.Add(ReportThumbnail.FromFile(path));
        }

        return [.. thumbnails, null];
    }
}
