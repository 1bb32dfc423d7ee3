using System.ComponentModel;

namespace Seedance.Demo;

/// <summary>The PowerShell that NuGet has as a package.</summary>
internal static class PackagedPowerShell
{
    /// <summary>Restores the package; the first time, that takes a download of some 45 MB.</summary>
    /// <param name="project">The folder of the project that names the package.</param>
    /// <param name="log">Is told what failed, and what to do.</param>
    /// <returns>The command line that starts it; null if it could not be fetched.</returns>
    public static string[]? Find(string project, TextWriter log)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string trouble;
        try
        {
            var (exitCode, output, errors) = Command.Run(dotnet, ["msbuild", project, "-restore", "-target:Locate", "-getProperty:PowerShellPath", "-nologo"]);
            var path = output.Trim();
            if (exitCode == 0 && File.Exists(path))
            {
                return [dotnet, "exec", path];
            }

            trouble = Command.FirstLine(errors + output);
        }
        catch (Win32Exception e)
        {
            trouble = $"{dotnet} does not start: {e.Message}";
        }

        log.WriteLine($"""
            This demo needs PowerShell 7.4 or later. There is none on the PATH, and its NuGet package could not be fetched:
              {trouble}
            Run this again with a network, or install PowerShell by hand: https://learn.microsoft.com/powershell/scripting/install/installing-powershell
            """);
        return null;
    }
}
