using System.Security.Cryptography;

namespace Seedance.Benchmarks.Parts;

/// <summary>Files on their way in and out: what they hold of memory, whatever their length.</summary>
internal static class Files
{
    private const int Mega = 1 << 20;

    public static async Task RunAsync(Workbench bench, Report report)
    {
        report.Section("Files");
        report.Say($"A video by `Save-SeedanceVideo` and a picture by `Send-SeedanceImage`, medians of {bench.Options.Rounds} sessions each; wall and allocations are the cmdlet's own. A session that only imports the module and connects is taken off memory; a download that lasts also gives the runtime time to compile its loops anew, which takes some 10 to 20 MB once, whatever the length. What arrived is compared with what was sent by its SHA-256.\n");
        var table = new Table("", "MB", "wall s", "MB a second", "CPU s", "peak MB over a connected session", "allocated MB");
        var connected = await MedianAsync(bench, () => Workbench.RunScriptAsync("Connected", "-Module", bench.Options.Module, "-Server", "http://127.0.0.1:1/"));
        var saved = new List<Figures>();
        foreach (var size in (int[])[2, 200, 2048])
        {
            saved.Add(Add("video saved", size, await MedianAsync(bench, () => SaveAsync(bench, size))));
        }

        var sent = new List<Figures>();
        foreach (var size in (int[])[1, 20])
        {
            sent.Add(Add("picture sent", size, await MedianAsync(bench, () => SendAsync(bench, size))));
        }

        report.Add(table);
        report.Judge("a video of 2,048 MB, peak over a connected session", 64, saved[^1].Peak - connected.Peak, "MB");
        report.Judge("of which over a video of 2 MB", 32, saved[^1].Peak - saved[0].Peak, "MB");
        report.Judge("a picture of 20 MB, peak over a connected session", 64, sent[^1].Peak - connected.Peak, "MB");
        report.Judge("of which over a picture of 1 MB", 16, sent[^1].Peak - sent[0].Peak, "MB");
        report.Say("");

        Figures Add(string what, int size, Figures figures)
        {
            table.Add(what, size, figures.Wall, size / figures.Wall, figures.Cpu, figures.Peak - connected.Peak, figures["allocated"]);
            return figures;
        }
    }

    private static async Task<Figures> SaveAsync(Workbench bench, int size)
    {
        await using var server = await Server.StartAsync("--video", "0s", "--video-bytes", $"{(long)size * Mega}");
        var (file, link) = (bench.NewFile(".mp4"), bench.NewFile(".txt"));
        return await MoveAsync(bench, "Save", server, file, link, size);
    }

    private static async Task<Figures> SendAsync(Workbench bench, int size)
    {
        await using var server = await Server.StartAsync();
        var (file, link) = (bench.NewFile(".png"), bench.NewFile(".txt"));
        await File.WriteAllBytesAsync(file, Picture(size * Mega));
        return await MoveAsync(bench, "Send", server, file, link, size);
    }

    private static async Task<Figures> MoveAsync(Workbench bench, string script, Server server, string file, string link, int size)
    {
        var figures = await Workbench.RunScriptAsync(script, "-Module", bench.Options.Module, "-Server", server.Address.ToString(), "-File", file, "-Link", link);
        using var http = new HttpClient();
        var here = await HashAsync(File.OpenRead(file));
        var there = await HashAsync(await http.GetStreamAsync(new Uri((await File.ReadAllTextAsync(link)).Trim())));
        if (here != there || new FileInfo(file).Length != (long)size * Mega)
        {
            throw new InvalidOperationException($"{script}: {new FileInfo(file).Length:#,0} bytes here, and not the {size} MB there.");
        }

        File.Delete(file);
        return figures;
    }

    private static async Task<string> HashAsync(Stream stream)
    {
        await using (stream)
        {
            return Convert.ToHexString(await SHA256.HashDataAsync(stream));
        }
    }

    private static async Task<Figures> MedianAsync(Workbench bench, Func<Task<Figures>> runAsync)
    {
        var runs = new List<Figures>();
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            runs.Add(await runAsync());
        }

        return Figures.Median(runs);
    }

    /// <summary>The head of a PNG of 1000 x 1000 pixels, and chance.</summary>
    private static byte[] Picture(int length)
    {
        var picture = new byte[length];
        new Random(1).NextBytes(picture);
        ((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 3, 232, 0, 0, 3, 232]).CopyTo(picture);
        return picture;
    }
}
