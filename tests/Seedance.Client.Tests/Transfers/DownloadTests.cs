using System.Net;

namespace Seedance.Client.Tests.Files;

public sealed class DownloadTests : IDisposable
{
    private const int Size = 100_000;
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(45);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly FileHost _host = new(Bytes(Size, 1));
    private int _moves;

    private string Target => _folder.File("video.mp4");

    private string Part => Target + ".part";

    public void Dispose()
    {
        _host.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_file_comes_whole_and_under_its_own_name_only_then()
    {
        _host.Script = _ =>
        {
            Assert.False(File.Exists(Target));
            return null;
        };
        await FetchAsync();

        Assert.Equal(_host.Content, File.ReadAllBytes(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder.Path));
        Assert.True(_moves > 50);
        Assert.Equal((null, null, null), (_host.Requests[0].Range, _host.Requests[0].IfRange, _host.Requests[0].Authorization));
    }

    [Fact]
    public async Task Cut_at_half_it_goes_on_there_and_ends_byte_for_byte_the_same()
    {
        _host.Script = number => number == 1 ? new Mishap { BreaksAfter = Size / 2 } : null;
        await FetchAsync();

        Assert.Equal(_host.Content, File.ReadAllBytes(Target));
        Assert.Equal(2, _host.Requests.Count);
        Assert.Equal(($"bytes={Size / 2}-", "\"first\""), (_host.Requests[1].Range, _host.Requests[1].IfRange));
    }

    [Fact]
    public async Task An_end_that_comes_too_early_is_a_break()
    {
        _host.Script = number => number == 1 ? new Mishap { EndsAfter = 70_000 } : null;
        await FetchAsync();

        Assert.Equal(_host.Content, File.ReadAllBytes(Target));
        Assert.Equal("bytes=70000-", _host.Requests[1].Range);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task Three_breaks_are_survived(int bytes)
    {
        _host.Script = number => number <= 3 ? new Mishap { BreaksAfter = bytes } : null;
        await FetchAsync();

        Assert.Equal(_host.Content, File.ReadAllBytes(Target));
        Assert.Equal(4, _host.Requests.Count);
    }

    [Fact]
    public async Task As_long_as_something_comes_it_goes_on()
    {
        _host.Script = number => new Mishap { BreaksAfter = 5_000 };
        await FetchAsync();

        Assert.Equal(_host.Content, File.ReadAllBytes(Target));
        Assert.InRange(_host.Requests.Count, 20, 21);
    }

    [Fact]
    public async Task When_nothing_comes_any_more_it_ends_with_a_word_and_keeps_what_it_has()
    {
        _host.Script = number => number == 1 ? new Mishap { BreaksAfter = 40_000 } : new Mishap { Throws = true };
        var failure = await FailAsync();

        Assert.Equal(5, _host.Requests.Count);
        Assert.Equal(SeedanceErrorKind.ConnectionFailed, failure.Kind);
        Assert.Contains("task_1", failure.Message, StringComparison.Ordinal);
        Assert.Contains(Part, failure.Message, StringComparison.Ordinal);
        Assert.Equal(40_000, new FileInfo(Part).Length);
        Assert.False(File.Exists(Target));

        // Another process, later.
        _host.Script = null;
        await FetchAsync();
        Assert.Equal("bytes=40000-", _host.Requests[^1].Range);
        Assert.Equal(_host.Content, File.ReadAllBytes(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_download_that_never_began_leaves_nothing_behind()
    {
        _host.Script = _ => new Mishap { Throws = true };
        await FailAsync();

        Assert.Equal(4, _host.Requests.Count);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_file_that_has_changed_is_fetched_anew()
    {
        _host.Script = Change;
        await FetchAsync();

        Assert.Equal(Bytes(80_000, 2), File.ReadAllBytes(Target));

        Mishap? Change(int number)
        {
            if (number == 1)
            {
                return new Mishap { BreaksAfter = 60_000 };
            }

            (_host.Content, _host.Tag) = (Bytes(80_000, 2), "\"second\"");
            return null;
        }
    }

    [Fact]
    public async Task A_host_without_ranges_sends_it_all_again()
    {
        _host.HasRanges = false;
        _host.Script = number => number == 1 ? new Mishap { BreaksAfter = 60_000 } : null;
        await FetchAsync();

        Assert.Equal(_host.Content, File.ReadAllBytes(Target));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("W/\"weak\"")]
    public async Task Without_a_sure_mark_of_the_file_it_is_begun_anew(string? tag)
    {
        _host.Tag = tag;
        _host.Script = number => number == 1 ? new Mishap { BreaksAfter = 60_000 } : null;
        await FetchAsync();

        Assert.Null(_host.Requests[1].Range);
        Assert.Equal(_host.Content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task The_time_of_the_last_change_is_a_mark_too()
    {
        (_host.Tag, _host.Changed) = (null, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        _host.Script = number => number == 1 ? new Mishap { BreaksAfter = 60_000 } : null;
        await FetchAsync();

        Assert.Equal(("bytes=60000-", "Thu, 01 Jan 2026 00:00:00 GMT"), (_host.Requests[1].Range, _host.Requests[1].IfRange));
        Assert.Equal(_host.Content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_part_that_nobody_knows_the_whole_of_is_not_trusted()
    {
        File.WriteAllBytes(Part, Bytes(500, 9));
        await FetchAsync();

        Assert.Null(_host.Requests[0].Range);
        Assert.Equal(_host.Content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_part_that_is_whole_already_only_gets_its_name()
    {
        File.WriteAllBytes(Part, _host.Content);
        File.WriteAllLines(Part + ".tag", ["\"first\"", $"{Size}"]);
        await FetchAsync();

        Assert.Equal(_host.Content, File.ReadAllBytes(Target));
        Assert.Single(_host.Requests);
        Assert.Equal(0, _moves);
    }

    [Theory]
    [InlineData("bytes 3-99999/100000")]
    [InlineData("bytes 50000-99999/200000")]
    public async Task Another_part_than_was_asked_for_is_not_taken(string range)
    {
        _host.Script = number => number switch
        {
            1 => new Mishap { BreaksAfter = 50_000 },
            2 => new Mishap { Answer = () => Wrong(range) },
            _ => null,
        };
        await FetchAsync();

        Assert.Equal(_host.Content, File.ReadAllBytes(Target));

        static HttpResponseMessage Wrong(string range)
        {
            var answer = new HttpResponseMessage(HttpStatusCode.PartialContent) { Content = new ByteArrayContent(Bytes(1000, 3)) };
            answer.Content.Headers.TryAddWithoutValidation("Content-Range", range);
            return answer;
        }
    }

    [Fact]
    public async Task More_than_the_whole_is_not_taken()
    {
        _host.Script = number => number == 1 ? new Mishap { BreaksAfter = 99_000 } : number == 2 ? new Mishap { Answer = TooMuch } : null;
        await FetchAsync();

        Assert.Equal(_host.Content, File.ReadAllBytes(Target));

        static HttpResponseMessage TooMuch()
        {
            var answer = new HttpResponseMessage(HttpStatusCode.PartialContent) { Content = new ByteArrayContent(Bytes(5000, 3)) };
            answer.Content.Headers.ContentRange = new(99_000, 99_999, 100_000);
            return answer;
        }
    }

    [Fact]
    public async Task A_length_that_is_not_told_ends_with_the_answer()
    {
        _host.TellsLength = false;
        await FetchAsync();
        Assert.Equal(_host.Content, File.ReadAllBytes(Target));
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/json")]
    public async Task A_page_is_no_video(string type)
    {
        _host.MediaType = type;
        var failure = await FailAsync();

        Assert.Equal(SeedanceErrorKind.InvalidAnswer, failure.Kind);
        Assert.Contains(type, failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Gone)]
    public async Task An_expired_link_is_told_with_its_task_and_not_asked_again(HttpStatusCode status)
    {
        _host.Script = _ => new Mishap { Answer = () => new HttpResponseMessage(status) };
        var failure = await FailAsync(_time.GetUtcNow().AddMinutes(-1));

        Assert.Single(_host.Requests);
        Assert.Equal((SeedanceErrorKind.NotFound, (int)status), (failure.Kind, failure.StatusCode));
        Assert.Contains("expired on 2025-12-31 23:59:00Z", failure.Message, StringComparison.Ordinal);
        Assert.Contains("task_1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Get-SeedanceTask -TaskId task_1", failure.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task A_host_that_is_busy_is_asked_again(HttpStatusCode status)
    {
        _host.Script = number => number == 1 ? new Mishap { Answer = () => new HttpResponseMessage(status) { Headers = { RetryAfter = new(TimeSpan.FromSeconds(3)) } } } : null;
        var began = _time.GetUtcNow();
        await FetchAsync();

        Assert.Equal(TimeSpan.FromSeconds(3), _time.GetUtcNow() - began);
        Assert.Equal(_host.Content, File.ReadAllBytes(Target));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(30_000)]
    public async Task A_silence_ends_an_attempt_and_not_the_download(int? after)
    {
        _host.Script = number => number == 1 ? new Mishap { Hangs = true, BreaksAfter = after } : null;
        await FetchAsync();

        Assert.Equal(_host.Content, File.ReadAllBytes(Target));
        Assert.Equal(after is null ? null : "bytes=30000-", _host.Requests[1].Range);
    }

    [Fact]
    public async Task Called_off_it_keeps_what_came()
    {
        using var stop = new CancellationTokenSource();
        _host.Script = number => new Mishap { Hangs = true, BreaksAfter = 30_000 };
        var fetching = FetchUntilAsync(stop.Token);
        while (_host.Silences == 0)
        {
            await Task.Yield();
        }

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
        Assert.Equal(30_000, new FileInfo(Part).Length);
    }

    [Fact]
    public async Task No_error_tells_more_of_a_link_than_its_host()
    {
        foreach (var mishap in (Mishap[])[new() { Throws = true }, new() { BreaksAfter = 5 }, new() { Answer = () => new(HttpStatusCode.Forbidden) }, new() { Answer = () => new(HttpStatusCode.BadRequest) }])
        {
            _host.Script = _ => mishap;
            _host.HasRanges = false;
            var failure = await FailAsync();
            Assert.DoesNotContain("s3cret", failure.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("path-of-it", failure.ToString(), StringComparison.Ordinal);
            Assert.Contains("files.example.com", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_told()
    {
        File.WriteAllText(_folder.File("file"), "in the way");
        var failure = Assert.Throws<SeedanceException>(() => PartFile.Open(Path.Combine(_folder.File("file"), "video.mp4")));

        Assert.Equal(SeedanceErrorKind.FileUnavailable, failure.Kind);
        Assert.Contains("cannot be written", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_downloads_to_one_place_do_not_mix()
    {
        using var one = PartFile.Open(Target);
        Assert.Equal(SeedanceErrorKind.FileUnavailable, Assert.Throws<SeedanceException>(() => PartFile.Open(Target)).Kind);
    }

    [Fact]
    public async Task A_file_that_appears_meanwhile_is_not_overwritten()
    {
        _host.Script = _ =>
        {
            File.WriteAllText(Target, "mine");
            return null;
        };
        var failure = await FailAsync();

        Assert.Equal(SeedanceErrorKind.AlreadyExists, failure.Kind);
        Assert.Equal("mine", File.ReadAllText(Target));
        _host.Script = null;
        await FetchAsync(overwrite: true);
        Assert.Equal(_host.Content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_link_in_the_parts_place_is_not_written_through()
    {
        var precious = Precious();
        File.CreateSymbolicLink(Part, precious);
        var failure = await FailAsync();

        Assert.Equal(SeedanceErrorKind.FileUnavailable, failure.Kind);
        Assert.Contains($"'{Part}' is a link", failure.Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(precious));
        Assert.Empty(_host.Requests);
    }

    [Fact]
    public async Task A_link_that_leads_nowhere_makes_no_file_there()
    {
        File.CreateSymbolicLink(Part, _folder.File("nowhere"));
        await FailAsync();
        Assert.False(File.Exists(_folder.File("nowhere")));
    }

    [Fact]
    public async Task A_link_in_the_tags_place_is_neither_written_through_nor_believed()
    {
        var precious = _folder.File("precious");
        File.WriteAllLines(precious, ["\"first\"", $"{Size}"]);
        File.WriteAllBytes(Part, new byte[1_000]);
        File.CreateSymbolicLink(Part + ".tag", precious);
        await FetchAsync();

        Assert.Equal(["\"first\"", $"{Size}"], File.ReadAllLines(precious));
        Assert.Equal(_host.Content, File.ReadAllBytes(Target));
        Assert.Null(_host.Requests[0].Range);
        Assert.Equal([precious, Target], Directory.GetFiles(_folder.Path).Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_in_the_files_own_place_is_an_existing_file_and_is_replaced_where_that_may_be(bool leadsSomewhere)
    {
        var precious = leadsSomewhere ? Precious() : _folder.File("nowhere");
        File.CreateSymbolicLink(Target, precious);
        Assert.Equal(SeedanceErrorKind.AlreadyExists, (await FailAsync()).Kind);
        Assert.Equal(precious, new FileInfo(Target).LinkTarget);

        await FetchAsync(overwrite: true);
        Assert.Null(new FileInfo(Target).LinkTarget);
        Assert.Equal(_host.Content, File.ReadAllBytes(Target));
        Assert.Equal(leadsSomewhere ? "precious" : null, File.Exists(precious) ? File.ReadAllText(precious) : null);
    }

    private string Precious()
    {
        File.WriteAllText(_folder.File("precious"), "precious");
        return _folder.File("precious");
    }

    internal static byte[] Bytes(int size, int seed)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private Task FetchAsync(DateTimeOffset? expiry = null, bool overwrite = false) =>
        FetchUntilAsync(CancellationToken.None, expiry, overwrite);

    private async Task FetchUntilAsync(CancellationToken cancellationToken, DateTimeOffset? expiry = null, bool overwrite = false)
    {
        using var http = new HttpMessageInvoker(_host, disposeHandler: false);
        var download = new Download(http, _time, s_silence);
        await _time.UntilDoneAsync(RunAsync(), s_silence, () => cancellationToken == default ? _host.Silences : 0);

        async Task<bool> RunAsync()
        {
            using var part = PartFile.Open(Target);
            var source = new DownloadSource(new Uri("https://files.example.com/path-of-it/x.mp4?signature=s3cret"), "The video of task task_1", "task_1", expiry);
            await download.FetchAsync(source, part, () => _moves++, cancellationToken);
            part.Finish(source.What, overwrite);
            return true;
        }
    }

    private Task<SeedanceException> FailAsync(DateTimeOffset? expiry = null) => Assert.ThrowsAsync<SeedanceException>(() => FetchAsync(expiry));
}
