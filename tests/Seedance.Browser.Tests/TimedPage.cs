using Microsoft.Playwright;

namespace Seedance.Browser.Tests;

/// <summary>A page, and how long it took to open.</summary>
internal sealed record TimedPage(IPage Page, double Seconds) : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
