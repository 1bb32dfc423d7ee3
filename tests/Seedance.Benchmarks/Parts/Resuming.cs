namespace Seedance.Benchmarks.Parts;

/// <summary>Going on with a file most of which was accepted before.</summary>
internal static class Resuming
{
    private const int Batch = 20;

    public static async Task RunAsync(Workbench bench, Report report)
    {
        report.Section("Resume");
        report.Say("`Import-Csv | Submit-SeedanceAsset -Resume` of a file whose rows were all accepted before but the last: from the first row read to the end, so a little more than the time before the first request. *unprofiled* is a session with `DOTNET_TieredPGO=0`: the first seconds of another go into the counting of what PowerShell's and the module's methods do.\n");
        await using var server = await Server.StartAsync("--review", "1h");
        var table = new Table("rows", "session", "tasks", "wall s", "of which reading the CSV s", "CPU s", "peak MB");
        var last = new Figures(new Dictionary<string, double>());
        foreach (var rows in (int[])[1000, 10_000, 100_000])
        {
            last = await AddAsync(rows, "as it is", Workbench.RunScriptAsync);
        }

        var unprofiled = await AddAsync(100_000, "unprofiled", Workbench.RunUnprofiledScriptAsync);
        report.Add(table);
        report.Judge("100,000 rows, until the first request", 2, last.Wall, "s");
        report.Judge("the same, unprofiled", 2, unprofiled.Wall, "s");
        report.Say("");
        await ResumeAfterYearsAsync(bench, report, server);

        async Task<Figures> AddAsync(int rows, string session, Func<string, IReadOnlyList<string>, Task<Figures>> runAsync)
        {
            await server.ResetAsync();
            var journal = bench.NewFile(".jsonl");
            await JournalMaker.MakeAsync(journal, server.Address, rows / Batch, Batch, withEnds: false);
            var figures = await runAsync("Resume", ["-Module", bench.Options.Module, "-Server", server.Address.ToString(), "-Csv", Deliveries.WriteCsv(bench, rows + 1), "-Journal", journal]);
            var stats = await server.GetStatsAsync();
            if (stats.RowsAccepted != 1 || figures["tasks"] != (rows / Batch) + 1)
            {
                throw new InvalidOperationException($"{stats.RowsAccepted} rows sent, {figures["tasks"]} tasks given out.");
            }

            table.Add($"{rows:#,0}", session, figures["tasks"], figures.Wall, figures["csv"], figures.Cpu, figures.Peak);
            return figures;
        }
    }

    private static async Task ResumeAfterYearsAsync(Workbench bench, Report report, Server server)
    {
        const int Rows = 6_000_000;
        const int Asked = 1000;
        report.Say($"The same of {Asked:#,0} rows, all accepted before, where the journal has {Rows:#,0}: once without the table of offsets beside it, which is then made, and in later sessions with it. A session that resumes the same rows on a journal of their own is taken off memory.\n");
        var csv = Deliveries.WriteCsv(bench, Asked);
        var journal = bench.NewFile(".jsonl");
        await JournalMaker.MakeAsync(journal, server.Address, Asked / Batch, Batch, withEnds: true);
        var small = await RunAsync();
        File.Delete(journal);

        await JournalMaker.MakeAsync(journal, server.Address, Rows / Batch, Batch, withEnds: true);
        var table = new Table("session", "file MB", "table MB", "wall s", "CPU s", "peak MB over a short journal");
        await AddAsync("makes the table");
        var later = await AddAsync("has it");
        File.Delete(journal);
        File.Delete($"{journal}.offsets");
        report.Add(table);
        report.Judge($"{Rows:#,0} rows, a later session over a short journal", 2, later.Wall - small.Wall, "s");
        report.Judge("its memory", 150, later.Peak - small.Peak, "MB");
        report.Say("");

        async Task<Figures> AddAsync(string name)
        {
            var figures = await RunAsync();
            table.Add(name, new FileInfo(journal).Length / 1048576.0, new FileInfo($"{journal}.offsets").Length / 1048576.0, figures.Wall, figures.Cpu, figures.Peak - small.Peak);
            return figures;
        }

        async Task<Figures> RunAsync()
        {
            await server.ResetAsync();
            var figures = await Workbench.RunScriptAsync("Resume", "-Module", bench.Options.Module, "-Server", server.Address.ToString(), "-Csv", csv, "-Journal", journal);
            return (await server.GetStatsAsync()).RowsAccepted == 0 && figures["tasks"] == Asked / Batch ? figures
                : throw new InvalidOperationException($"Not all of {Asked} rows were known: {figures["tasks"]} tasks given out.");
        }
    }
}
