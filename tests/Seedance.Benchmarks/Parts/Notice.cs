namespace Seedance.Benchmarks.Parts;

/// <summary>How soon the end of a task is noticed, and with how many looks, where reviews take minutes.</summary>
internal static class Notice
{
    private const int Rows = 4000;

    public static async Task RunAsync(Workbench bench, Report report)
    {
        report.Section("Noticing the end of a review");
        report.Say($"{Rows:#,0} rows, reviews of 60–180 s, the module with its own schedule. (Reviews of 2–4 s: the delivery above.)\n");
        await using var server = await Server.StartAsync("--review", "60s..180s", "--latency", "50ms");
        await Workbench.RunScriptAsync("Module", "-Module", bench.Options.Module, "-Server", server.Address.ToString(), "-Csv", Deliveries.WriteCsv(bench, Rows),
            "-Journal", bench.NewFile(".jsonl"), "-PostsAtOnce", $"{Deliveries.PostsAtOnce}", "-Connections", $"{Deliveries.Connections}");
        var stats = await server.GetStatsAsync();
        var table = new Table("", "tasks", "looks a task", "notice delay s", "of the mean duration");
        table.Add("60–180 s", stats.TasksNoticed, (double)stats.GetsReceived / stats.TasksNoticed, stats.MeanNoticeDelay, FormattableString.Invariant($"{stats.MeanNoticeDelay / 120:0.0 %}"));
        report.Add(table);
        report.Judge("looks a task", 8, (double)stats.GetsReceived / stats.TasksNoticed, "");
        report.Judge("mean notice delay, of a mean duration of 120 s", 10, stats.MeanNoticeDelay / 120 * 100, "%");
        report.Say("");
    }
}
