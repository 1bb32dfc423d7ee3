using System.Diagnostics;
using System.Text.Json;
using Seedance.Benchmarks.Parts;

namespace Seedance.Benchmarks;

/// <summary>A part of the measurement.</summary>
internal sealed record Part(string Name, Func<Workbench, Report, Task> RunAsync);

/// <summary>Where a measurement takes place: a folder that goes away, and processes that are measured.</summary>
internal sealed class Workbench(BenchOptions options) : IDisposable
{
    public static IReadOnlyList<Part> Parts { get; } =
    [
        new("delivery", Deliveries.RunAsync),
        new("notice", Notice.RunAsync),
        new("start", Start.RunAsync),
        new("stream", Streaming.RunAsync),
        new("wait", TasksHeld.RunAsync),
        new("journal", Journals.RunAsync),
        new("resume", Resuming.RunAsync),
        new("files", Files.RunAsync),
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("seedance-bench-");
    private int _files;

    public BenchOptions Options => options;

    /// <summary>A file name that nothing has used yet.</summary>
    public string NewFile(string extension) => Path.Combine(_folder.FullName, $"{++_files}{extension}");

    /// <summary>A script in a PowerShell of its own, and what it has to tell.</summary>
    public static Task<Figures> RunScriptAsync(string script, params IReadOnlyList<string> arguments) =>
        RunAsync("pwsh", ["-NoProfile", "-NonInteractive", "-File", Path.Combine(AppContext.BaseDirectory, "Scripts", $"{script}.ps1"), .. arguments]);

    /// <summary>The same in a runtime that does not compile hot methods once more to count what they do.</summary>
    public static Task<Figures> RunUnprofiledScriptAsync(string script, params IReadOnlyList<string> arguments) =>
        RunAsync("pwsh", ["-NoProfile", "-NonInteractive", "-File", Path.Combine(AppContext.BaseDirectory, "Scripts", $"{script}.ps1"), .. arguments], ("DOTNET_TieredPGO", "0"));

    /// <summary>This program in another mode, and what it has to tell.</summary>
    public static Task<Figures> RunSelfAsync(params IReadOnlyList<string> arguments) =>
        RunAsync("dotnet", [typeof(Workbench).Assembly.Location, .. arguments]);

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<Figures> RunAsync(string program, IReadOnlyList<string> arguments, params IReadOnlyList<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var last = output.TrimEnd().Split('\n')[^1];
        return process.ExitCode == 0 && last.StartsWith('{')
            ? new Figures(JsonSerializer.Deserialize<Dictionary<string, double>>(last)!)
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with code {process.ExitCode}: {output}");
    }
}

/// <summary>What a measured process told of itself in its last line: seconds, megabytes and counts by name.</summary>
internal sealed record Figures(IReadOnlyDictionary<string, double> Values)
{
    /// <summary>Seconds of work.</summary>
    public double Wall => Values["wall"];

    /// <summary>Seconds of processor time since the process began.</summary>
    public double Cpu => Values["cpu"];

    /// <summary>The most memory it ever held, in megabytes.</summary>
    public double Peak => Values["peak"];

    public double this[string name] => Values[name];

    /// <summary>Tells a measuring process of this program.</summary>
    public static void Tell(IReadOnlyDictionary<string, double> figures)
    {
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, double>(figures)
        {
            ["cpu"] = self.TotalProcessorTime.TotalSeconds,
            ["peak"] = self.PeakWorkingSet64 / 1048576.0,
        }));
    }

    /// <summary>The median of each figure.</summary>
    public static Figures Median(IReadOnlyList<Figures> runs) => new(runs[0].Values.Keys.ToDictionary(
        name => name, name => Median(runs.Select(run => run.Values[name]))));

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
