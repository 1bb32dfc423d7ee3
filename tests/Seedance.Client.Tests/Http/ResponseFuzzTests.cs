using System.Text;

namespace Seedance.Client.Tests.Http;

/// <summary>
/// Whatever a server sends, only <see cref="SeedanceException"/> comes out. The seed of a failing body is printed:
/// <c>SEEDANCE_FUZZ_SEED=n</c> runs that one alone, <c>SEEDANCE_FUZZ_BODIES=n</c> runs more.
/// </summary>
public sealed class ResponseFuzzTests(ITestOutputHelper output)
{
    private static readonly int[] s_statuses = [.. Enumerable.Repeat(200, 20), 201, 204, 400, 401, 402, 404, 408, 429, 500, 502, 503, 504];
    private static readonly AssetSource[] s_sources = [new("https://example.com/a?s=1") { Name = "avatar-a" }, new("https://example.com/b") { Name = "avatar-b" }];

    [Fact]
    public void Only_SeedanceException_comes_out_of_a_hundred_thousand_broken_answers()
    {
        var first = Setting("SEEDANCE_FUZZ_SEED");
        var count = first is null ? Setting("SEEDANCE_FUZZ_BODIES") ?? 120_000 : 1;
        int read = 0, refused = 0, tasks = 0;
        Parallel.For(first ?? 1, (first ?? 1) + count, seed =>
        {
            var mutator = new ResponseMutator(seed);
            var body = mutator.Next();
            var status = s_statuses[seed / 3 % s_statuses.Length];
            var isPost = seed % 3 == 0;
            try
            {
                using var answer = ResponseReader.Read(status, body, Endpoints.From(isPost));
                Interlocked.Increment(ref read);
                Interlocked.Add(ref tasks, ReadAll(answer));
            }
            catch (SeedanceException e) when (e.Message.Length > 0 && e.RecommendedAction.Length > 0)
            {
                Interlocked.Increment(ref refused);
            }
            catch (Exception e) when (e is not Xunit.Sdk.IAssertionException)
            {
                Assert.Fail($"SEEDANCE_FUZZ_SEED={seed}, status {status}, {e.GetType().Name}: {e.Message}\n{e.StackTrace}\n{Encoding.UTF8.GetString(body)}");
            }
        });
        output.WriteLine($"{count} bodies from seed {first ?? 1}: {read} read ({tasks} with a task id), {refused} refused");

        // Both ways must be well trodden, or the mutations are too wild or too tame.
        Assert.True(first is not null || (read > count / 10 && refused > count / 10 && tasks > count / 20));
    }

    [Fact]
    public void A_seed_gives_the_same_body_again() =>
        Assert.All(Enumerable.Range(1, 200), seed => Assert.Equal(new ResponseMutator(seed).Next(), new ResponseMutator(seed).Next()));

    /// <summary>All that is ever read of an answer.</summary>
    private static int ReadAll(ApiResponse answer)
    {
        var id = answer.Data.TaskId();
        var task = TaskReader.Read(answer.Data, new SeedanceTask { TaskId = id ?? "t", Sources = s_sources });
        _ = TaskReader.GroupId(answer.Data, answer.Root);
        _ = answer.Root.Error();

        // What is read is kept and shown: in the journal, and as JSON.
        var line = JournalMapper.Final(task, "account", DateTimeOffset.UnixEpoch);
        var written = new System.Buffers.ArrayBufferWriter<byte>();
        JournalLineWriter.Write(written, line);
        _ = new JournalLineReader().Read(written.WrittenSpan);
        _ = task.ToString() + task.Error + task.RawJson + string.Concat(task.Assets) + string.Concat(task.Videos);
        Assert.True(task.Assets.Count == task.UsableAssets.Count + task.FailedAssets.Count && task.Progress is >= 0 and <= 100);
        return id is null ? 0 : 1;
    }

    private static int? Setting(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : null;
}
