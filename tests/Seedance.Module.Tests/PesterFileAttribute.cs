using System.Reflection;
using System.Text.Json;
using Xunit.Sdk;
using Xunit.v3;

namespace Seedance.Tests;

/// <summary>Runs a Pester file in real PowerShell, in a process of its own, and gives each of its tests to the theory as a row.</summary>
/// <param name="file">The name of the file, in the folder of the project.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PesterFileAttribute(string file) : DataAttribute
{
    /// <summary>The tests are known once they have been run.</summary>
    /// <returns>False.</returns>
    public override bool SupportsDiscoveryEnumeration() => false;

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        var results = Path.Combine(Path.GetTempPath(), $"seedance-pester-{Guid.NewGuid():N}.json");
        try
        {
            var run = await RunAsync(results);
            var tests = File.Exists(results) ? JsonSerializer.Deserialize<List<PesterTest>>(await File.ReadAllTextAsync(results))! : [];

            // A process that ended otherwise than its tests, or has none, must not pass for good.
            if (tests.Count == 0 || (run.ExitCode != 0 && tests.All(test => test.Result != "Failed")))
            {
                tests.Add(new PesterTest("the file as a whole", "Failed", $"The process ended with code {run.ExitCode} after {tests.Count} tests.\n{run.Text}"));
            }

            return [.. tests.Select(Row)];
        }
        finally
        {
            File.Delete(results);
        }
    }

    private Task<TestProcess> RunAsync(string results)
    {
        var folder = TestProcess.BuildValue("PesterFolder");
        string[] arguments =
        [
            "exec", TestProcess.BuildValue("PowerShell"), "-NoProfile", "-NonInteractive", "-File", Path.Combine(folder, "Invoke-PesterSuite.ps1"),
            "-Name", file, "-Pester", TestProcess.BuildValue("Pester"), "-ResultPath", results, "-Verbosity", "Detailed",
        ];
        return TestProcess.RunAsync(arguments, folder, new Dictionary<string, string>
        {
            ["SEEDANCE_TEST_MODULE"] = TestProcess.BuildValue("ModuleManifest"),
            ["SEEDANCE_TEST_SERVER"] = TestProcess.BuildValue("SandboxServer"),
            // Processes live for seconds here: to profile themselves costs them more than it brings.
            ["DOTNET_TieredPGO"] = "0",
            ["SEEDANCE_TEST_OLDER"] = Path.Combine(AppContext.BaseDirectory, "older"),
        });
    }

    private TheoryDataRow<PesterTest> Row(PesterTest test) => new(test)
    {
        TestDisplayName = $"{file}: {test.Name}",
        Label = "",
        Skip = test.IsSkipped ? test.Message : null,
    };
}
