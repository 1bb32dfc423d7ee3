using Microsoft.Playwright;

namespace Seedance.Browser.Tests;

/// <summary>
/// A report in the browser. Nothing reaches the network: pictures' addresses on <c>pictures.example</c> are answered here,
/// and everything else is refused. When it is closed, the browser must have had nothing to complain of.
/// </summary>
public sealed class OpenReport : IAsyncDisposable
{
    public const string PictureHost = "https://pictures.example/";

    // What the page takes back after seconds stays until the test lets them pass: whoever looks from a busy machine looks late.
    private const string HoldTimers = """
        (() => {
          const start = window.setTimeout.bind(window);
          window.held = [];
          window.setTimeout = (then, delay, ...rest) => delay >= 1000 ? -window.held.push(then) : start(then, delay, ...rest);
        })();
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _complaints = [];
    private readonly List<string> _requests = [];

    private OpenReport()
    {
    }

    public IPage Page { get; private set; } = null!;

    public string Path => _folder.File("report.html");

    public string Address => new Uri(Path).AbsoluteUri;

    /// <summary>What the page asked for, itself excepted, in the order in which it did.</summary>
    public IReadOnlyList<string> Requests => _requests;

    public ILocator Tiles => Page.Locator(".tile");

    public ILocator Shown => Page.Locator("#shown");

    public static async Task<OpenReport> OpenAsync(IBrowser browser, ReportHead head, IEnumerable<ReportRow> rows, BrowserNewContextOptions options)
    {
        var report = new OpenReport();
        await using (var file = File.Create(report.Path))
        {
            await ReportWriter.WriteAsync(file, head, rows);
        }

        options.ViewportSize ??= new ViewportSize { Width = 1280, Height = 900 };
        options.Locale ??= "en-GB";
        options.TimezoneId ??= "Europe/Berlin";
        var context = await browser.NewContextAsync(options);
        await context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        report.Page = await context.NewPageAsync();
        await report.Page.AddInitScriptAsync(HoldTimers);
        report.Page.Console += (_, message) => report.Complain(message.Type is "error" or "warning" ? $"{message.Type}: {message.Text}" : null);
        report.Page.PageError += (_, error) => report.Complain(error);
        await context.RouteAsync("**/*", report.AnswerAsync);
        await report.Page.GotoAsync(report.Address);
        return report;
    }

    public ILocator Tile(string name) => Page.Locator(".tile").Filter(new LocatorFilterOptions { Has = Page.Locator(".name").GetByText(name, new() { Exact = true }) });

    /// <summary>The names in the tiles from the top.</summary>
    public Task<IReadOnlyList<string>> NamesAsync() => Page.Locator(".tile .name").AllTextContentsAsync();

    /// <summary>Lets the seconds pass after which the page takes something back.</summary>
    public Task ElapseAsync() => Page.EvaluateAsync("() => window.held.splice(0).forEach(then => then())");

    /// <summary>Takes away complaints that a test has called forth; there must be one.</summary>
    public void Allow(string complaint) =>
        Assert.NotEqual(0, _complaints.RemoveAll(made => made.Contains(complaint, StringComparison.Ordinal)));

    public async ValueTask DisposeAsync()
    {
        await Page.Context.DisposeAsync();
        _folder.Dispose();
        Assert.Empty(_complaints);
    }

    private void Complain(string? complaint)
    {
        if (complaint is not null)
        {
            _complaints.Add(complaint);
        }
    }

    private async Task AnswerAsync(IRoute route)
    {
        var address = route.Request.Url;
        if (address == Address)
        {
            await route.ContinueAsync();
            return;
        }

        _requests.Add(address);
        if (address.StartsWith(PictureHost, StringComparison.Ordinal))
        {
            await route.FulfillAsync(new RouteFulfillOptions { ContentType = "image/svg+xml", Body = "<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'><rect width='8' height='8' fill='teal'/></svg>" });
        }
        else
        {
            await route.AbortAsync();
        }
    }
}
