using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Seedance.Benchmarks.Parts;

namespace Seedance.Benchmarks;

/// <summary>
/// What the module is measured against: the least that does the work. 20 rows a request, 16 requests at once, then a
/// look after one second and every half second. No journal, no retry, no limits; the first failure ends it.
/// </summary>
internal static class BareLoop
{
    private static readonly TimeSpan s_firstLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(0.5);

    public static async Task RunAsync(Uri server, string csv)
    {
        var clock = Stopwatch.StartNew();
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Deliveries.Connections }) { BaseAddress = server };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "bench");
        using var posts = new SemaphoreSlim(Deliveries.PostsAtOnce);
        var deliveries = new List<Task<int>>();
        foreach (var rows in File.ReadLines(csv).Skip(1).Chunk(20))
        {
            await posts.WaitAsync();
            deliveries.Add(DeliverAsync(http, rows, posts));
        }

        var usable = await Task.WhenAll(deliveries);
        Figures.Tell(new Dictionary<string, double> { ["wall"] = clock.Elapsed.TotalSeconds, ["usable"] = usable.Sum() });
    }

    private static async Task<int> DeliverAsync(HttpClient http, string[] rows, SemaphoreSlim posts)
    {
        string id;
        try
        {
            var assets = rows.Select(row => row.Split(',')).Select(cells => new { url = cells[0].Trim('"'), name = cells[1].Trim('"') });
            using var body = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new { group = new { name = "bench" }, assets }));
            body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await http.PostAsync(new Uri("v1/seedance2/private-avatar", UriKind.Relative), body);
            using var answer = await ReadAsync(response);
            id = answer.RootElement.GetProperty("data").GetProperty("id").GetString()!;
        }
        finally
        {
            posts.Release();
        }

        for (var wait = s_firstLook; ; wait = s_interval)
        {
            await Task.Delay(wait);
            using var response = await http.GetAsync(new Uri($"v1/tasks/{id}", UriKind.Relative));
            using var answer = await ReadAsync(response);
            var task = answer.RootElement.GetProperty("data");
            if (task.GetProperty("status").GetString() is "completed" or "failed")
            {
                return task.GetProperty("result").GetProperty("usable_assets").GetArrayLength();
            }
        }
    }

    private static async Task<JsonDocument> ReadAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync());
}
