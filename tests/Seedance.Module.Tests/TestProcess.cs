using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace Seedance.Tests;

/// <summary>A program that a test runs to its end.</summary>
internal sealed record TestProcess(int ExitCode, string Output, string Errors)
{
    // What is run here writes as it goes on: only what hangs is silent for so long, however busy the machine.
    private static readonly TimeSpan s_longestSilence = TimeSpan.FromMinutes(15);

    /// <summary>The .NET host that runs the tests.</summary>
    public static string DotNet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>All that it wrote.</summary>
    public string Text => Output + Errors;

    /// <summary>Runs <c>dotnet</c> and returns once it has ended.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="environment">What it finds in its environment, beside that of the tests.</param>
    /// <param name="input">What is typed into it.</param>
    /// <exception cref="TimeoutException">It had not written a line for a quarter of an hour, and was stopped.</exception>
    public static async Task<TestProcess> RunAsync(IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string>? environment = null, string input = "")
    {
        var start = new ProcessStartInfo(DotNet, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();

        var cancellationToken = TestContext.Current.CancellationToken;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        try
        {
            await Task.WhenAll(ReadAsync(process.StandardOutput, output), ReadAsync(process.StandardError, errors), process.WaitForExitAsync(limit.Token));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"'dotnet {string.Join(' ', start.ArgumentList)}' was silent for {s_longestSilence.TotalMinutes} minutes and was stopped. It had written:\n{output}{errors}");
        }

        return new TestProcess(process.ExitCode, output.ToString(), errors.ToString());

        async Task ReadAsync(StreamReader from, StringBuilder to)
        {
            limit.CancelAfter(s_longestSilence);
            while (await from.ReadLineAsync(limit.Token) is { } line)
            {
                to.Append(line).Append('\n');
                limit.CancelAfter(s_longestSilence);
            }
        }
    }

    /// <summary>What the build knows: paths, versions.</summary>
    public static string BuildValue(string key) =>
        typeof(TestProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;
}
