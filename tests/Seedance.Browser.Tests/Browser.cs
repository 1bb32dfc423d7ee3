using Microsoft.Playwright;
using Seedance.Browser.Tests;

[assembly: AssemblyFixture(typeof(Browser))]

namespace Seedance.Browser.Tests;

/// <summary>A Chromium of this machine, for all tests. Where there is none they are skipped.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];

    // Quiet: it is to ask nobody for anything. The sandbox cannot be had as root, and the pages are our own.
    private static readonly string[] s_arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    // For a machine of which the other tests leave a tenth.
    private const float PatienceMilliseconds = 60_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string _reason = $"No Chromium was found: none of {string.Join(", ", s_names)} is in PATH.";

    public async ValueTask InitializeAsync()
    {
        if (Find() is not { } path)
        {
            return;
        }

        SetDefaultExpectTimeout(PatienceMilliseconds);
        try
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = path, Args = s_arguments });
        }
        catch (PlaywrightException e)
        {
            // On some systems the program of that name only says where to get the browser.
            _reason = $"{path} does not start: {e.Message.Split('\n')[0]}";
        }
    }

    /// <summary>Writes a report and opens it from its file, as its readers do.</summary>
    public async Task<OpenReport> OpenAsync(ReportHead head, IEnumerable<ReportRow> rows, BrowserNewContextOptions? options = null) =>
        await OpenReport.OpenAsync(Chromium, head, rows, options ?? new BrowserNewContextOptions());

    /// <summary>Opens a file, and tells how long it took until its rows were painted.</summary>
    internal async Task<TimedPage> OpenFileAsync(string path)
    {
        var context = await Chromium.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 900 } });
        var page = await context.NewPageAsync();
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        await page.GotoAsync(new Uri(path).AbsoluteUri, new() { Timeout = PatienceMilliseconds });
        await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        return new TimedPage(page, System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>Draws a face that is nobody's. Returns a JPEG.</summary>
    public async Task<byte[]> DrawPortraitAsync(int number, int width = 320, int height = 320)
    {
        using var script = new StreamReader(typeof(Browser).Assembly.GetManifestResourceStream("portrait.js")!);
        var page = await Chromium.NewPageAsync();
        var jpeg = await page.EvaluateAsync<string>(await script.ReadToEndAsync(), new[] { number, width, height });
        await page.CloseAsync();
        return Convert.FromBase64String(jpeg);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    private IBrowser Chromium
    {
        get
        {
            Assert.SkipWhen(_browser is null, _reason);
            return _browser;
        }
    }

    private static string? Find() => s_names
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);
}
