using System.Text.Json;

namespace Seedance.Tests;

/// <summary>What somebody runs who has git and the .NET SDK, and nothing else.</summary>
public sealed class BareMachineTests : IDisposable
{
    private static readonly string s_version = TestProcess.BuildValue("PowerShellVersion");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("seedance bäre ");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_quickstart_does_the_main_job()
    {
        var run = await RunAsync("Quickstart");
        Assert.Equal("194 assets usable, 6 failed review, 0 errors", run.Output.TrimEnd().Split('\n')[^1].TrimEnd());
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task The_demo_does_it_in_the_PowerShell_of_the_package()
    {
        var run = await RunAsync("Demo");
        Assert.Equal("", run.Errors);
        AssertDid(run);
    }

    [Fact]
    public async Task The_demo_can_be_asked_for_a_session()
    {
        var run = await RunAsync("Demo", ["--shell"], input: "'rows: ' + @(Import-Csv assets.csv | Submit-SeedanceAsset -Group g | Wait-SeedanceTask | Get-SeedanceAsset).Count\nexit 7\n");
        Assert.Contains("rows: 200", run.Output, StringComparison.Ordinal);
        Assert.Equal(7, run.ExitCode);
    }

    [Fact]
    public async Task The_demo_says_how_it_is_used()
    {
        var run = await RunAsync("Demo", ["--what"]);
        Assert.StartsWith("Usage: dotnet run --project examples/Demo", run.Errors, StringComparison.Ordinal);
        Assert.Equal(2, run.ExitCode);
    }

    [Theory(Skip = "programs on the PATH are played by shell scripts", SkipWhen = nameof(IsWindows))]
    [InlineData("echo 7.2.24", "is PowerShell 7.2.24")]
    [InlineData("echo 'cannot find pwsh.dll' >&2; exit 131", "does not work (code 131: cannot find pwsh.dll)")]
    [InlineData("echo something else", "does not work (code 0: something else)")]
    [InlineData(null, "does not start (")]
    public async Task A_PowerShell_on_the_path_that_does_not_serve_is_named_and_the_package_taken(string? script, string complaint)
    {
        PutOnPath(script is null ? "no program at all" : $"#!/bin/sh\n{script}");
        var run = await RunAsync("Demo");
        Assert.Contains($"The pwsh on the PATH {complaint}", run.Errors, StringComparison.Ordinal);
        AssertDid(run);
    }

    [Theory(Skip = "programs on the PATH are played by shell scripts", SkipWhen = nameof(IsWindows))]
    [InlineData("7.4.0")]
    [InlineData("7.7.0-preview.1")]
    public async Task A_PowerShell_on_the_path_that_serves_is_used(string version)
    {
        PutOnPath($"#!/bin/sh\ncase \"$*\" in *PSVersion*) echo {version};; *) echo \"started: $*\"; exit 5;; esac");
        var run = await RunAsync("Demo", ["--shell"]);
        Assert.Matches(@"^started: -NoLogo -NoProfile -NoExit -File .*Demo\.ps1 -Module .*Seedance\.psd1 -Shell\s*$", run.Output);
        Assert.Equal("", run.Errors);
        Assert.Equal(5, run.ExitCode);
    }

    [Fact]
    public async Task Without_PowerShell_and_without_a_network_the_demo_says_what_it_needs_and_where_it_is()
    {
        var run = await RunAsync("Demo", environment: new Dictionary<string, string>
        {
            ["NUGET_PACKAGES"] = Path.Combine(_folder.FullName, "packages"),
            ["NUGET_HTTP_CACHE_PATH"] = Path.Combine(_folder.FullName, "http"),
            ["HTTP_PROXY"] = "http://127.0.0.1:9",
            ["HTTPS_PROXY"] = "http://127.0.0.1:9",
            ["NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT"] = "1",
        });
        Assert.Contains("This demo needs PowerShell 7.4 or later. There is none on the PATH", run.Errors, StringComparison.Ordinal);
        Assert.Contains("NU1301", run.Errors, StringComparison.Ordinal);
        Assert.Contains("install PowerShell by hand: https://", run.Errors, StringComparison.Ordinal);
        Assert.Equal(1, run.ExitCode);
    }

    [Fact]
    public async Task The_tools_manifest_pins_what_can_be_restored()
    {
        var manifest = Path.Combine(TestProcess.BuildValue("RepositoryRoot"), ".config", "dotnet-tools.json");
        using var tools = JsonDocument.Parse(await File.ReadAllTextAsync(manifest, TestContext.Current.CancellationToken));
        Assert.Equal(s_version, tools.RootElement.GetProperty("tools").GetProperty("powershell").GetProperty("version").GetString());

        Directory.CreateDirectory(Path.Combine(_folder.FullName, ".config"));
        File.Copy(manifest, Path.Combine(_folder.FullName, ".config", "dotnet-tools.json"));
        var isolated = new Dictionary<string, string> { ["DOTNET_CLI_HOME"] = _folder.FullName };
        var restored = await TestProcess.RunAsync(["tool", "restore"], _folder.FullName, isolated);
        Assert.SkipWhen(restored.Text.Contains("service index", StringComparison.Ordinal), "There is no network to restore tools from.");
        Assert.True(restored.ExitCode == 0, restored.Text);
        var run = await TestProcess.RunAsync(["pwsh", "-NoProfile", "-Command", "$PSVersionTable.PSVersion.ToString()"], _folder.FullName, isolated);
        Assert.Equal(s_version, run.Output.Trim());
    }

    public static bool IsWindows => OperatingSystem.IsWindows();

    private static void AssertDid(TestProcess run)
    {
        Assert.Contains($"PowerShell {s_version}: assets.csv, 200 rows", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"asset://\S+ .* portrait-001", run.Output);
        Assert.EndsWith("194 assets usable, 6 failed review.", run.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(0, run.ExitCode);
    }

    private void PutOnPath(string text)
    {
        var file = Path.Combine(_folder.FullName, "pwsh");
        File.WriteAllText(file, text + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Runs a built example where no other PowerShell than that of the test is on the PATH.</summary>
    private Task<TestProcess> RunAsync(string example, string[]? arguments = null, IReadOnlyDictionary<string, string>? environment = null, string input = "")
    {
        var path = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Where(folder => !Directory.Exists(folder) || Directory.GetFiles(folder, "pwsh*").Length == 0);
        var own = new Dictionary<string, string>(environment ?? new Dictionary<string, string>()) { ["PATH"] = string.Join(Path.PathSeparator, [_folder.FullName, .. path]) };
        return TestProcess.RunAsync(["exec", TestProcess.BuildValue(example), .. arguments ?? []], _folder.FullName, own, input);
    }
}
