using BenchmarkDotNet.Running;
using Seedance.Benchmarks;
using Seedance.Benchmarks.Parts;

switch (args)
{
    case ["--micro", .. var rest]:
        BenchmarkSwitcher.FromAssembly(typeof(BenchOptions).Assembly).Run(rest.Length == 0 ? ["--filter", "*"] : rest);
        return 0;
    case ["bare", var server, var csv]:
        await BareLoop.RunAsync(new Uri(server), csv);
        return 0;
    case ["hold", var count]:
        await TasksHeld.RunAsync(int.Parse(count, null));
        return 0;
    default:
        break;
}

BenchOptions options;
try
{
    options = BenchOptions.Parse(args);
}
catch (ArgumentException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}

if (options.ShowsHelp)
{
    Console.WriteLine(BenchOptions.Help);
    return 0;
}

using var bench = new Workbench(options);
var report = new Report();
foreach (var part in Workbench.Parts.Where(part => options.Parts.Contains(part.Name)))
{
    await part.RunAsync(bench, report);
}

await report.WriteAsync(options);
return 0;
