// The main job in real PowerShell, on a machine that has no more than the .NET SDK.
using System.Diagnostics;
using System.Reflection;
using Seedance.Demo;

if (args is not ([] or ["--shell"]))
{
    Console.Error.WriteLine("""
        Usage: dotnet run --project examples/Demo [-- --shell]

        Takes the 200 rows of examples/assets.csv through review in the built-in sandbox.
        --shell   leaves you in a PowerShell session that has the module loaded and is connected to the sandbox
        """);
    return 2;
}

var folder = Metadata("DemoFolder");
var powerShell = InstalledPowerShell.Find(Console.Error) ?? PackagedPowerShell.Find(Path.Combine(folder, "PowerShell"), Console.Error);
if (powerShell is null)
{
    return 1;
}

string[] shell = args.Length > 0 ? ["-NoExit"] : [];
string[] script = ["-File", Path.Combine(folder, "Demo.ps1"), "-Module", Metadata("ModuleManifest")];
string[] arguments = [.. powerShell[1..], "-NoLogo", "-NoProfile", .. shell, .. script, .. args.Length > 0 ? ["-Shell"] : Array.Empty<string>()];

// Ctrl+C is for PowerShell: this process only waits for it.
Console.CancelKeyPress += (_, key) => key.Cancel = true;
using var session = Process.Start(powerShell[0], arguments);
session.WaitForExit();
return session.ExitCode;

static string Metadata(string key) =>
    Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;
