using System.Text;
using System.Text.Json;
using Seedance.Sandbox;
using Seedance.Sandbox.Faults;

namespace Seedance.Client.Tests;

public sealed class TaskFaultTests
{
    private const string Accented = "Zoë ";

    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(null, "Task not found")]
    [InlineData(404, "Task not found")]
    [InlineData(400, "task_not_exist")]
    public void A_task_is_unknown_for_a_while_after_its_acceptance(int? status, string message)
    {
        var caller = Caller(new TaskFault { HiddenFor = 2 * s_second, HiddenStatus = status });
        var id = Submit(caller, "a");
        var path = "/v1/tasks/" + id;

        var unknown = caller.Send("GET", path);
        var error = SandboxCaller.Root(unknown).GetProperty("error");
        Assert.Equal((status ?? 404, message), (unknown.Status, error.GetProperty("message").GetString()));
        Assert.Equal(status == 400 ? "task_not_exist" : "404", error.GetProperty("code").ToString());
        Assert.Equal(1, caller.Api.Tally.PostsAccepted);

        caller.Time.Advance((2 * s_second) - TimeSpan.FromTicks(1));
        Assert.NotEqual(200, caller.Send("GET", path).Status);
        caller.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(200, caller.Send("GET", path).Status);
    }

    [Fact]
    public void A_task_is_unknown_for_a_number_of_queries()
    {
        var caller = Caller(new TaskFault { HiddenQueries = 2 });
        var path = "/v1/tasks/" + Submit(caller, "a");

        Assert.Equal([404, 404, 200], Enumerable.Range(0, 3).Select(_ => caller.Send("GET", path).Status));
    }

    [Fact]
    public void A_task_ends_before_its_result_is_there()
    {
        var caller = Caller(new TaskFault { ResultDelay = 5 * s_second });
        var id = Submit(caller, "a", "b");
        caller.Time.Advance(3 * s_second);

        var early = caller.Task(id);
        Assert.Equal("completed", early.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, early.GetProperty("result").ValueKind);
        caller.Time.Advance(5 * s_second);
        Assert.Equal(2, Assets(caller.Task(id)).Length);
    }

    [Fact]
    public void A_part_of_the_results_comes_first()
    {
        var caller = Caller(new TaskFault { ResultDelayQueries = 1, EarlyResults = 1 });
        var id = Submit(caller, "a", "b", "c");
        caller.Time.Advance(3 * s_second);

        Assert.Equal([1, 3, 3], Enumerable.Range(0, 3).Select(_ => Assets(caller.Task(id)).Length));
    }

    [Fact]
    public void A_delay_by_queries_begins_with_the_first_that_sees_the_end()
    {
        var caller = Caller(new TaskFault { ResultDelayQueries = 1 });
        var id = Submit(caller, "a");
        Assert.Equal("pending", caller.Task(id).GetProperty("status").GetString());
        caller.Time.Advance(3 * s_second);

        Assert.Equal(JsonValueKind.Null, caller.Task(id).GetProperty("result").ValueKind);
        Assert.Equal(JsonValueKind.Object, caller.Task(id).GetProperty("result").ValueKind);
    }

    [Theory]
    [InlineData(null, "failed", true)]
    [InlineData("cancelled", "cancelled", true)]
    [InlineData("EXPIRED", "EXPIRED", true)]
    [InlineData("completed", "completed", false)]
    public void A_task_ends_as_a_whole_without_assets(string? status, string expected, bool hasError)
    {
        var task = Finish(new TaskFault { NoResult = true, Status = status }, "a", "b");

        Assert.Equal(expected, task.GetProperty("status").GetString());
        Assert.False(task.TryGetProperty("result", out _));
        Assert.Equal(hasError, task.TryGetProperty("error", out _));
    }

    [Fact]
    public void A_result_can_be_there_and_hold_nothing()
    {
        var task = Finish(new TaskFault { EmptyResult = true }, "a", "b");
        Assert.Equal(("completed", "{}"), (task.GetProperty("status").GetString(), task.GetProperty("result").GetRawText()));
    }

    [Fact]
    public void Text_can_stand_behind_everything_that_a_result_says()
    {
        const string Escape = "\e[31m\a";
        var asset = Assets(Finish(new TaskFault { AppendedText = Escape }, "a", "b"))[0];

        foreach (var text in new[] { IdOf(asset), StatusOf(asset), NameOf(asset), asset.GetProperty("asset_url").GetString() })
        {
            Assert.EndsWith(Escape, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Error_words_and_form_can_be_chosen()
    {
        var fault = new TaskFault { NoResult = true, ErrorCode = "InvalidParameter.TaskTypeMismatch", ErrorMessage = "no" };
        var error = Finish(fault, "a").GetProperty("error");

        Assert.Equal(("InvalidParameter.TaskTypeMismatch", "no"), (error.GetProperty("code").GetString(), error.GetProperty("message").GetString()));
        Assert.Equal("no", Finish(fault with { PlainError = true }, "a").GetProperty("error").GetString());
    }

    [Fact]
    public void Words_for_the_status_can_be_chosen()
    {
        var caller = Caller(new TaskFault { PendingStatus = "in_progress", Status = "SUCCEED" });
        var id = Submit(caller, "a");

        Assert.Equal("in_progress", caller.Task(id).GetProperty("status").GetString());
        caller.Time.Advance(3 * s_second);
        Assert.Equal("SUCCEED", caller.Task(id).GetProperty("status").GetString());
        Assert.Single(Assets(caller.Task(id)));
    }

    [Fact]
    public void A_later_end_supersedes_a_failure()
    {
        var caller = Caller(new TaskFault { FirstStatus = "failed", SupersededAfter = 4 * s_second });
        var id = Submit(caller, "a");
        caller.Time.Advance(3 * s_second);

        var first = caller.Task(id);
        Assert.Equal("failed", first.GetProperty("status").GetString());
        Assert.False(first.TryGetProperty("result", out _));
        caller.Time.Advance(4 * s_second);
        Assert.Equal(("completed", 1), (caller.Task(id).GetProperty("status").GetString(), Assets(caller.Task(id)).Length));
    }

    [Fact]
    public void A_later_end_supersedes_a_success()
    {
        var caller = Caller(new TaskFault { FirstStatus = "completed", SupersededAfterQueries = 1 });
        var id = Submit(caller, "a-reject");
        caller.Time.Advance(3 * s_second);

        var (first, second) = (caller.Task(id), caller.Task(id));
        Assert.Equal(("completed", "Active"), (first.GetProperty("status").GetString(), StatusOf(Assets(first)[0])));
        Assert.False(first.TryGetProperty("error", out _));
        Assert.Equal(("failed", "Failed"), (second.GetProperty("status").GetString(), StatusOf(Assets(second)[0])));
    }

    [Fact]
    public void Results_can_be_fewer_more_and_repeated()
    {
        string[] Names(TaskFault fault) => [.. Assets(Finish(fault with { Shuffled = false }, "a", "b", "c")).Select(NameOf)!];

        Assert.Equal(["a", "b"], Names(new TaskFault { OmittedResults = 1 }));
        Assert.Equal([], Names(new TaskFault { OmittedResults = 20 }));
        Assert.Equal(["a", "b", "c", "extra-1", "extra-2"], Names(new TaskFault { ExtraResults = 2 }));
        Assert.Equal(["a", "b", "c", "a"], Names(new TaskFault { RepeatedResults = 1 }));
        Assert.Equal(["a", "b", "a", "extra-1"], Names(new TaskFault { OmittedResults = 1, RepeatedResults = 1, ExtraResults = 1 }));
    }

    [Fact]
    public void A_repeated_result_is_the_same_asset_and_one_more_is_another()
    {
        var repeated = Assets(Finish(new TaskFault { RepeatedResults = 2 }, "a", "b"));
        var extra = Assets(Finish(new TaskFault { ExtraResults = 2 }, "a", "b"));

        Assert.Equal(2, repeated.Select(IdOf).Distinct().Count());
        Assert.Equal(4, extra.Select(IdOf).Distinct().Count());
    }

    [Fact]
    public void Results_can_lack_names()
    {
        var task = Finish(new TaskFault { UnnamedResults = 2, Shuffled = false }, "a", "b", "c");
        Assert.Equal([null, null, "c"], Assets(task).Select(NameOf));
    }

    [Fact]
    public void Results_can_come_in_parts_only()
    {
        var result = Finish(new TaskFault { PartsOnly = true }, "a", "b-reject", "c").GetProperty("result");

        Assert.False(result.TryGetProperty("assets", out _));
        Assert.Equal((2, 1), (result.GetProperty("usable_assets").GetArrayLength(), result.GetProperty("failed_assets").GetArrayLength()));
    }

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 2)]
    public void Rows_can_become_one_asset(bool merged, int listed)
    {
        var assets = Assets(Finish(new TaskFault { SharedAssets = 2, MergesShared = merged }, "a", "b", "c"));

        Assert.Equal(listed, assets.Length);
        Assert.Equal(2, assets.Select(IdOf).Distinct().Count());
    }

    [Theory]
    [InlineData(NameChange.LowerCase, "zoë ")]
    [InlineData(NameChange.UpperCase, "ZOË ")]
    [InlineData(NameChange.Nfd, "Zoe\u0308 ")]
    [InlineData(NameChange.Trim, "Zoë")]
    [InlineData(NameChange.HtmlEscape, "Zo&#235; ")]
    [InlineData(NameChange.PercentEncode, "Zo%C3%AB%20")]
    public void Echoes_can_be_altered(NameChange change, string expected) =>
        Assert.Equal(expected, NameOf(Assets(Finish(new TaskFault { NameChanges = [change] }, Accented))[0]));

    [Fact]
    public void Echoes_can_be_altered_in_several_ways_one_after_the_other()
    {
        Assert.Equal("zoe\u0308", Echo(Accented, new TaskFault { NameChanges = [NameChange.LowerCase, NameChange.Nfd], NameLength = 4 }));
        Assert.Equal(Accented, Echo(Accented.Normalize(NormalizationForm.FormD), new TaskFault { NameChanges = [NameChange.Nfc] }));
        Assert.Equal("ab", Echo("ab👩🏽", new TaskFault { NameLength = 3 }));
    }

    [Fact]
    public void Echoes_can_stand_beside_the_id()
    {
        var asset = Assets(Finish(new TaskFault { PlainNames = true }, "a"))[0];
        Assert.Equal(("a", false), (asset.GetProperty("name").GetString(), asset.TryGetProperty("raw_response", out _)));
    }

    [Fact]
    public void Orders_for_the_same_task_apply_together_and_the_later_one_holds()
    {
        var caller = Caller(
            new TaskFault { Shuffled = false, OmittedResults = 1 },
            new TaskFault { NameChanges = [NameChange.UpperCase], OmittedResults = 2 });
        var id = Submit(caller, "a", "b", "c");
        caller.Time.Advance(3 * s_second);

        Assert.Equal(["A"], Assets(caller.Task(id)).Select(NameOf));
    }

    [Theory]
    [InlineData(GroupIdTime.Early, true, false)]
    [InlineData(GroupIdTime.Late, false, true)]
    [InlineData(GroupIdTime.Both, true, true)]
    [InlineData(GroupIdTime.Never, false, false)]
    public void The_groups_id_is_told_early_late_or_never(GroupIdTime time, bool early, bool late)
    {
        var caller = Caller(new TaskFault { GroupId = time });
        var accepted = caller.Post(SandboxCaller.PrivateAvatar, SandboxCaller.Batch("g", "a"));
        var id = accepted.GetProperty("id").GetString()!;
        Assert.False(caller.Task(id).TryGetProperty("result", out _));
        caller.Time.Advance(3 * s_second);
        var result = caller.Task(id).GetProperty("result");

        Assert.Equal((early, late), (accepted.TryGetProperty("group_id", out _), result.TryGetProperty("group_id", out var told)));
        if (late)
        {
            Assert.Equal(caller.Api.Submissions[0].GroupId, told.GetString());
        }
    }

    [Fact]
    public void Orders_can_be_for_some_submissions_only()
    {
        var caller = Caller(new TaskFault { Contains = "hide", HiddenFor = s_second, Count = 1, After = 1 });
        string[] ids = [Submit(caller, "a"), Submit(caller, "hide-1"), Submit(caller, "hide-2"), Submit(caller, "hide-3")];

        Assert.Equal([200, 200, 404, 200], ids.Select(id => caller.Send("GET", "/v1/tasks/" + id).Status));
        Assert.Equal((3, 1), (caller.Api.TaskFaults.Orders[0].Matched, caller.Api.TaskFaults.Orders[0].Struck));
    }

    [Fact]
    public void Chance_follows_the_seed()
    {
        int[] Run(int seed)
        {
            var caller = new SandboxCaller(new SandboxOptions { Seed = seed, TaskFaults = [new TaskFault { HiddenFor = s_second, Probability = 0.4 }] });
            return [.. Enumerable.Range(0, 50).Select(number => caller.Send("GET", "/v1/tasks/" + Submit(caller, $"a{number}")).Status)];
        }

        Assert.Equal(Run(1), Run(1));
        Assert.NotEqual(Run(1), Run(2));
        Assert.Contains(200, Run(1));
        Assert.Contains(404, Run(1));
    }

    [Fact]
    public void What_contradicts_itself_is_refused()
    {
        var caller = new SandboxCaller();
        foreach (var fault in new TaskFault[]
        {
            new() { HiddenStatus = 500 }, new() { OmittedResults = -1 }, new() { FirstStatus = "failed" },
            new() { SupersededAfter = s_second }, new() { Probability = 2 },
        })
        {
            Assert.Throws<ArgumentException>(() => caller.Api.TaskFaults.Order(fault));
        }
    }

    [Fact]
    public void Links_frames_and_costs_of_a_video_come_in_every_place_and_time()
    {
        var caller = Caller(new TaskFault { PlainLinks = true, NoExpiry = true, LastFrame = PlaceInResult.Item, CostDelay = 2 * s_second, UsageDelay = 4 * s_second });
        var id = caller.Post(SandboxCaller.Videos, """{"model":"m","prompt":"x","return_last_frame":true}""")[0].GetProperty("task_id").GetString()!;
        caller.Time.Advance(6 * s_second);
        var ended = caller.Task(id);
        var video = ended.GetProperty("result").GetProperty("videos")[0];

        Assert.Equal(JsonValueKind.String, video.GetProperty("url").ValueKind);
        Assert.False(video.TryGetProperty("expires_at", out _));
        Assert.EndsWith("-last.png", video.GetProperty("last_frame_url").GetString());
        Assert.False(ended.GetProperty("result").TryGetProperty("last_frame_url", out _));
        Assert.False(ended.TryGetProperty("usage", out _));
        caller.Time.Advance(4 * s_second);
        var later = caller.Task(id);
        Assert.Equal(0.71m, later.GetProperty("cost").GetDecimal());
        Assert.Equal(71_000, later.GetProperty("usage").GetProperty("completion_tokens").GetInt64());
    }

    private static SandboxCaller Caller(params TaskFault[] faults) => new(new SandboxOptions { TaskFaults = faults });

    private static string Submit(SandboxCaller caller, params string[] names) =>
        caller.Post(SandboxCaller.PrivateAvatar, SandboxCaller.Batch("g", names)).GetProperty("id").GetString()!;

    private static JsonElement Finish(TaskFault fault, params string[] names)
    {
        var caller = Caller(fault);
        var id = Submit(caller, names);
        caller.Time.Advance(3 * s_second);
        return caller.Task(id);
    }

    private static string? Echo(string name, TaskFault fault) => NameOf(Assets(Finish(fault, name))[0]);

    private static JsonElement[] Assets(JsonElement task) => [.. task.GetProperty("result").GetProperty("assets").EnumerateArray()];

    private static string IdOf(JsonElement asset) => asset.GetProperty("asset_id").GetString()!;

    private static string? StatusOf(JsonElement asset) => asset.GetProperty("status").GetString();

    private static string? NameOf(JsonElement asset) =>
        asset.TryGetProperty("raw_response", out var raw) ? raw.GetProperty("Result").GetProperty("Name").GetString() : null;
}
