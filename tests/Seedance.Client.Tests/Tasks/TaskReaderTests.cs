using System.Globalization;
using System.Text.Json;

namespace Seedance.Client.Tests.Api;

/// <summary>Tolerant in what is read: every irregularity that the contract names, and its relatives.</summary>
public sealed class TaskReaderTests
{
    [Theory]
    [InlineData("pending", SeedanceTaskStatus.Pending)]
    [InlineData("not_start", SeedanceTaskStatus.Pending)]
    [InlineData("NOT_START", SeedanceTaskStatus.Pending)]
    [InlineData("In-Progress", SeedanceTaskStatus.Processing)]
    [InlineData("done", SeedanceTaskStatus.Completed)]
    [InlineData("Complete", SeedanceTaskStatus.Completed)]
    [InlineData("finished", SeedanceTaskStatus.Completed)]
    [InlineData("succeed", SeedanceTaskStatus.Completed)]
    [InlineData("fail", SeedanceTaskStatus.Failed)]
    [InlineData("FAILURE", SeedanceTaskStatus.Failed)]
    [InlineData("rejected", SeedanceTaskStatus.Failed)]
    [InlineData("timeout", SeedanceTaskStatus.Failed)]
    [InlineData("submitted", SeedanceTaskStatus.Pending)]
    [InlineData("queued", SeedanceTaskStatus.Pending)]
    [InlineData("processing", SeedanceTaskStatus.Processing)]
    [InlineData("running", SeedanceTaskStatus.Processing)]
    [InlineData("in_progress", SeedanceTaskStatus.Processing)]
    [InlineData("completed", SeedanceTaskStatus.Completed)]
    [InlineData("success", SeedanceTaskStatus.Completed)]
    [InlineData("succeeded", SeedanceTaskStatus.Completed)]
    [InlineData("SUCCESS", SeedanceTaskStatus.Completed)]
    [InlineData(" Completed ", SeedanceTaskStatus.Completed)]
    [InlineData("failed", SeedanceTaskStatus.Failed)]
    [InlineData("error", SeedanceTaskStatus.Failed)]
    [InlineData("expired", SeedanceTaskStatus.Failed)]
    [InlineData("cancelled", SeedanceTaskStatus.Cancelled)]
    [InlineData("canceled", SeedanceTaskStatus.Cancelled)]
    [InlineData("reviewing", SeedanceTaskStatus.Unknown)]
    [InlineData("finished?", SeedanceTaskStatus.Unknown)]
    [InlineData("", SeedanceTaskStatus.Unknown)]
    [InlineData("完成", SeedanceTaskStatus.Unknown)]
    public void Every_status_word_is_known_and_an_unknown_one_is_not_final(string word, SeedanceTaskStatus status)
    {
        var task = Read($$"""{"status":"{{word}}"}""");
        Assert.Equal(status, task.Status);
        Assert.Equal(word.Length == 0 ? null : word, task.RawStatus);
        Assert.Equal(status is SeedanceTaskStatus.Completed or SeedanceTaskStatus.Failed or SeedanceTaskStatus.Cancelled, task.IsFinal);
    }

