using System.Diagnostics;
using System.Globalization;

namespace Seedance.Browser.Tests;

/// <summary>How large and how quick a page is. Measured where <c>SEEDANCE_FIGURES</c> names a file for the figures.</summary>
public sealed class PageFiguresTests(Browser browser)
{
    // Down by a third of a window a frame, then to the middle and the end, as one drags the bar.
    private const string Scroll = """
        () => new Promise(done => {
          const [times, height] = [[], document.documentElement.scrollHeight];
          let [frame, last] = [0, performance.now()];
          const step = now => {
            times.push(now - last);
            last = now;
            if (++frame > 240) {
              done(times.slice(1));
              return;
            }

            scrollTo(0, frame < 200 ? frame * 300 : frame < 220 ? height / 2 + frame * 300 : height);
            requestAnimationFrame(step);
          };
          requestAnimationFrame(step);
        })
        """;

    [Theory]
    [InlineData(200)]
    [InlineData(10_000)]
    [InlineData(100_000)]
    public async Task Figures(int rows)
    {
        var file = Environment.GetEnvironmentVariable("SEEDANCE_FIGURES");
        Assert.SkipWhen(string.IsNullOrEmpty(file), "SEEDANCE_FIGURES names no file.");
        using var folder = new TemporaryFolder();
        var path = folder.File("report.html");
        var (seconds, heap) = await WriteAsync(path, rows);
        var line = string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows: written in {seconds:0.00} s, {new FileInfo(path).Length / 1e6:0.0} MB, peak heap {heap / 1e6:0} MB; opened in");
        for (var opening = 0; opening < 3; opening++)
        {
            await using var page = await browser.OpenFileAsync(path);
            line += string.Create(CultureInfo.InvariantCulture, $" {page.Seconds:0.00} s");
            var frames = await page.Page.EvaluateAsync<double[]>(Scroll);
            Array.Sort(frames);
            line += string.Create(CultureInfo.InvariantCulture, $" (frames: median {frames[frames.Length / 2]:0}, 99 % {frames[(int)(frames.Length * 0.99)]:0}, longest {frames[^1]:0} ms)");
        }

        await File.AppendAllTextAsync(file, line + "\n", TestContext.Current.CancellationToken);
    }

    private static async Task<(double Seconds, long Heap)> WriteAsync(string path, int rows)
    {
        GC.Collect();
        var (start, before, peak) = (Stopwatch.GetTimestamp(), GC.GetTotalMemory(forceFullCollection: true), 0L);
        await using var writer = ReportFileWriter.Open(path);
        foreach (var (number, row) in SampleRun.Rows(rows).Index())
        {
            await writer.AddAsync(row);
            peak = number % 200 == 0 ? Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false)) : peak;
        }

        await writer.CompleteAsync(writer.Head with { Title = "Figures" });
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, peak - before);
    }
}
