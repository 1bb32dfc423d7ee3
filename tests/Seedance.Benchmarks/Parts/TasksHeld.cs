using System.Net;
using System.Text;
using System.Threading.Channels;

namespace Seedance.Benchmarks.Parts;

/// <summary>What a wait holds a task, while none of its tasks ends.</summary>
internal static class TasksHeld
{
    public static async Task RunAsync(Workbench bench, Report report)
    {
        report.Section("Waiting");
        report.Say("Tasks known by their ids, none of which ends, each looked at once: live memory by the collector's own count, in a process of its own.\n");
        var table = new Table("tasks", "live MB", "bytes a task", "peak MB of the process");
        foreach (var count in (int[])[1000, 10_000, 100_000])
        {
            var figures = await Workbench.RunSelfAsync("hold", $"{count}");
            table.Add($"{count:#,0}", figures["live"] / 1048576, figures["live"] / count, figures.Peak);
        }

        report.Add(table);
    }

    /// <summary>The measured process.</summary>
    public static async Task RunAsync(int count)
    {
        using var answers = new StillUnderWay();
        await using var connection = new SeedanceConnection(new SeedanceConnectionOptions
        {
            BaseUri = new Uri("http://127.0.0.1:1"),
            Handler = answers,
            NoJournal = true,
            RequestsPerSecond = 10_000,
            Concurrency = 64,
        });
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var tasks = Channel.CreateUnbounded<SeedanceTask>();
        for (var i = 0; i < count; i++)
        {
            tasks.Writer.TryWrite(new SeedanceTask { TaskId = $"task_01K{i:D23}" });
        }

        using var stop = new CancellationTokenSource();
        var waiting = Task.Run(async () =>
        {
            await foreach (var next in connection.CreateWaiter().WaitAsync(tasks.Reader, new WaitOptions { Timeout = TimeSpan.FromDays(1), PollInterval = TimeSpan.FromHours(1) }, stop.Token))
            {
                // Nothing ends here.
            }
        });
        while (answers.Count < count && !waiting.IsCompleted)
        {
            await Task.Delay(100);
        }

        await Task.Delay(500);
        var live = GC.GetTotalMemory(forceFullCollection: true) - before;
        Figures.Tell(new Dictionary<string, double> { ["wall"] = 0, ["live"] = live });
        await stop.CancelAsync();
        await Task.WhenAny(waiting);
    }

    private sealed class StillUnderWay : HttpMessageHandler
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            var id = request.RequestUri!.Segments[^1];
            var json = $$$"""{"code":200,"data":{"id":"{{{id}}}","status":"processing","progress":42,"created":1763712000,"estimated_time":180}}""";
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(json, Encoding.UTF8, "application/json"), RequestMessage = request });
        }
    }
}
