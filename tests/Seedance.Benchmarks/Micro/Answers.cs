using System.Text;
using BenchmarkDotNet.Attributes;

namespace Seedance.Benchmarks.Micro;

/// <summary>Reading what a look at a task brings, and writing what a submission sends.</summary>
[InProcess]
[MemoryDiagnoser]
public class Answers
{
    private readonly AssetBatch _batch = Samples.Batch(20);
    private readonly byte[] _underWay = Encoding.UTF8.GetBytes(
        """{"code":200,"data":{"id":"task_01K0123456789ABCDEFGHJKMN","status":"processing","progress":42,"created":1763712000,"estimated_time":180}}""");

    private readonly byte[] _ended = Samples.EndedAnswer(20);
    private readonly SeedanceTask _known = Samples.Task(20);

    /// <summary>A look that finds the task under way.</summary>
    [Benchmark]
    public object ReadUnderWay() => Read(_underWay);

    /// <summary>A look that finds twenty reviewed assets, and matches them to their rows.</summary>
    [Benchmark]
    public object ReadEnded() => Read(_ended);

    /// <summary>The body for twenty rows.</summary>
    [Benchmark]
    public object WriteRequest() => JsonBody.Create(_batch.ToRequest(), AssetRequestFormat.Default.AssetRequest);

    private SeedanceTask Read(byte[] body)
    {
        using var answer = ResponseReader.Read(200, body, new Endpoint(HttpMethod.Get, "v1/tasks/…", Effect.None));
        return TaskReader.Read(answer.Data, _known);
    }
}
