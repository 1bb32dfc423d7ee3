using System.ComponentModel;

namespace Seedance.Demo;

/// <summary>The PowerShell on the PATH, if it is one that the module runs in.</summary>
internal static class InstalledPowerShell
{
    private const string Program = "pwsh";
    private static readonly Version s_oldest = new(7, 4);

    /// <summary>Starts it once to see whether it works.</summary>
    /// <param name="log">Is told why one that is there is not taken.</param>
    /// <returns>The command line that starts it; null if there is none, or none that serves.</returns>
    public static string[]? Find(TextWriter log)
    {
        try
        {
            var (exitCode, output, errors) = Command.Run(Program, ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", "$PSVersionTable.PSVersion.ToString()"]);
            var isVersion = Version.TryParse(output.Trim().Split('-', '+')[0], out var version);
            if (exitCode == 0 && isVersion && version >= s_oldest)
            {
                return [Program];
            }

            log.WriteLine(exitCode == 0 && isVersion
                ? $"The pwsh on the PATH is PowerShell {version}; the module needs {s_oldest} or later. Taking the package instead."
                : $"The pwsh on the PATH does not work (code {exitCode}: {Command.FirstLine(errors + output)}). Taking the package instead.");
        }
        catch (Win32Exception e)
        {
            if (IsOnPath())
            {
                log.WriteLine($"The pwsh on the PATH does not start ({e.Message}). Taking the package instead.");
            }
        }

        return null;
    }

    // To start something that is there can fail with "not found" too, as when a script's interpreter is gone.
    private static bool IsOnPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => Directory.Exists(folder) && Directory.EnumerateFiles(folder, $"{Program}*").Any(file => Path.GetFileNameWithoutExtension(file) == Program));
}
