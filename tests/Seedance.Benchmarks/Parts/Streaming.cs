namespace Seedance.Benchmarks.Parts;

/// <summary>Rows from a generator, more and more of them: what one costs, and what is held.</summary>
internal static class Streaming
{
    public static async Task RunAsync(Workbench bench, Report report)
    {
        report.Section("Streaming");
        report.Say("Rows from a generator through `Submit-SeedanceAsset -ThrottleLimit 16`, journal on, no latency: nothing but the cost itself. An empty session is taken off CPU and memory.\n");
        var empty = await Deliveries.EmptySessionAsync();
        await using var server = await Server.StartAsync("--review", "1h");
        var table = new Table("rows", "wall s", "wall µs a row", "CPU s", "CPU µs a row", "of which beyond 1,000 rows", "peak MB over empty");
        Figures? first = null;
        Figures last = empty;
        foreach (var rows in (int[])[1000, 10_000, 100_000, 1_000_000])
        {
            await server.ResetAsync();
            last = await Workbench.RunScriptAsync("Stream", "-Module", bench.Options.Module, "-Server", server.Address.ToString(), "-Rows", $"{rows}", "-Journal", bench.NewFile(".jsonl"));
            var stats = await server.GetStatsAsync();
            if (stats.RowsAccepted != rows || stats.Duplicates != 0)
            {
                throw new InvalidOperationException($"{stats.RowsAccepted} of {rows} rows accepted, {stats.Duplicates} of them twice.");
            }

            table.Add($"{rows:#,0}", last.Wall, last.Wall * 1e6 / rows, last.Cpu - empty.Cpu, (last.Cpu - empty.Cpu) * 1e6 / rows,
                first is null ? double.NaN : (last.Cpu - first.Cpu) * 1e6 / (rows - 1000), last.Peak - empty.Peak);
            first ??= last;
        }

        report.Add(table);
        report.Judge("1,000,000 rows, peak over an empty session", 150, last.Peak - empty.Peak, "MB");
        report.Say("");
    }
}
