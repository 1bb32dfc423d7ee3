using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Seedance.Benchmarks;

/// <summary>Collects what was measured: to the console as it comes, and into a document at the end.</summary>
internal sealed class Report
{
    private readonly StringBuilder _text = new();

    public void Section(string title) => Say($"## {title}\n");

    public void Say(FormattableString text) => Say(FormattableString.Invariant(text));

    public void Say(string text)
    {
        Console.WriteLine(text);
        _text.Append(text).Append('\n');
    }

    public void Add(Table table) => Say(table.ToString());

    /// <summary>A target, and whether it was met.</summary>
    public void Judge(string target, double limit, double value, string unit) =>
        Say($"- {target}: at most {limit:0.##} {unit}, measured {value:0.##} {unit}: **{(value <= limit ? "met" : "missed")}**");

    /// <summary>The same, where more is better.</summary>
    public void JudgeAtLeast(string target, double limit, double value, string unit) =>
        Say($"- {target}: at least {limit:0.##} {unit}, measured {value:0.##} {unit}: **{(value >= limit ? "met" : "missed")}**");

    public async Task WriteAsync(BenchOptions options)
    {
        if (options.Out is not { } path)
        {
            return;
        }

        var head = FormattableString.Invariant($"""
            # Performance

            Measured on {DateTime.UtcNow:yyyy-MM-dd} with `./build.ps1 -Task Bench`, in one run, on this machine: {await MachineAsync()}.
            The client and the sandbox server share it, each in a process of its own.


            """);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, head + _text);
        Console.WriteLine($"Written to {path}");
    }

    private static async Task<string> MachineAsync()
    {
        var processor = OperatingSystem.IsLinux()
            ? (await File.ReadAllLinesAsync("/proc/cpuinfo")).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        var shell = await Workbench.RunScriptAsync("Empty");
        return string.Create(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} × {processor ?? "processor of unknown name"} ({RuntimeInformation.OSArchitecture}), {memory:0} GB, {RuntimeInformation.OSDescription}, PowerShell {shell["major"]}.{shell["minor"]}.{shell["patch"]}, {RuntimeInformation.FrameworkDescription}");
    }
}
