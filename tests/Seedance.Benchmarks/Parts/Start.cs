namespace Seedance.Benchmarks.Parts;

/// <summary>What a session pays before anything is done.</summary>
internal static class Start
{
    private const int Sessions = 15;

    public static async Task RunAsync(Workbench bench, Report report)
    {
        report.Section("Start");
        report.Say($"Milliseconds inside the session, medians of {Sessions} fresh sessions each. The requests go to the sandbox server, which answers at once.\n");
        await using var server = await Server.StartAsync("--review", "0s");
        var module = new List<Figures>();
        var nothing = new List<Figures>();
        for (var i = 0; i < Sessions; i++)
        {
            module.Add(await Workbench.RunScriptAsync("Start", "-Module", bench.Options.Module, "-Server", server.Address.ToString()));
            nothing.Add(await Workbench.RunScriptAsync("StartEmpty", "-Folder", bench.NewFile("")));
        }

        var median = Figures.Median(module);
        var empty = Figures.Median(nothing);
        var table = new Table("", "ms");
        table.Add("`Import-Module` of a module that holds nothing", empty["import"]);
        table.Add("`Import-Module Seedance`", median["import"]);
        table.Add("then `Connect-Seedance`, the first cmdlet called", median["connect"]);
        table.Add("then `New-SeedanceAvatarGroup`", median["group"]);
        table.Add("then `Submit-SeedanceAsset`, the first request", median["submit"]);
        table.Add("`Submit-SeedanceAsset` again", median["again"]);
        report.Add(table);
        report.Judge("`Import-Module`", 40, median["import"], "ms");
        report.Judge("first cmdlet call", 60, median["connect"], "ms");
        report.Say("");
    }
}
