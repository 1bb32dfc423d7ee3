using System.Diagnostics;

namespace Seedance.Demo;

/// <summary>A program that is run for what it writes.</summary>
internal static class Command
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static (int ExitCode, string Output, string Errors) Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_limit))
        {
            process.Kill(entireProcessTree: true);
            return (-1, "", $"{program} had not ended after {s_limit.TotalMinutes} minutes");
        }

        return (process.ExitCode, output.Result, errors.Result);
    }

    public static string FirstLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var line, ..] ? line : "it wrote nothing";
}
