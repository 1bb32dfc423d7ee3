using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Seedance.Tests;

/// <summary>Runs Pester files in real PowerShell, each in a process of its own.</summary>
internal static class PesterRun
{
    // Each test writes a line when it ends, and has deadlines of its own: only a process that hangs is silent for so long, however busy the machine.
    private static readonly TimeSpan s_longestSilence = TimeSpan.FromMinutes(10);

    /// <summary>Runs a file.</summary>
    /// <returns>Its tests; whatever else failed is among them.</returns>
    public static async Task<IReadOnlyList<PesterTest>> OfAsync(string file, CancellationToken cancellationToken)
    {
        var results = Path.Combine(Path.GetTempPath(), $"seedance-pester-{Guid.NewGuid():N}.json");
        try
        {
            var (exitCode, output) = await RunAsync(file, results, cancellationToken);
            var tests = File.Exists(results) ? JsonSerializer.Deserialize<List<PesterTest>>(await File.ReadAllTextAsync(results, cancellationToken))! : [];

            // A process that ended otherwise than its tests, or has none, must not pass for good.
            if (tests.Count == 0 || (exitCode != 0 && tests.All(test => test.Result != "Failed")))
            {
                tests.Add(new PesterTest("the file as a whole", "Failed", $"The process ended with code {exitCode} after {tests.Count} tests.\n{output}"));
            }

            return tests;
        }
        finally
        {
            File.Delete(results);
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string file, string results, CancellationToken cancellationToken)
    {
        using var process = Start(file, results);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var output = new StringBuilder();
        try
        {
            await Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError), process.WaitForExitAsync(limit.Token));
            return (process.ExitCode, output.ToString());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"{file} was silent for {s_longestSilence.TotalMinutes} minutes and was stopped. It had written:\n{output}");
        }

        async Task ReadAsync(StreamReader reader)
        {
            do
            {
                limit.CancelAfter(s_longestSilence);
            }
            while (await reader.ReadLineAsync(limit.Token) is { } line && Add(line));
        }

        bool Add(string line)
        {
            lock (output)
            {
                output.AppendLine(line);
                return true;
            }
        }
    }

    private static Process Start(string file, string results)
    {
        var folder = Metadata("PesterFolder");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        [
            "exec", Metadata("PowerShell"), "-NoProfile", "-NonInteractive", "-File", Path.Combine(folder, "Invoke-PesterSuite.ps1"),
            "-Name", file, "-Pester", Metadata("Pester"), "-ResultPath", results, "-Verbosity", "Detailed",
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["SEEDANCE_TEST_MODULE"] = Metadata("ModuleManifest");
        start.Environment["SEEDANCE_TEST_SERVER"] = Metadata("SandboxServer");
        start.Environment["SEEDANCE_TEST_OLDER"] = Path.Combine(AppContext.BaseDirectory, "older", "Microsoft.Extensions.Http.dll");
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    private static string Metadata(string key) =>
        typeof(PesterRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;
}
