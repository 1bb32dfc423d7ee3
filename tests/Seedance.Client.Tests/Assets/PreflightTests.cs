using System.Net;
using System.Threading.Channels;

namespace Seedance.Client.Tests.Files;

public sealed class PreflightTests : IDisposable
{
    private static readonly AssetRow s_good = new() { Url = "https://example.com/a.png" };

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_row_that_nothing_speaks_against_is_valid()
    {
        var check = await CheckAsync(s_good with { Name = "a", Row = 3 });
        Assert.True(check.IsValid);
        Assert.Equal((3, "a", "https://example.com/a.png", AssetType.Image), (check.Row, check.Name, check.Source, check.AssetType));
    }

    public static TheoryData<AssetRow, string, string> Bad() => new()
    {
        { s_good with { Url = null }, "Url", "it is empty" },
        { s_good with { Url = "a.png" }, "Url", "not an absolute address" },
        { s_good with { Url = "ftp://example.com/a.png" }, "Url", "not an http or https" },
        { s_good with { Name = new string('n', 65) }, "Name", "65 characters" },
        { s_good with { AssetType = "Picture" }, "AssetType", "none of Image" },
        { s_good with { Group = new AvatarGroup { Name = "g" }, GroupId = "h" }, "GroupId", "not both" },
        { s_good with { Url = "http://127.0.0.1/a.png" }, "Url", "loopback" },
        { s_good with { Url = "http://192.168.1.4/a.png" }, "Url", "private" },
        { s_good with { Url = "http://169.254.0.4/a.png" }, "Url", "link-local" },
        { s_good with { Url = "http://fileserver/a.png" }, "Url", "local network" },
        { s_good with { Url = "https://example.com/a.mp4" }, "AssetType", "ending of a Video, and the row says Image" },
        { s_good with { Url = "https://example.com/a.JPG?x=1", AssetType = "Audio" }, "AssetType", "ending of an Image, and the row says Audio" },
        { s_good with { Url = "https://example.com/a.webm", AssetType = "Video" }, "Url", "'.webm' is not taken as a Video" },
        { s_good with { Url = "https://example.com/a.svg" }, "Url", "'.svg' is not taken as an Image" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task What_speaks_against_a_row_is_told_under_its_column(AssetRow row, string column, string said)
    {
        var problem = Assert.Single((await CheckAsync(row)).Problems);
        Assert.Equal(column, problem.Column);
        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_submission_goes_by_the_same_rules_but_for_what_an_ending_tells()
    {
        foreach (var row in Bad().Select(row => row.Data.Item1))
        {
            var told = (await CheckAsync(row)).Problems;
            Assert.Equal(told.Where(problem => !problem.Message.StartsWith("'.", StringComparison.Ordinal)), AssetRules.Read(row).Problems);
        }
    }

    [Fact]
    public async Task Rows_of_one_id_and_two_addresses_are_told()
    {
        var checks = await ChecksAsync(new AssetChecker(), s_good with { Row = 1, RowId = "7" }, s_good with { Row = 2, RowId = "7", Url = "https://example.com/b.png" });
        Assert.Contains("row 1 ", Assert.Single(checks[1].Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_signed_twice_repeats_itself_unless_it_is_matched_as_a_whole()
    {
        AssetRow[] rows = [s_good with { Url = "https://example.com/a.png?sig=1" }, s_good with { Url = "https://example.com/a.png?sig=2" }];
        Assert.False((await ChecksAsync(new AssetChecker(), rows))[1].IsValid);
        Assert.True((await ChecksAsync(new AssetChecker(matchBy: MatchBy.FullAddress), rows))[1].IsValid);
    }

    [Theory]
    [InlineData("https://example.com/a")]
    [InlineData("https://example.com/a.php?file=b.mp4")]
    [InlineData("https://example.com/a.JPEG")]
    public async Task An_ending_that_says_nothing_speaks_against_nothing(string url) => Assert.True((await CheckAsync(s_good with { Url = url })).IsValid);

    [Fact]
    public async Task A_row_that_repeats_another_says_which()
    {
        var picture = _folder.File("a.png");
        await File.WriteAllBytesAsync(picture, TestImages.Png(), Cancel);
        await File.WriteAllBytesAsync(_folder.File("copy.png"), TestImages.Png(), Cancel);
        var checks = await ChecksAsync(new AssetChecker(),
            s_good with { Row = 1 }, s_good with { Row = 2, Name = "other" }, s_good with { Row = 3, AssetType = "Image", Group = new AvatarGroup { Name = "g" } },
            new() { Path = picture, Row = 4 }, new() { Path = _folder.File("copy.png"), Row = 5 });

        Assert.Equal([true, false, true, true, false], checks.Select(check => check.IsValid));
        Assert.Contains("repeats row 1", checks[1].Problems[0].Message, StringComparison.Ordinal);
        Assert.Contains("repeats row 4", checks[4].Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_local_picture_is_told_as_it_is()
    {
        await File.WriteAllBytesAsync(_folder.File("a.png"), TestImages.Jpeg(800, 600), Cancel);
        var check = await CheckAsync(new() { Path = _folder.File("a.png") });

        Assert.True(check.IsValid);
        Assert.Equal(("image/jpeg", 800, 600, "a.png"), (check.ContentType, check.Width, check.Height, check.Name));
        Assert.Equal(new FileInfo(_folder.File("a.png")).Length, check.Length);
    }

    [Fact]
    public async Task Neither_query_nor_password_is_shown_and_the_row_can_be_submitted_whole()
    {
        var check = await CheckAsync(s_good with { Url = "https://me:pass@example.com/a.mp4?sig=s3cret" });
        Assert.DoesNotContain("s3cret", System.Text.Json.JsonSerializer.Serialize(check) + check, StringComparison.Ordinal);
        Assert.DoesNotContain("pass@", check.ToString(), StringComparison.Ordinal);
        Assert.Equal("https://me:pass@example.com/a.mp4?sig=s3cret", check.ToRow().Url);
    }

    [Fact]
    public async Task Online_the_address_is_asked_for_its_head()
    {
        using var host = new FileHost(DownloadTests.Bytes(2000, 1)) { MediaType = "image/png" };
        var check = await OnlineAsync(host, s_good);

        Assert.True(check.IsValid);
        Assert.Equal(("image/png", 2000), (check.ContentType, check.Length));
        Assert.Equal(("HEAD", null), (Assert.Single(host.Requests).Method, host.Requests[0].Authorization));
    }

    [Fact]
    public async Task Where_the_head_is_refused_the_first_byte_tells()
    {
        using var host = new FileHost(DownloadTests.Bytes(2000, 1)) { MediaType = "image/png" };
        host.Script = number => number == 1 ? new Mishap { Answer = () => new HttpResponseMessage(HttpStatusCode.Forbidden) } : null;
        var check = await OnlineAsync(host, s_good);

        Assert.True(check.IsValid);
        Assert.Equal(("GET", "bytes=0-0", 2000), (host.Requests[1].Method, host.Requests[1].Range, check.Length));
    }

    [Fact]
    public async Task What_cannot_be_fetched_or_is_not_taken_speaks_against_the_row()
    {
        await ComplainsAsync(Answering(HttpStatusCode.NotFound), "example.com answers with 404");
        await ComplainsAsync(Answering(HttpStatusCode.OK, "text/html", 100), "answers with text/html");
        await ComplainsAsync(Answering(HttpStatusCode.OK, "image/svg+xml", 100), "answers with image/svg+xml");
        await ComplainsAsync(Answering(HttpStatusCode.OK, "image/png", 31 * 1024 * 1024), "31 MB; an Image may have 30 MB");
        await ComplainsAsync(Answering(HttpStatusCode.OK, "image/png", 0), "with nothing");
        await ComplainsAsync(new Mishap { Throws = true }, "example.com cannot be reached");
        await ComplainsAsync(new Mishap { Answer = () => Redirect("http://10.0.0.1/a.png") }, "not one on the public internet", "http://example.com/a.png");
        await ComplainsAsync(new Mishap { Answer = () => Redirect("https://localhost/a.png") }, "not one on the public internet");
    }

    [Fact]
    public async Task A_private_address_is_not_even_asked()
    {
        using var host = new FileHost([1]);
        Assert.False((await OnlineAsync(host, s_good with { Url = "http://10.0.0.1/a.png" })).IsValid);
        Assert.Empty(host.Requests);
    }

    [Fact]
    public async Task Silence_speaks_against_the_row_too()
    {
        var time = new ManualTimeProvider();
        using var host = new FileHost([1]) { Script = _ => new Mishap { Hangs = true } };
        var check = await time.UntilDoneAsync(OnlineAsync(host, s_good, time), TimeSpan.FromSeconds(60), () => host.Silences);
        Assert.Contains("did not answer within 60 s", check.Problems.Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_are_asked_at_once_and_told_in_order()
    {
        using var host = new Together(4);
        using var http = new HttpMessageInvoker(host);
        var checker = new AssetChecker(new PublicAddress(), new UrlProbe(http, TimeProvider.System, TimeSpan.FromMinutes(1)));
        var checks = await ChecksAsync(checker, [.. Enumerable.Range(1, 40).Select(i => s_good with { Url = $"https://example.com/{i}.png", Row = i })]);

        Assert.Equal(Enumerable.Range(1, 40), checks.Select(check => check.Row));
        Assert.InRange(host.Most, 4, 8);
    }

    private static Mishap Answering(HttpStatusCode status, string? type = null, long? length = null) => new()
    {
        Answer = () =>
        {
            var answer = new HttpResponseMessage(status) { Content = new ByteArrayContent([]) };
            answer.Content.Headers.ContentType = type is null ? null : new(type);
            answer.Content.Headers.ContentLength = length;
            return answer;
        },
    };

    private static HttpResponseMessage Redirect(string location) => new(HttpStatusCode.Found) { Headers = { Location = new Uri(location) } };

    private static async Task ComplainsAsync(Mishap mishap, string said, string url = "https://example.com/a.png")
    {
        using var host = new FileHost([1]) { Script = _ => mishap };
        var check = await OnlineAsync(host, s_good with { Url = url });
        Assert.Contains(said, Assert.Single(check.Problems).Message, StringComparison.Ordinal);
    }

    private static Task<AssetCheck> CheckAsync(AssetRow row) => OneAsync(new AssetChecker(), row);

    private static async Task<AssetCheck> OnlineAsync(FileHost host, AssetRow row, TimeProvider? time = null)
    {
        var policy = new PublicAddress();
        using var http = new HttpMessageInvoker(new PublicNetwork(policy) { InnerHandler = host }, disposeHandler: false);
        return await OneAsync(new AssetChecker(policy, new UrlProbe(http, time ?? TimeProvider.System, TimeSpan.FromSeconds(60))), row);
    }

    private static async Task<AssetCheck> OneAsync(AssetChecker checker, AssetRow row) => (await ChecksAsync(checker, row)).Single();

    private static async Task<List<AssetCheck>> ChecksAsync(AssetChecker checker, params AssetRow[] rows)
    {
        var channel = Channel.CreateUnbounded<AssetRow>();
        rows.ToList().ForEach(row => channel.Writer.TryWrite(row));
        channel.Writer.Complete();
        var checks = new List<AssetCheck>();
        await foreach (var check in checker.CheckAsync(channel.Reader, cancellationToken: Cancel))
        {
            checks.Add(check);
        }

        return checks;
    }

    /// <summary>Answers the first few only when all of them have asked.</summary>
    private sealed class Together(int count) : HttpMessageHandler
    {
        private readonly TaskCompletionSource _all = new();
        private int _here;

        public int Most { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Most = Math.Max(Most, Interlocked.Increment(ref _here));
            if (Most >= count)
            {
                _all.TrySetResult();
            }

            await _all.Task.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref _here);
            return new HttpResponseMessage(HttpStatusCode.OK);
        }
    }
}
