using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;

namespace Seedance.Benchmarks.Micro;

/// <summary>From rows to answered requests, without network or journal.</summary>
[InProcess]
[MemoryDiagnoser]
public class Batching
{
    private const int Rows = 2000;

    private readonly Accepting _api = new();
    private SeedanceConnection _connection = null!;
    private AssetSource[] _rows = null!;

    /// <summary>The number of groups that the rows come in turn of.</summary>
    [Params(1, 40)]
    public int Groups { get; set; }

    /// <summary>Rows of a few groups, mixed.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        var groups = Enumerable.Range(0, Groups).Select(i => new AvatarGroup { GroupId = $"group_{i}" }).ToArray();
        _rows = [.. Enumerable.Range(0, Rows).Select(i => Samples.Source(i) with { Group = groups[i % Groups] })];
        _connection = new SeedanceConnection(new SeedanceConnectionOptions { Handler = _api, NoJournal = true, RequestsPerSecond = 10_000, Concurrency = 64 });
    }

    /// <summary>For each row.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public async Task<int> Submit()
    {
        var tasks = 0;
        await foreach (var next in _connection.CreateSubmitter().SubmitAsync(_rows, new SubmitOptions { ThrottleLimit = 16 }))
        {
            tasks += next is TaskAccepted ? 1 : throw new InvalidOperationException(next.ToString());
        }

        return tasks;
    }

    private sealed class Accepting : HttpMessageHandler
    {
        private int _count;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await request.Content!.CopyToAsync(Stream.Null, cancellationToken);
            var json = $$$"""{"code":200,"data":{"id":"task_{{{Interlocked.Increment(ref _count)}}}","status":"processing","progress":10}}""";
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(json, Encoding.UTF8, "application/json"), RequestMessage = request };
        }
    }
}