    [Theory]
    [InlineData("""{"assets":[{"asset_id":"x","status":"Active"},{"asset_id":"y","status":"Active"}]}""", SeedanceTaskStatus.Completed)]
    [InlineData("""{"assets":[{"asset_id":"x","status":"Active"},{"asset_id":"y","status":"Failed"}]}""", SeedanceTaskStatus.Failed)]
    [InlineData("""{"usable_assets":[{"asset_id":"x"}],"failed_assets":[{"asset_id":"y"}]}""", SeedanceTaskStatus.Failed)]
    [InlineData("""{"assets":[{"asset_id":"x","status":"Active"}]}""", SeedanceTaskStatus.Unknown)]
    [InlineData("""{"assets":[{"asset_id":"x","status":"Active"},{"asset_id":"y","status":"Processing"}]}""", SeedanceTaskStatus.Unknown)]
    [InlineData("""{"assets":[{"asset_id":"x","status":"Active"},{"asset_id":"y"}]}""", SeedanceTaskStatus.Unknown)]
    [InlineData("{}", SeedanceTaskStatus.Unknown)]
    public void Whatever_the_word_a_task_whose_result_is_whole_is_final(string result, SeedanceTaskStatus status)
    {
        var known = new SeedanceTask { TaskId = "t", Kind = TaskKind.Asset, Sources = [new AssetSource("https://example.com/a"), new AssetSource("https://example.com/b")] };
        var task = Read($$"""{"status":"ready","result":{{result}}}""", known);
        Assert.Equal((status, "ready"), (task.Status, task.RawStatus));
        Assert.Equal(SeedanceTaskStatus.Processing, Read($$"""{"status":"processing","result":{{result}}}""", known).Status);
    }

    [Fact]
    public void Whatever_the_word_a_task_that_has_its_video_is_final() =>
        Assert.Equal(SeedanceTaskStatus.Completed, Read("""{"status":"ready","result":{"videos":[{"url":"u"}]}}""").Status);

    [Theory]
    [InlineData("""{"cost":0.71,"credits_cost":9}""", "0.71")]
    [InlineData("""{"credits_cost":7.1}""", "0.71")]
    [InlineData("""{"cost":null,"credits_cost":"7.1"}""", "0.71")]
    [InlineData("""{"cost":0}""", "0")]
    [InlineData("""{"cost":{},"credits_cost":[]}""", null)]
    [InlineData("{}", null)]
    public void The_cost_comes_in_money_or_in_credits_and_is_never_made_up(string data, string? cost) =>
        Assert.Equal(cost, Read(data).Cost?.ToString(CultureInfo.InvariantCulture));

    [Fact]
    public void The_tokens_may_come_later_and_stay()
    {
        var ended = Read("""{"status":"completed","usage":null}""");
        Assert.Null(ended.CompletionTokens);
        var later = Read("""{"status":"completed","usage":{"completion_tokens":108900}}""", ended);
        Assert.Equal(108900, later.CompletionTokens);
        Assert.Equal(108900, Read("""{"status":"completed"}""", later).CompletionTokens);
    }

    [Theory]
    [InlineData("""{"result":{"videos":[{"url":"u","last_frame_url":"l"}]}}""")]
    [InlineData("""{"result":{"videos":[{"url":"u","last_frame_url":["l"]}],"last_frame_url":"other"}}""")]
    [InlineData("""{"result":{"videos":["u"],"last_frame_url":["l"]}}""")]
    [InlineData("""{"result":{"videos":[{"url":["u"]}]},"last_frame_url":"l"}""")]
    [InlineData("""{"result":{"content":{"video_url":"u","last_frame_url":"l"}}}""")]
    [InlineData("""{"result":{"video_url":"u","last_frame_url":"l"}}""")]
    public void The_last_frame_is_found_wherever_it_comes(string data)
    {
        var video = Assert.Single(Read(data).Videos);
        Assert.Equal(("u", "l"), (video.Url, video.LastFrameUrl));
    }

    [Theory]
    [InlineData("45", 45)]
    [InlineData("45.9", 45)]
    [InlineData("\"45%\"", 45)]
    [InlineData("\" 45 %\"", 45)]
    [InlineData("\"45\"", 45)]
    [InlineData("1e2", 100)]
    [InlineData("250", 100)]
    [InlineData("-3", 0)]
    [InlineData("1e999", 7)]
    [InlineData("\"half\"", 7)]
    [InlineData("\"\"", 7)]
    [InlineData("null", 7)]
    [InlineData("[45]", 7)]
    [InlineData("{}", 7)]
    public void Progress_comes_as_a_number_or_a_text_and_stays_as_known_where_it_makes_no_sense(string progress, int expected) =>
        Assert.Equal(expected, Read($$"""{"status":"processing","progress":{{progress}}}""", new SeedanceTask { TaskId = "t", Progress = 7 }).Progress);

