using System.Globalization;

namespace Seedance.Benchmarks.Parts;

/// <summary>The whole way of a file: rows in, requests, reviews, usable assets out; each way of doing it in turn.</summary>
internal static class Deliveries
{
    public const int PostsAtOnce = 16;

    /// <summary>As many as there may be looks under way beside the submissions.</summary>
    public const int Connections = 64;

    // One batch after another takes some four seconds each: more rows than this would be waited for all day.
    private const int SequentialRows = 200;

    public static async Task RunAsync(Workbench bench, Report report)
    {
        report.Section("Delivery, side by side");
        report.Say($"""
            Rows of a CSV file are submitted 20 a request, {PostsAtOnce} requests at once, and waited for until the usable assets are counted. Reviews take 2–4 s, a round trip 50 ms.
            *bare* is a compiled `HttpClient` loop without any safety, which looks at each task after 1 s and then every 0.5 s; *module* is `Import-Csv | Submit-SeedanceAsset | Wait-SeedanceTask | Get-SeedanceAsset -Usable` with its journal on and its rate limit out of the way; *unprofiled* is the same with `DOTNET_TieredPGO=0`, so without the runtime's compiling of every hot method once more to count what it does; *parallel* and *sequential* are `Invoke-RestMethod` scripts that look as often as *bare*, the first with `ForEach-Object -Parallel -ThrottleLimit {PostsAtOnce}`. Sequential runs {SequentialRows} rows only, and no figure is scaled up.
            Wall is from the first line of the script, with `Import-Module`, to the last. CPU is the whole process; PowerShell's own start, an empty session, is told apart. Bare, module and unprofiled: medians of {bench.Options.Rounds} alternating rounds; the scripts once.

            """);
        var empty = await EmptySessionAsync();
        await using var server = await Server.StartAsync("--review", "2s..4s", "--latency", "50ms");
        foreach (var rows in bench.Options.Rows)
        {
            await CompareAsync(bench, report, server, rows, empty);
        }
    }

    /// <summary>What PowerShell itself costs.</summary>
    public static async Task<Figures> EmptySessionAsync()
    {
        var runs = new List<Figures>();
        for (var i = 0; i < 5; i++)
        {
            runs.Add(await Workbench.RunScriptAsync("Empty"));
        }

        return Figures.Median(runs);
    }

    /// <summary>A file of rows like a user's: signed addresses, and names.</summary>
    public static string WriteCsv(Workbench bench, int rows)
    {
        var path = bench.NewFile(".csv");
        File.WriteAllLines(path, Enumerable.Range(0, rows)
            .Select(i => $"\"{Address(i)}\",\"shot-{i}\"").Prepend("\"Url\",\"Name\""));
        return path;
    }

    public static string Address(int row) => string.Create(CultureInfo.InvariantCulture, $"https://cdn.example.com/material/{row}.png?signature=0123456789abcdef");

    private static async Task CompareAsync(Workbench bench, Report report, Server server, int rows, Figures empty)
    {
        var ran = bench.Options.Scenarios.ToDictionary(scenario => scenario, _ => new List<Figures>());
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            foreach (var scenario in bench.Options.Scenarios.Where(scenario => round == 0 || scenario is "bare" or "module" or "unprofiled"))
            {
                ran[scenario].Add(await MeasureAsync(bench, server, scenario, rows));
            }
        }

        var median = ran.ToDictionary(run => run.Key, run => Figures.Median(run.Value));
        var bare = median.GetValueOrDefault("bare");
        report.Say($"### {rows:#,0} rows\n");
        var table = new Table("", "rows", "wall s", "× bare", "CPU s", "× bare", "peak MB", "× bare", "requests", "× bare", "looks a task", "notice delay ms");
        foreach (var (scenario, figures) in median)
        {
            // Not the same work: no ratio.
            var to = figures["rows"] == rows ? bare : null;
            table.Add(scenario, figures["rows"], figures.Wall, figures.Wall / to?.Wall ?? double.NaN, figures.Cpu, figures.Cpu / to?.Cpu ?? double.NaN,
                figures.Peak, figures.Peak / to?.Peak ?? double.NaN, figures["requests"], figures["requests"] / to?["requests"] ?? double.NaN,
                figures["looks"], 1000 * figures["delay"]);
        }

        table.Add("(empty PowerShell)", double.NaN, double.NaN, double.NaN, empty.Cpu, double.NaN, empty.Peak, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
        report.Add(table);
        if (median.TryGetValue("module", out var module) && bare is not null)
        {
            report.Judge("wall of the bare loop's", 1.10, module.Wall / bare.Wall, "×");
            report.Judge("CPU of the bare loop's, without PowerShell's own start", 2.0, (module.Cpu - empty.Cpu) / bare.Cpu, "×");
            report.Judge("looks a task", 8, module["looks"], "");
            report.Judge("mean notice delay, of a mean duration of 3 s", 10, module["delay"] / 3 * 100, "%");
            if (median.TryGetValue("parallel", out var parallel))
            {
                report.JudgeAtLeast("faster than the parallel script", 5, parallel.Wall / module.Wall, "×");
            }

            report.Say("");
        }
    }

    private static async Task<Figures> MeasureAsync(Workbench bench, Server server, string scenario, int rows)
    {
        rows = scenario == "sequential" ? Math.Min(rows, SequentialRows) : rows;
        var csv = WriteCsv(bench, rows);
        await server.ResetAsync();
        var figures = scenario switch
        {
            "bare" => await Workbench.RunSelfAsync("bare", server.Address.ToString(), csv),
            "module" => await Workbench.RunScriptAsync("Module", OfModule()),
            "unprofiled" => await Workbench.RunUnprofiledScriptAsync("Module", OfModule()),
            "parallel" => await Workbench.RunScriptAsync("Parallel", "-Server", server.Address.ToString(), "-Csv", csv, "-ThrottleLimit", $"{PostsAtOnce}"),
            _ => await Workbench.RunScriptAsync("Sequential", "-Server", server.Address.ToString(), "-Csv", csv),
        };
        var stats = await server.GetStatsAsync();
        if (figures["usable"] != rows || stats.RowsAccepted != rows || stats.Duplicates != 0)
        {
            throw new InvalidOperationException($"{scenario}: {figures["usable"]} usable of {rows} rows, {stats.RowsAccepted} accepted, {stats.Duplicates} of them twice.");
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {scenario} {rows}: {figures.Wall:0.00} s wall, {figures.Cpu:0.00} s CPU, {figures.Peak:0} MB, {stats.GetsReceived} looks, {stats.MeanNoticeDelay * 1000:0} ms late"));
        return new Figures(new Dictionary<string, double>(figures.Values)
        {
            ["rows"] = rows,
            ["requests"] = stats.PostsReceived + stats.GetsReceived,
            ["looks"] = (double)stats.GetsReceived / stats.TasksNoticed,
            ["delay"] = stats.MeanNoticeDelay,
        });

        string[] OfModule() =>
        [
            "-Module", bench.Options.Module, "-Server", server.Address.ToString(), "-Csv", csv,
            "-Journal", bench.NewFile(".jsonl"), "-PostsAtOnce", $"{PostsAtOnce}", "-Connections", $"{Connections}",
        ];
    }
}
