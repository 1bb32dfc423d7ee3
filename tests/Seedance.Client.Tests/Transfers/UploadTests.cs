using System.Net;
using System.Text;
using System.Threading.Channels;
using Seedance.Sandbox;

namespace Seedance.Client.Tests.Files;

public sealed class UploadTests : IAsyncDisposable
{
    // Longer than any wait for a retry, shorter than the time of an attempt.
    private static readonly TimeSpan s_retries = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly SandboxApi _sandbox;
    private readonly Gate _gate;
    private readonly SeedanceConnection _connection;

    public UploadTests()
    {
        _sandbox = new SandboxApi(time: _time);
        _gate = new Gate { InnerHandler = new SandboxMessageHandler(_sandbox, _time) };
        _connection = Connect();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string JournalPath => _folder.File("journal.jsonl");

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("photo.png")]
    [InlineData("Ünï \"cödé\"; 照片.png")]
    public async Task A_picture_goes_out_as_a_form_and_comes_back_as_an_address_for_72_hours(string name)
    {
        var image = await _connection.GetClient().UploadImageAsync(Make(name), cancellationToken: Cancel);

        Assert.StartsWith("https://api.apimart.ai/files/", image.Url, StringComparison.Ordinal);
        Assert.Equal((name, "image/png", 500, 640, 480), (image.FileName, image.ContentType, image.Length, image.Width, image.Height));
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromHours(72), image.ExpiresAt);
        using var http = new HttpClient(new SandboxMessageHandler(_sandbox, _time));
        Assert.Equal(TestImages.Png(), await http.GetByteArrayAsync(image.Url, Cancel));
    }

    [Fact]
    public async Task The_form_has_one_field_called_file_with_its_length_told()
    {
        await _connection.GetClient().UploadImageAsync(Make("photo.png"), cancellationToken: Cancel);
        var (type, length, body) = Assert.Single(_gate.Forms);

        Assert.StartsWith("multipart/form-data; boundary=", type, StringComparison.Ordinal);
        Assert.Equal(length, body.Length);
        Assert.Contains("Content-Disposition: form-data; name=\"file\"; filename=\"photo.png\"; filename*=utf-8''photo.png\r\nContent-Type: image/png\r\n\r\n", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_documented_answer_is_read()
    {
        _gate.Before = _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Api.Sample.Bytes("upload.response")) };
        var image = await _connection.GetClient().UploadImageAsync(Make("a.png"), cancellationToken: Cancel);

        Assert.Equal(("https://upload.example.com/f/image/9990000123456-a1b2c3d4-photo.jpg", "photo.jpg", "image/jpeg"), (image.Url, image.FileName, image.ContentType));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1743436800) + TimeSpan.FromHours(72), image.ExpiresAt);
    }

    [Fact]
    public async Task Progress_is_told_to_the_last_byte()
    {
        var told = new List<long>();
        await _connection.GetClient().UploadImageAsync(Make("big.png", TestImages.Png(size: 300_000)), new Told(told), Cancel);

        Assert.Equal(300_000, told[^1]);
        Assert.Equal(told.Order(), told);
        Assert.True(told.Count > 3);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(504)]
    public async Task A_lost_answer_is_sent_again_within_the_budget_and_is_never_unknown(int status)
    {
        _gate.Before = _ => Answers.Error(status);
        var failure = await Assert.ThrowsAsync<SeedanceException>(() => _time.UntilDoneAsync(_connection.GetClient().UploadImageAsync(Make("a.png"), cancellationToken: Cancel), s_retries));

        Assert.InRange(_gate.Posts, 8, 15);
        Assert.Equal(Delivery.NotSent, failure.Delivery);
        Assert.Contains("not billed", failure.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain("not known", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_told_to_come_later_does_with_the_whole_body_again()
    {
        _gate.Before = _ => _gate.Posts < 2 ? Answers.Error(429, TimeSpan.FromSeconds(1)) : null;
        var image = await _time.UntilDoneAsync(_connection.GetClient().UploadImageAsync(Make("a.png"), cancellationToken: Cancel), TimeSpan.FromSeconds(30));

        Assert.Equal(3, _gate.Posts);
        Assert.Equal(500, image.Length);
        Assert.All(_gate.Forms, form => Assert.Equal(_gate.Forms[0], form));
    }

    [Fact]
    public async Task A_file_that_goes_or_changes_meanwhile_is_told_as_such()
    {
        var path = Make("a.png");
        _gate.Before = request => _gate.Posts == 0 ? Change(() => File.WriteAllBytes(path, TestImages.Png(size: 501))) : null;
        Assert.Contains("has changed", (await FailAsync(path)).Message, StringComparison.Ordinal);

        path = Make("b.png");
        _gate.Before = request => Change(() => File.Delete(path));
        var failure = await FailAsync(path);
        Assert.Equal(SeedanceErrorKind.FileUnavailable, failure.Kind);
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);

        static HttpResponseMessage? Change(Action change)
        {
            change();
            return null;
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(200_000)]
    public async Task Other_bytes_of_the_same_length_are_neither_sent_whole_nor_remembered(int size)
    {
        var (path, other) = (Make("a.png", TestImages.Png(size: size)), TestImages.Png(size: size));
        other[^1] ^= 1;
        _gate.Before = _ =>
        {
            // An editor that keeps the length, and a copy that keeps the time.
            var at = File.GetLastWriteTimeUtc(path);
            File.WriteAllBytes(path, other);
            File.SetLastWriteTimeUtc(path, at);
            return null;
        };
        var failure = Assert.Single((await SendAsync(_connection, path)).OfType<ImageNotUploaded>()).Error;

        Assert.Equal(SeedanceErrorKind.FileUnavailable, failure.Kind);
        Assert.Contains("has changed", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, _gate.Posts);
        Assert.DoesNotContain("\"Upload\"", File.Exists(JournalPath) ? await File.ReadAllTextAsync(JournalPath, Cancel) : "", StringComparison.Ordinal);

        _gate.Before = null;
        Assert.Single((await SendAsync(_connection, path)).OfType<ImageUploaded>());
        Assert.EndsWith(Encoding.Latin1.GetString(other[^20..]), Assert.Single(_gate.Forms).Body.Split("\r\n--")[^2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_picture_is_not_sent()
    {
        var failure = await FailAsync(Make("text.png", "text"u8.ToArray()));
        Assert.Equal((SeedanceErrorKind.InvalidInput, 0), (failure.Kind, _gate.Posts));
    }

    [Fact]
    public async Task A_slow_upload_lives_as_long_as_it_moves()
    {
        // Each block takes most of the time that one attempt has; all of them take far more.
        _gate.Pace = () => _time.Advance(TimeSpan.FromSeconds(50));
        var began = _time.GetUtcNow();
        await _connection.GetClient().UploadImageAsync(Make("big.png", TestImages.Png(size: 1_000_000)), cancellationToken: Cancel);

        Assert.True(_time.GetUtcNow() - began > TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task A_silent_upload_does_not()
    {
        _gate.Pace = () => _time.Advance(TimeSpan.FromSeconds(61));
        var failure = await FailAsync(Make("big.png", TestImages.Png(size: 1_000_000)));
        Assert.Equal((SeedanceErrorKind.TimedOut, Delivery.NotSent), (failure.Kind, failure.Delivery));
    }

    [Fact]
    public async Task Called_off_it_ends_at_once()
    {
        using var stop = new CancellationTokenSource();
        _gate.Pace = stop.Cancel;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _connection.GetClient().UploadImageAsync(Make("big.png", TestImages.Png(size: 1_000_000)), cancellationToken: stop.Token));
    }

    [Fact]
    public async Task A_picture_that_is_still_there_is_not_sent_again_whatever_it_is_called_and_whoever_asks()
    {
        var first = Assert.IsType<ImageUploaded>((await SendAsync(_connection, Make("a.png")))[0]).Image;
        await using var later = Connect();
        _time.Advance(TimeSpan.FromHours(70));
        var again = Assert.IsType<ImageUploaded>((await SendAsync(later, Make("copy of a.png")))[0]).Image;

        Assert.Equal(1, _gate.Posts);
        Assert.Equal((first.Url, first.ExpiresAt, true, _folder.File("copy of a.png")), (again.Url, again.ExpiresAt, again.IsReused, again.Path));

        // In its last hour it is no basis for a review any more.
        _time.Advance(TimeSpan.FromMinutes(61));
        var fresh = Assert.IsType<ImageUploaded>((await SendAsync(later, Make("a.png")))[0]).Image;
        Assert.Equal((2, false), (_gate.Posts, fresh.IsReused));
        Assert.NotEqual(first.Url, fresh.Url);
    }

    [Fact]
    public async Task Force_sends_it_again()
    {
        await SendAsync(_connection, Make("a.png"));
        await SendAsync(_connection, new UploadOptions { Force = true }, Make("a.png"));
        Assert.Equal(2, _gate.Posts);
    }

    [Fact]
    public async Task The_same_picture_twice_in_a_run_goes_once()
    {
        var events = await SendAsync(_connection, Make("a.png"), Make("b.png"), Make("c.png", TestImages.Png(filling: 3)));
        Assert.Equal(2, _gate.Posts);
        Assert.Equal(3, events.OfType<ImageUploaded>().Select(uploaded => uploaded.Image.Path).Distinct().Count());
    }

    [Fact]
    public async Task An_address_with_a_query_is_given_out_and_not_remembered()
    {
        _gate.Before = _ => Answers.Json(200, """{"url":"https://upload.example.com/a.png?sig=s3cret"}""");
        var image = Assert.IsType<ImageUploaded>((await SendAsync(_connection, Make("a.png")))[0]).Image;
        await SendAsync(_connection, Make("a.png"));

        Assert.Equal("https://upload.example.com/a.png?sig=s3cret", image.Url);
        Assert.Equal(2, _gate.Posts);
        Assert.DoesNotContain("s3cret", File.Exists(JournalPath) ? await File.ReadAllTextAsync(JournalPath, Cancel) : "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_bad_file_costs_one_error()
    {
        var events = await SendAsync(_connection, Make("a.png"), _folder.File("none.png"), Make("text.png", "text"u8.ToArray()), _folder.Path, Make("b.png", TestImages.Png(filling: 2)));

        Assert.Equal(2, events.OfType<ImageUploaded>().Count());
        Assert.Equal([_folder.File("none.png"), _folder.File("text.png"), _folder.Path], events.OfType<ImageNotUploaded>().Select(failed => failed.Path).Order(StringComparer.Ordinal).OrderBy(path => path == _folder.Path));
    }

    [Fact]
    public async Task A_picture_that_no_review_would_take_is_uploaded_with_a_word()
    {
        var events = await SendAsync(_connection, Make("wide.png", TestImages.Png(10_000, 10)));
        Assert.Single(events.OfType<ImageUploaded>());
        Assert.Contains("10000 x 10", events.OfType<UploadWarning>().First().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_refused_ends_the_run()
    {
        _gate.Before = _ => Answers.Error(401);
        var failure = await Assert.ThrowsAsync<SeedanceException>(() => SendAsync(_connection, new UploadOptions { ThrottleLimit = 1 }, Make("a.png"), Make("b.png", TestImages.Png(filling: 1))));
        Assert.Equal((SeedanceErrorKind.AuthenticationFailed, 1), (failure.Kind, _gate.Posts));
    }

    [Fact]
    public async Task Rows_with_a_path_are_uploaded_and_submitted_by_their_address()
    {
        var tasks = await SubmitAsync(_connection, new AssetRow { Path = Make("ann.png"), Row = 1 }, new() { Path = Make("bob.png", TestImages.Png(filling: 1)), Name = "Bob", Row = 2 }, new() { Url = "https://example.com/c.png", Row = 3 });
        var submission = Assert.Single(_sandbox.Submissions, submission => submission.Assets.Count > 0);

        Assert.Equal(3, tasks.OfType<TaskAccepted>().Single().Task.Sources.Count);
        Assert.Equal(["Image"], _sandbox.Submissions.Where(one => one.Assets.Count > 0).Select(one => one.AssetType));
        Assert.Equal(["ann.png", "Bob"], submission.Assets.Take(2).Select(asset => asset.Name));
        Assert.StartsWith("c.png-", submission.Assets[2].Name, StringComparison.Ordinal);
        Assert.All(submission.Assets.Take(2), asset => Assert.StartsWith("https://api.apimart.ai/files/", asset.Url, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_row_with_a_path_is_the_same_row_when_its_upload_has_long_expired()
    {
        AssetRow row = new() { Path = Make("ann.png"), Group = new AvatarGroup { Name = "cast" } };
        await SubmitAsync(_connection, row);
        _time.Advance(TimeSpan.FromDays(10));
        await using var later = Connect();
        var again = Assert.IsType<TaskAccepted>(Assert.Single(await SubmitAsync(later, new SubmitOptions { Resume = true }, row with { Path = Make("renamed.png") })));

        Assert.True(again.Resumed);
        Assert.Equal(2, _gate.Posts);
    }

    [Fact]
    public async Task An_upload_that_fails_costs_its_row_one_error()
    {
        _gate.Before = request => request.RequestUri!.AbsolutePath.EndsWith("images", StringComparison.Ordinal) && _gate.Posts == 0 ? Answers.Error(400, "bad picture") : null;
        var events = await SubmitAsync(_connection, new SubmitOptions { ThrottleLimit = 1 }, new() { Path = Make("a.png"), Row = 1 }, new() { Url = "https://example.com/b.png", Row = 2 });

        Assert.Equal(1, Assert.Single(events.OfType<RowFailed>()).Row.Row);
        Assert.Equal(2, Assert.Single(events.OfType<TaskAccepted>()).Task.Sources.Single().Row);
    }

    [Fact]
    public void A_row_with_a_path_is_a_picture_by_default_for_a_real_person_too()
    {
        var person = new AvatarGroup { GroupId = "group_1", IsRealPerson = true };
        var (source, problems) = AssetRules.Read(new AssetRow { Path = Make("a.png"), Group = person });
        Assert.Empty(problems);
        Assert.Equal(AssetType.Image, source.AssetType);
    }

    [Fact]
    public void What_is_wrong_with_a_path_is_told_under_its_column()
    {
        Assert.Equal(["Path"], Problems(new() { Path = _folder.File("none.png") }));
        Assert.Equal(["Path"], Problems(new() { Path = Make("a.png"), Url = "https://example.com/a.png" }));
        Assert.Equal(["Path", "Path"], Problems(new() { Path = Make("b.png", TestImages.Png(10_000, 10)) }));
        Assert.Equal(["AssetType"], Problems(new() { Path = Make("a.png"), AssetType = "Video" }));

        static IEnumerable<string> Problems(AssetRow row) => AssetRules.Read(row).Problems.Select(problem => problem.Column);
    }

    private string Make(string name, byte[]? bytes = null)
    {
        File.WriteAllBytes(_folder.File(name), bytes ?? TestImages.Png());
        return _folder.File(name);
    }

    private SeedanceConnection Connect() => new(new SeedanceConnectionOptions
    {
        Handler = _gate,
        TimeProvider = _time,
        JournalPath = JournalPath,
        RequestsPerSecond = 10_000,
        Jitter = () => 0.5,
    });

    private Task<SeedanceException> FailAsync(string path) =>
        Assert.ThrowsAsync<SeedanceException>(() => _time.UntilDoneAsync(_connection.GetClient().UploadImageAsync(path, cancellationToken: Cancel), s_retries));

    private static Task<List<UploadEvent>> SendAsync(SeedanceConnection connection, params string[] paths) => SendAsync(connection, new UploadOptions(), paths);

    private static async Task<List<UploadEvent>> SendAsync(SeedanceConnection connection, UploadOptions options, params string[] paths)
    {
        var channel = Channel.CreateUnbounded<string>();
        paths.ToList().ForEach(path => channel.Writer.TryWrite(path));
        channel.Writer.Complete();
        var events = new List<UploadEvent>();
        await foreach (var next in connection.CreateImageSender().SendAsync(channel.Reader, options, Cancel))
        {
            if (next is not UploadProgress)
            {
                events.Add(next);
            }
        }

        return events;
    }

    private static Task<List<SubmitEvent>> SubmitAsync(SeedanceConnection connection, params AssetRow[] rows) => SubmitAsync(connection, new SubmitOptions(), rows);

    private static async Task<List<SubmitEvent>> SubmitAsync(SeedanceConnection connection, SubmitOptions options, params AssetRow[] rows)
    {
        var events = new List<SubmitEvent>();
        await foreach (var next in connection.CreateSubmitter().SubmitAsync(rows.Select(row => AssetRules.Read(row).Source), options, Cancel))
        {
            if (next is not (RowImageUploaded or RunEnded))
            {
                events.Add(next);
            }
        }

        return events;
    }

    private sealed class Told(List<long> told) : IProgress<long>
    {
        public void Report(long value) => told.Add(value);
    }

    /// <summary>Stands before the sandbox, sees every form, and answers in its place where the test wants.</summary>
    private sealed class Gate : DelegatingHandler
    {
        public List<(string Type, long? Length, string Body)> Forms { get; } = [];

        public int Posts { get; private set; }

        public Func<HttpRequestMessage, HttpResponseMessage?>? Before { get; set; }

        /// <summary>What happens between two blocks of a body.</summary>
        public Action? Pace { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = Before?.Invoke(request);
            if (request.Content is { } content)
            {
                var body = new PacedStream(Pace);
                await content.CopyToAsync(body, cancellationToken);
                if (content.Headers.ContentType?.MediaType == "multipart/form-data")
                {
                    lock (Forms)
                    {
                        Forms.Add((content.Headers.ContentType.ToString(), content.Headers.ContentLength, Encoding.Latin1.GetString(body.ToArray())));
                    }
                }

                var copy = new ByteArrayContent(body.ToArray());
                copy.Headers.ContentType = content.Headers.ContentType;
                request = new HttpRequestMessage(request.Method, request.RequestUri) { Content = copy, Headers = { Authorization = request.Headers.Authorization } };
                lock (Forms)
                {
                    Posts++;
                }
            }

            return answer ?? await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class PacedStream(Action? pace) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            pace?.Invoke();
            cancellationToken.ThrowIfCancellationRequested();
            return base.WriteAsync(buffer, cancellationToken);
        }
    }
}
