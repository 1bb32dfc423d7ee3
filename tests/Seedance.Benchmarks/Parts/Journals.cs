namespace Seedance.Benchmarks.Parts;

/// <summary>Reading assets back out of long journals.</summary>
internal static class Journals
{
    private const int Sessions = 3;

    private static readonly Uri s_nobody = new("http://127.0.0.1:1/");

    public static async Task RunAsync(Workbench bench, Report report)
    {
        report.Section("Recall");
        report.Say($"`Get-SeedanceAsset` over a journal of so many lines, each request with one row (three lines an asset) or with twenty: once giving out every asset, once looking for one name. An empty session is taken off memory. Medians of {Sessions} sessions.\n");
        var empty = await Deliveries.EmptySessionAsync();
        var table = new Table("lines", "rows a request", "file MB", "assets", "all s", "one name s", "peak MB over empty");
        var last = empty;
        foreach (var (lines, rows) in ((int, int)[])[(50_000, 20), (10_000, 1), (100_000, 1), (1_000_000, 1)])
        {
            var journal = bench.NewFile(".jsonl");
            await JournalMaker.MakeAsync(journal, s_nobody, requests: lines / 3, rows, withEnds: true);
            var runs = new List<Figures>();
            for (var i = 0; i < Sessions; i++)
            {
                runs.Add(await Workbench.RunScriptAsync("Recall", "-Module", bench.Options.Module, "-Server", s_nobody.ToString(), "-Journal", journal));
            }

            last = Figures.Median(runs);
            if (last["assets"] != lines / 3 * rows || last["found"] != 1)
            {
                throw new InvalidOperationException($"{last["assets"]} assets of {lines / 3 * rows}, {last["found"]} found.");
            }

            table.Add($"{lines:#,0}", rows, new FileInfo(journal).Length / 1048576.0, last["assets"], last.Wall, last["search"], last.Peak - empty.Peak);
            File.Delete(journal);
        }

        report.Add(table);
        report.Judge("1,000,000 lines, every asset", 1.5, last.Wall, "s");
        report.Say("");
    }
}