    [Fact]
    public void Progress_is_read_alike_wherever_the_reader_sits()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            Assert.Equal(12, Read("""{"status":"processing","progress":"12.5%"}""").Progress);
            Assert.Equal(0.71m, Read("""{"status":"completed","cost":"0.71"}""").Cost);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_completed_task_is_at_100_percent_whatever_it_says() => Assert.Equal(100, Read("""{"status":"completed","progress":90}""").Progress);

    [Theory]
    [InlineData("1763088289", "2025-11-14T02:44:49Z")]
    [InlineData("1763088289000", "2025-11-14T02:44:49Z")]
    [InlineData("1763088289.7", "2025-11-14T02:44:49Z")]
    [InlineData("\"1763088289\"", "2025-11-14T02:44:49Z")]
    [InlineData("0", null)]
    [InlineData("-5", null)]
    [InlineData("1e300", null)]
    [InlineData("99999999999999999", null)]
    [InlineData("\"yesterday\"", null)]
    [InlineData("null", null)]
    public void A_time_comes_in_seconds_or_milliseconds(string created, string? expected)
    {
        DateTimeOffset? time = expected is null ? null : DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture);
        var task = Read($$"""{"status":"processing","created":{{created}},"completed_at":{{created}}}""");
        Assert.Equal((time, time), (task.CreatedAt, task.CompletedAt));
    }

    [Theory]
    [InlineData("60", 60.0)]
    [InlineData("\"1.5\"", 1.5)]
    [InlineData("-1", null)]
    [InlineData("1e300", null)]
    [InlineData("{}", null)]
    public void An_estimate_is_in_seconds(string estimate, double? seconds) =>
        Assert.Equal(seconds, Read($$"""{"status":"processing","estimated_time":{{estimate}}}""").EstimatedTime?.TotalSeconds);

    [Theory]
    [InlineData("""{"code":"task_failed","message":"no face"}""", "task_failed", "no face")]
    [InlineData("""{"code":4001,"message":"no face"}""", "4001", "no face")]
    [InlineData("""{"type":"review_error","msg":"no face"}""", "review_error", "no face")]
    [InlineData("\"no face\"", null, "no face")]
    public void An_error_is_an_object_or_a_text(string error, string? code, string message) =>
        Assert.Equal(new TaskError(code, message), Read($$"""{"status":"failed","error":{{error}}}""").Error);

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    [InlineData("7")]
    public void What_is_no_error_is_none(string error) => Assert.Null(Read($$"""{"status":"completed","error":{{error}}}""").Error);

    [Theory]
    [InlineData("message")]
    [InlineData("msg")]
    public void A_failed_task_may_say_why_beside_its_status(string member)
    {
        Assert.Equal(new TaskError(null, "no face"), Read($$"""{"status":"failed","{{member}}":"no face"}""").Error);
        Assert.Null(Read($$"""{"status":"completed","{{member}}":"fine"}""").Error);
    }

    [Theory]
    [InlineData("""{"group_id":"g"}""")]
    [InlineData("""{"result":{"group_id":"g"}}""")]
    [InlineData("""{"result":{"raw_response":{"Result":{"GroupId":"g"}}}}""")]
    [InlineData("""{"raw_response":{"Result":{"GroupId":"g"}}}""")]
    [InlineData("""{"group_id":null,"result":{"group_id":"","raw_response":{"Result":{"GroupId":"g"}}}}""")]
    public void The_groups_id_is_found_in_each_of_its_places(string data)
    {
        var task = Read(data, new SeedanceTask { TaskId = "t", Kind = TaskKind.Asset, Group = new AvatarGroup { Name = "cast" } });
        Assert.Equal(("g", "cast"), (task.GroupId, task.Group!.Name));
    }

    [Theory]
    [InlineData("""{"id":"t"}""")]
    [InlineData("""{"task_id":"t"}""")]
    [InlineData("""{"id":null,"task_id":"t"}""")]
    public void The_id_comes_under_either_name(string data)
    {
        using var json = JsonDocument.Parse(data);
        Assert.Equal("t", json.RootElement.TaskId());
    }

    [Theory]
    [InlineData("""{"code":200,"data":{"id":"t"}}""")]
    [InlineData("""{"code":200,"data":[{"id":"t"}]}""")]
    [InlineData("""{"code":200,"data":[{"task_id":"t"},{"task_id":"other"}]}""")]
    [InlineData("""{"code":"200","data":{"task_id":"t"}}""")]
    [InlineData("""{"code":"success","data":{"task_id":"t"}}""")]
    [InlineData("""{"code":0,"data":{"task_id":"t"}}""")]
    [InlineData("""{"data":{"task_id":"t"}}""")]
    [InlineData("""{"id":"t","status":"processing"}""")]
    [InlineData("""{"code":200,"error":null,"data":{"id":"t"}}""")]
    [InlineData("""{"code":200,"error":"","data":{"id":"t"}}""")]
    [InlineData("""{"code":200,"error":{},"data":{"id":"t"}}""")]
    [InlineData("\ufeff{\"data\":{\"id\":\"t\"}}")]
    public void A_submission_is_accepted_in_every_envelope(string body)
    {
        using var answer = ResponseReader.Read(200, System.Text.Encoding.UTF8.GetBytes(body), Endpoints.Submission);
        Assert.Equal("t", answer.Data.TaskId());
    }

    [Theory]
    [InlineData("""{"videos":[{"url":"u"}]}""", "u")]
    [InlineData("""{"videos":[{"url":["u","v"]}]}""", "u v")]
    [InlineData("""{"videos":{"url":"u"}}""", "u")]
    [InlineData("""{"videos":["u"]}""", "u")]
    [InlineData("""{"videos":[{"url":null},{},7,null,{"url":[]}]}""", "")]
    [InlineData("""{"videos":"u"}""", "u")]
    public void A_videos_link_comes_as_a_text_or_a_list(string result, string links) =>
        Assert.Equal(links, string.Join(' ', Read($$"""{"status":"completed","result":{{result}}}""").Videos.Select(video => video.Url)));

    [Theory]
    [InlineData("""{"\ud800":1,"\udc00id":2,"status":"completed"}""")]
    [InlineData("""{"status":"completed","result":{"a\ud800":{}},"error":{"m\udfff":1}}""")]
    [InlineData("""{"status":"\ud800"}""")]
    [InlineData("""{"status":"failed","error":"\ud800"}""")]
    public void Half_a_letter_in_name_or_value_is_passed_over(string data) => Assert.NotNull(Read(data).RawJson);

    [Fact]
    public void What_is_known_stays_where_the_answer_is_silent()
    {
        var known = new SeedanceTask
        {
            TaskId = "t", Kind = TaskKind.Asset, CreatedAt = DateTimeOffset.UnixEpoch, ProjectName = "spring", AssetType = AssetType.Audio,
            Group = new AvatarGroup { Name = "cast", GroupId = "g" }, Sources = [new AssetSource("https://example.com/a")], EstimatedTime = TimeSpan.FromSeconds(9), Progress = 3,
        };
        Assert.Equal(known with { RawStatus = "pending", Status = SeedanceTaskStatus.Pending, RawJson = """{"status":"pending"}""" }, Read("""{"status":"pending"}""", known) with { Assets = known.Assets, Videos = known.Videos });
    }

    private static SeedanceTask Read(string data, SeedanceTask? known = null)
    {
        using var json = JsonDocument.Parse(data);
        return TaskReader.Read(json.RootElement, known ?? new SeedanceTask { TaskId = "t" });
    }
}
