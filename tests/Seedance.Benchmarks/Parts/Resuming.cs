namespace Seedance.Benchmarks.Parts;

/// <summary>Going on with a file most of which was accepted before.</summary>
internal static class Resuming
{
    private const int Batch = 20;

    public static async Task RunAsync(Workbench bench, Report report)
    {
        report.Section("Resume");
        report.Say("`Import-Csv | Submit-SeedanceAsset -Resume` of a file whose rows were all accepted before but the last: from the first row read to the end, so a little more than the time before the first request.\n");
        await using var server = await Server.StartAsync("--review", "1h");
        var table = new Table("rows", "tasks", "wall s", "of which reading the CSV s", "CPU s", "peak MB");
        var last = 0.0;
        foreach (var rows in (int[])[1000, 10_000, 100_000])
        {
            await server.ResetAsync();
            var journal = bench.NewFile(".jsonl");
            await JournalMaker.MakeAsync(journal, server.Address, rows / Batch, Batch, withEnds: false);
            var figures = await Workbench.RunScriptAsync("Resume", "-Module", bench.Options.Module, "-Server", server.Address.ToString(),
                "-Csv", Deliveries.WriteCsv(bench, rows + 1), "-Journal", journal);
            var stats = await server.GetStatsAsync();
            if (stats.RowsAccepted != 1 || figures["tasks"] != (rows / Batch) + 1)
            {
                throw new InvalidOperationException($"{stats.RowsAccepted} rows sent, {figures["tasks"]} tasks given out.");
            }

            table.Add($"{rows:#,0}", figures["tasks"], figures.Wall, figures["csv"], figures.Cpu, figures.Peak);
            last = figures.Wall;
        }

        report.Add(table);
        report.Judge("100,000 rows, until the first request", 3, last, "s");
        report.Say("");
    }
}
