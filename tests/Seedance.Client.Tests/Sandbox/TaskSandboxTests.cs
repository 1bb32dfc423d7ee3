using System.Globalization;
using System.Text.Json;
using Seedance.Sandbox;

namespace Seedance.Client.Tests;

public sealed class TaskSandboxTests
{
    private static readonly SandboxOptions s_tenSeconds = new() { ReviewTime = TimeRange.Seconds(10, 10) };

    [Fact]
    public void A_task_goes_from_pending_over_processing_to_its_end()
    {
        var caller = new SandboxCaller(s_tenSeconds);
        var created = caller.Time.GetUtcNow().ToUnixTimeSeconds();
        var id = Submit(caller, "a");
        var seen = new List<string>();
        for (var second = 0; second <= 11; second++)
        {
            var task = caller.Task(id);
            seen.Add(string.Create(CultureInfo.InvariantCulture, $"{task.GetProperty("status").GetString()} {task.GetProperty("progress").GetInt32()}"));
            Assert.Equal(created, task.GetProperty("created").GetInt64());
            Assert.Equal(10, task.GetProperty("estimated_time").GetInt32());
            Assert.Equal(second >= 10, task.TryGetProperty("result", out _));
            caller.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(
            ["pending 0", "pending 10", "processing 20", "processing 30", "processing 40", "processing 50", "processing 60",
             "processing 70", "processing 80", "processing 90", "completed 100", "completed 100"], seen);
        var final = caller.Task(id);
        Assert.Equal(created + 10, final.GetProperty("completed").GetInt64());
        Assert.Equal(10, final.GetProperty("actual_time").GetInt32());
        Assert.False(final.TryGetProperty("error", out _));
    }

    [Fact]
    public void Nothing_is_final_a_moment_before_its_time()
    {
        var caller = new SandboxCaller(s_tenSeconds);
        var id = Submit(caller, "a");

        caller.Time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.Equal("processing", caller.Task(id).GetProperty("status").GetString());
        caller.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("completed", caller.Task(id).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("task.assets.completed.json", "a", "b")]
    [InlineData("task.assets.partial.json", "a", "b-reject")]
    [InlineData("task.assets.single.json", "a")]
    public void A_finished_task_has_every_member_of_its_sample_in_the_same_kind(string sample, params string[] names)
    {
        var caller = new SandboxCaller(s_tenSeconds);
        var id = Submit(caller, names);
        caller.Time.Advance(TimeSpan.FromSeconds(10));

        AssertCovers(JsonDocument.Parse(SandboxCaller.Sample(sample)).RootElement, caller.Get("/v1/tasks/" + id), "$");
    }

    [Theory]
    [InlineData("", "部分素材审核失败")]
    [InlineData("?language=zh", "部分素材审核失败")]
    [InlineData("?language=en", "Some assets failed review")]
    [InlineData("?x=1&language=ja", "一部の素材が審査に合格しませんでした")]
    public void The_reason_comes_in_the_wanted_language(string query, string message)
    {
        var caller = new SandboxCaller(s_tenSeconds);
        var id = Submit(caller, "reject");
        caller.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(message, caller.Task(id, query).GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public void An_unknown_task_is_not_found()
    {
        var caller = new SandboxCaller();
        Assert.Equal("Task not found", caller.Refused(404, "/v1/tasks/task_none", null, "GET"));
        caller.Refused(404, "/v1/nothing", null, "GET");
        caller.Refused(405, SandboxCaller.PrivateAvatar, null, "GET");
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(null, "")]
    [InlineData(null, "Bearer ")]
    [InlineData(null, "Basic key")]
    [InlineData("right", "Bearer wrong")]
    public void Without_the_right_key_nothing_is_answered(string? expected, string? authorization)
    {
        var caller = new SandboxCaller(new SandboxOptions { ApiKey = expected });
        var answer = caller.Send("POST", SandboxCaller.PrivateAvatar, SandboxCaller.Batch("g", "a"), authorization);

        Assert.Equal(401, answer.Status);
        Assert.Equal("authentication_error", SandboxCaller.Root(answer).GetProperty("error").GetProperty("type").GetString());
        Assert.Empty(caller.Api.Submissions);
    }

    [Fact]
    public void The_same_seed_gives_the_same_answers_and_another_gives_others()
    {
        string Run(int seed)
        {
            var caller = new SandboxCaller(new SandboxOptions { Seed = seed });
            var id = Submit(caller, "a", "b", "c", "d");
            caller.Time.Advance(TimeSpan.FromSeconds(3));
            return caller.Get("/v1/tasks/" + id).GetRawText();
        }

        Assert.Equal(Run(7), Run(7));
        Assert.NotEqual(Run(7), Run(8));
    }

    [Fact]
    public void Ids_never_repeat_not_even_after_clearing()
    {
        var caller = new SandboxCaller(new SandboxOptions { ReviewTime = TimeRange.Seconds(0, 0) });
        var ids = new HashSet<string>();
        for (var round = 0; round < 200; round++)
        {
            var id = Submit(caller, "a", "b", "c");
            Assert.True(ids.Add(id));
            foreach (var asset in caller.Task(id).GetProperty("result").GetProperty("assets").EnumerateArray())
            {
                Assert.True(ids.Add(asset.GetProperty("asset_id").GetString()!));
            }

            if (round == 100)
            {
                caller.Api.Clear();
            }
        }
        Assert.Equal(99, caller.Api.Submissions.Count);
    }

    [Fact]
    public void The_tally_tells_rows_from_duplicates()
    {
        var caller = new SandboxCaller();
        Submit(caller, "a", "b");
        Submit(caller, "b", "c");
        caller.Post(SandboxCaller.PrivateAvatar, """{"group":{"name":"g"},"asset_type":"Video","url":"https://example.com/a.png"}""");
        caller.Post(SandboxCaller.PrivateAvatar, """{"group":{"name":"other"},"url":"https://example.com/a.png"}""");

        Assert.Equal(new SandboxTally(4, 4, 4, 0, 6, 5, 1), caller.Api.Tally);
        Assert.Equal([1L, 2, 3, 4], caller.Api.Submissions.Select(submission => submission.Number));
    }

    [Fact]
    public void Submissions_are_counted_even_when_they_are_not_kept()
    {
        var caller = new SandboxCaller(new SandboxOptions { KeepSubmissions = false });
        Submit(caller, "a", "b");

        Assert.Empty(caller.Api.Submissions);
        Assert.Equal(2, caller.Api.Tally.RowsAccepted);
    }

    [Fact]
    public async Task Submissions_from_many_threads_are_each_taken_once()
    {
        var caller = new SandboxCaller();
        await Parallel.ForAsync(0, 500, TestContext.Current.CancellationToken, (number, _) =>
        {
            Submit(caller, $"n{number}");
            return ValueTask.CompletedTask;
        });

        Assert.Equal(500, caller.Api.Submissions.Select(submission => submission.TaskId).Distinct().Count());
        Assert.Single(caller.Api.Submissions.Select(submission => submission.GroupId).Distinct());
        Assert.Equal(500, caller.Api.RequestCount);
    }

    private static string Submit(SandboxCaller caller, params string[] names) =>
        caller.Post(SandboxCaller.PrivateAvatar, SandboxCaller.Batch("g", names)).GetProperty("id").GetString()!;

    /// <summary>The actual answer must have all that the sample has; it may have more.</summary>
    private static void AssertCovers(JsonElement sample, JsonElement actual, string path)
    {
        Assert.True(sample.ValueKind == actual.ValueKind, $"{path} is {actual.ValueKind}, not {sample.ValueKind}.");
        if (sample.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in sample.EnumerateObject())
            {
                Assert.True(actual.TryGetProperty(member.Name, out var value), $"{path}.{member.Name} is missing.");
                AssertCovers(member.Value, value, $"{path}.{member.Name}");
            }
        }
        else if (sample.ValueKind == JsonValueKind.Array)
        {
            Assert.Equal(sample.GetArrayLength(), actual.GetArrayLength());
            foreach (var (expected, value) in sample.EnumerateArray().Zip(actual.EnumerateArray()))
            {
                AssertCovers(expected, value, path + "[]");
            }
        }
    }
}
