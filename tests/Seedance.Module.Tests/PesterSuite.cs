using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace Seedance.Tests;

/// <summary>Runs the Pester suite, which tests the built module in real PowerShell, as one test of <c>dotnet test</c>.</summary>
public sealed class PesterSuite
{
    private const int NoPester = 3;
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(15);

    [Fact]
    public async Task All_Pester_tests_pass()
    {
        var shell = await FindPowerShellAsync();
        Assert.SkipWhen(shell is null, "PowerShell 7.4 or later was not found: install it, or run 'dotnet tool restore'.");

        var results = Path.Combine(Path.GetTempPath(), $"seedance-pester-{Guid.NewGuid():N}.json");
        try
        {
            var (exitCode, output) = await RunAsync(
                shell, ["-NoProfile", "-NonInteractive", "-File", Path.Combine(Metadata("PesterFolder"), "Invoke-PesterSuite.ps1"), "-ResultPath", results]);
            Assert.SkipWhen(exitCode == NoPester, "Pester 5 or later was not found: Install-Module Pester -Scope CurrentUser.");
            Assert.True(File.Exists(results), $"The suite ended with code {exitCode} and no results:\n{output}");
            Judge(JsonSerializer.Deserialize<SuiteResult>(await File.ReadAllTextAsync(results, TestContext.Current.CancellationToken))!);
            Assert.True(exitCode == 0, $"The suite ended with code {exitCode}:\n{output}");
        }
        finally
        {
            File.Delete(results);
        }
    }

    private static void Judge(SuiteResult suite)
    {
        var failed = suite.Tests.Where(test => test.Result == "Failed").ToList();
        var skipped = suite.Tests.Where(test => test.Result is "Skipped" or "Inconclusive").ToList();
        var passed = suite.Tests.Count(test => test.Result == "Passed");
        Say($"Pester {suite.Pester} on PowerShell {suite.PowerShell}: {passed} passed, {failed.Count} failed, {skipped.Count} skipped");
        skipped.ForEach(test => Say($"Pester skipped: {test.Name}: {test.Message}"));
        Assert.True(failed.Count == 0, $"{failed.Count} of {suite.Tests.Count} Pester tests failed:\n{string.Join('\n', failed.Select(test => $"- {test.Name}\n  {test.Message}"))}");
        Assert.True(passed > 0, "The suite ran no test.");
    }

    private static void Say(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);

    /// <summary>The command line that starts PowerShell: the one on the path, or the tool of this repository.</summary>
    private static async Task<string[]?> FindPowerShellAsync()
    {
        string[][] ways = [["pwsh"], ["dotnet", "tool", "run", "pwsh", "--"]];
        foreach (var way in ways)
        {
            try
            {
                var (exitCode, version) = await RunAsync(way, ["-NoProfile", "-NonInteractive", "-Command", "\"$($PSVersionTable.PSVersion)\""]);
                if (exitCode == 0 && Version.TryParse(version.Trim().Split('-')[0], out var found) && found >= new Version(7, 4))
                {
                    return way;
                }
            }
            catch (Win32Exception)
            {
                // There is no such program.
            }
        }

        return null;
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string[] program, string[] arguments)
    {
        var start = new ProcessStartInfo(program[0], [.. program.Skip(1), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Metadata("PesterFolder"),
        };
        start.Environment["SEEDANCE_TEST_MODULE"] = Metadata("ModuleManifest");
        start.Environment["SEEDANCE_TEST_SERVER"] = Metadata("SandboxServer");
        start.Environment["SEEDANCE_TEST_OLDER"] = Path.Combine(AppContext.BaseDirectory, "older", "Microsoft.Extensions.Http.dll");
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static string Metadata(string key) =>
        typeof(PesterSuite).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;

    private sealed record SuiteResult(string PowerShell, string Pester, IReadOnlyList<PesterTest> Tests);

    private sealed record PesterTest(string Name, string Result, string? Message);
}
