using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Seedance.Client.Tests.Files;

namespace Seedance.Client.Tests.Reports;

public sealed class ReportWriterTests
{
    private const int BlockBytes = 1024 * 1024;

    private static readonly ReportHead s_head = new() { Title = "A report" };

    public static TheoryData<string> HostileTexts =>
    [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        "</title></style></template><img src=x onerror=alert(1)>",
        "\" onfocus=\"alert(1)\" ' x='",
        "&amp; {{rows}} {{script}} $1 $&",
        "a\u2028b\u2029c\u0085d",
        "=1+1",
        "👩🏽‍🚀 李雨桐 محمد",
    ];

    public static TheoryData<string, string> UnfitTexts => new()
    {
        { "\u001B[31mred\a\0", "\uFFFD[31mred\uFFFD\uFFFD" },
        { "half \uD83D of a pair", "half \uFFFD of a pair" },
        { "tab\tand\r\nline", "tab\tand\r\nline" },
        { "\u009Bcontrol\u007F", "\uFFFDcontrol\uFFFD" },
    };

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public async Task Text_of_rows_is_data_and_ends_no_element(string text)
    {
        var expected = text.Replace('\u0085', '\uFFFD');
        var file = await WrittenReport.WriteAsync(
            s_head, new ReportRow { State = ReportRowState.Failed, RowId = text, Name = text, Error = text, Advice = text, AssetUrl = text, KeptColumns = [new(text, text)] });

        var row = Assert.Single(file.Rows);
        Assert.All(["id", "name", "error", "advice", "asset"], member => Assert.Equal(expected, row.GetProperty(member).GetString()));
        Assert.Equal([expected, expected], row.GetProperty("columns")[0].EnumerateArray().Select(value => value.GetString()));
        AssertIsWhole(file);
    }

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public async Task Text_of_the_head_is_encoded(string text)
    {
        var file = await WrittenReport.WriteAsync(new ReportHead { Title = text, AccountName = text, RunName = text, RunId = text, GroupName = text, GroupId = text, NextCommand = text });
        Assert.Equal(text.Replace('\u0085', '\uFFFD'), System.Net.WebUtility.HtmlDecode(file.Between("<title>", "</title>")));
        AssertIsWhole(file);
    }

    [Theory]
    [MemberData(nameof(UnfitTexts))]
    public async Task Control_characters_and_halves_of_characters_reach_no_file(string text, string expected)
    {
        var file = await WrittenReport.WriteAsync(new ReportHead { Title = text }, new ReportRow { State = ReportRowState.Usable, Name = text, KeptColumns = [new(text, text)] });
        Assert.Equal(expected, file.Rows[0].GetProperty("name").GetString());
        Assert.Equal(expected, file.Rows[0].GetProperty("columns")[0][1].GetString());
        Assert.Equal(expected.ReplaceLineEndings("\n"), System.Net.WebUtility.HtmlDecode(file.Between("<title>", "</title>")).ReplaceLineEndings("\n"));
        Assert.DoesNotMatch(@"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]", file.Text);
    }

    [Fact]
    public async Task All_that_is_known_of_a_row_is_written_and_nothing_else()
    {
        var file = await WrittenReport.WriteAsync(
            new ReportRow
            {
                State = ReportRowState.NotAccepted, Type = ReportRowType.GeneratedVideo, Row = 7, RowId = "r7", Name = "seven", KeptColumns = [new("2", "b"), new("1", null)],
                AssetUrl = "asset://7", MatchedBy = MatchedBy.Position, TaskId = "task_7", Tries = 2, Duration = TimeSpan.FromMilliseconds(1234.5678), Error = "e", Advice = "a",
                Thumbnail = ReportThumbnail.FromAddress("https://p.example/7.png"), VideoUrl = "http://v.example/7.mp4",
                VideoExpiresAt = new DateTimeOffset(2027, 3, 1, 2, 3, 4, TimeSpan.FromHours(-5)), Cost = 0.08584m,
            },
            new ReportRow { State = ReportRowState.Usable, MatchedBy = MatchedBy.None, Name = string.Empty });

        Assert.Equal(
            """
            {"state":"NotAccepted","type":"GeneratedVideo","row":7,"id":"r7","name":"seven","columns":[["2","b"],["1",""]],"asset":"asset://7","matchedBy":"Position",
            "task":"task_7","tries":2,"seconds":1.235,"error":"e","advice":"a","thumbnail":"https://p.example/7.png","video":"http://v.example/7.mp4",
            "expires":"2027-03-01T02:03:04.0000000-05:00","cost":0.08584}
            """.Replace("\n", string.Empty, StringComparison.Ordinal),
            file.Rows[0].GetRawText().Replace("\\u002B", "+", StringComparison.Ordinal));
        Assert.Equal("""{"state":"Usable","type":"Image"}""", file.Rows[1].GetRawText());
    }

    [Fact]
    public async Task The_head_says_what_is_known_of_the_run()
    {
        var start = new DateTimeOffset(2027, 3, 14, 21, 3, 12, TimeSpan.FromHours(1));
        var head = new ReportHead
        {
            Title = "A report", AccountName = "studio", RunName = "faces", RunId = "r-1", GroupId = "g-1", StartedAt = start, EndedAt = start.AddMinutes(90),
            Duration = TimeSpan.FromMinutes(1500.5), Requests = 1234, Cost = 1234.5m, NextCommand = "Go-On -Now", CreatedAt = start.AddHours(2),
        };
        Assert.Equal(
            ["Account|studio", "Run|faces r-1", "Group|g-1", "Ran|14 March 2027, 21:03:12 to 22:33:12 +01:00", "Duration|25 h 0 min", "Requests|1,234", "Cost|$1,234.50"],
            Facts(await WrittenReport.WriteAsync(head)));
        Assert.Equal(
            "Ran|14 March 2027, 21:03:12 +01:00 to 15 March 2027, 00:03:12 +01:00",
            Facts(await WrittenReport.WriteAsync(head with { EndedAt = start.AddHours(3) }))[3]);
        Assert.Equal("Started|14 March 2027, 21:03:12 +01:00", Facts(await WrittenReport.WriteAsync(head with { EndedAt = null }))[3]);
        Assert.Empty(Facts(await WrittenReport.WriteAsync(s_head)));

        Assert.Contains("<code id=\"command\">Go-On -Now</code>", (await WrittenReport.WriteAsync(head)).Text, StringComparison.Ordinal);
        Assert.Contains("Written 14 March 2027, 23:03:12 +01:00.", (await WrittenReport.WriteAsync(head)).Text, StringComparison.Ordinal);
        Assert.Contains("aria-labelledby=\"next-heading\" hidden>", (await WrittenReport.WriteAsync(s_head)).Text, StringComparison.Ordinal);

        static string[] Facts(WrittenReport file) =>
            [.. Regex.Matches(file.Text, "<div><dt>(.*?)</dt><dd>(.*?)</dd></div>").Select(match => $"{match.Groups[1]}|{System.Net.WebUtility.HtmlDecode(Regex.Replace(match.Groups[2].Value, "<.*?>", string.Empty))}")];
    }

    [Fact]
    public async Task Rows_are_counted_where_the_head_does_not_count_them()
    {
        ReportRow[] rows = [new() { State = ReportRowState.Usable }, new() { State = ReportRowState.Failed }, new() { State = ReportRowState.Usable }];
        Assert.Equal(["Failed 1", "Usable 2"], Counts(await WrittenReport.WriteAsync(rows)));

        var counts = new Dictionary<ReportRowState, long> { [ReportRowState.Usable] = 1_000_000, [ReportRowState.UnderWayElsewhere] = 3 };
        var file = await WrittenReport.WriteAsync(s_head with { Counts = counts }, rows);
        Assert.Equal(["UnderWayElsewhere 3", "Usable 1000000"], Counts(file));
        Assert.Contains("<tr><th scope=\"row\">Under way elsewhere</th><td>3</td></tr><tr><th scope=\"row\">Usable</th><td>1,000,000</td></tr>", file.Text, StringComparison.Ordinal);

        static IEnumerable<string> Counts(WrittenReport file) =>
            file.Totals.GetProperty("states").EnumerateArray().Where(state => state.GetProperty("count").GetInt64() > 0).Select(state => $"{state.GetProperty("state")} {state.GetProperty("count")}");
    }

    [Fact]
    public async Task The_policy_names_the_style_and_the_script_that_are_there_and_lets_nothing_else_in()
    {
        var file = await WrittenReport.WriteAsync(new ReportRow { State = ReportRowState.Usable });
        var policy = file.Between("http-equiv=\"Content-Security-Policy\" content=\"", "\"");
        Assert.Equal(
            $"default-src 'none'; script-src '{Hash(file.Between("\n<script>", "</script>"))}'; style-src '{Hash(file.Between("<style>", "</style>"))}'; "
            + "img-src data: https: http:; base-uri 'none'; form-action 'none'",
            policy);

        static string Hash(string content) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}";
    }

    [Fact]
    public async Task Without_thumbnails_none_is_written_and_none_may_be_loaded()
    {
        var row = new ReportRow { State = ReportRowState.Usable, Thumbnail = ReportThumbnail.FromAddress("https://p.example/1.png") };
        var file = await WrittenReport.WriteAsync(s_head with { IncludeThumbnails = false }, row);
        Assert.DoesNotContain("p.example", file.Text, StringComparison.Ordinal);
        Assert.Contains("img-src data:;", file.Text, StringComparison.Ordinal);
        Assert.Equal(0, file.Totals.GetProperty("thumbnailsLeftOut").GetInt64());
    }

    [Fact]
    public async Task Embedded_thumbnails_stop_where_the_page_would_become_unwieldy()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("1.gif");
        await File.WriteAllBytesAsync(path, [.. TestImages.Gif(100, 100), .. new byte[60 * 1024]], TestContext.Current.CancellationToken);
        var thumbnail = ReportThumbnail.FromFile(path)!;
        var fitting = (int)(24 * 1024 * 1024 / thumbnail.Content.Length);

        var file = await WrittenReport.WriteAsync(Enumerable.Repeat(new ReportRow { State = ReportRowState.Usable, Thumbnail = thumbnail }, fitting + 5));
        Assert.Equal(fitting, file.Rows.Count(row => row.TryGetProperty("thumbnailBytes", out var bytes) && bytes.GetBytesFromBase64().Length == thumbnail.Content.Length));
        Assert.Equal("image/gif", file.Rows[0].GetProperty("thumbnailType").GetString());
        Assert.Equal(5, file.Totals.GetProperty("thumbnailsLeftOut").GetInt64());
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,1")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/relative")]
    [InlineData("")]
    public async Task Only_web_addresses_are_written_as_links(string address)
    {
        Assert.Null(ReportThumbnail.FromAddress(address));
        Assert.False((await WrittenReport.WriteAsync(new ReportRow { State = ReportRowState.Usable, VideoUrl = address })).Rows[0].TryGetProperty("video", out _));
    }

    [Fact]
    public async Task Rows_leave_in_blocks_while_others_are_still_to_come()
    {
        const int Count = 20_000;
        using var stream = new RecordingStream();
        var lengths = new List<long>();
        await ReportWriter.WriteAsync(stream, s_head, Rows(), TestContext.Current.CancellationToken);

        var file = new WrittenReport(Encoding.UTF8.GetString(stream.ToArray()));
        Assert.Equal(Enumerable.Range(0, Count), file.Rows.Select(row => (int)row.GetProperty("row").GetInt64()));
        Assert.InRange(file.Blocks.Count, 4, 10);

        // What is held back is a block at most, and a row.
        Assert.InRange(stream.LongestWrite, BlockBytes, BlockBytes + 2000);
        Assert.True(lengths[Count / 2] > stream.Length / 4, "Half of the rows were written, and less than a quarter of the file.");
        AssertIsWhole(file);

        async IAsyncEnumerable<ReportRow> Rows()
        {
            for (var number = 0; number < Count; number++)
            {
                lengths.Add(stream.Length);
                await Task.Yield();
                yield return new ReportRow { State = ReportRowState.Failed, Row = number, Name = $"row {number}", Error = new string('e', 200) };
            }
        }
    }

    [Fact]
    public async Task A_report_without_rows_is_whole() => AssertIsWhole(await WrittenReport.WriteAsync());

    [Fact]
    public async Task Writing_can_be_cancelled_between_two_rows()
    {
        using var cancellation = new CancellationTokenSource();
        using var stream = new MemoryStream();
        var read = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReportWriter.WriteAsync(stream, s_head, Rows(), cancellation.Token));
        Assert.Equal(3, read);

        IEnumerable<ReportRow> Rows()
        {
            while (true)
            {
                if (++read == 3)
                {
                    cancellation.Cancel();
                }

                yield return new ReportRow { State = ReportRowState.Usable };
            }
        }
    }

    [Fact]
    public async Task The_destination_stays_open()
    {
        using var stream = new MemoryStream();
        await ReportWriter.WriteAsync(stream, s_head, [], TestContext.Current.CancellationToken);
        Assert.True(stream.CanWrite);
    }

    // Every element of ours is there once, and no other: nothing was opened or ended by what was put in.
    private static void AssertIsWhole(WrittenReport file)
    {
        Assert.StartsWith("<!doctype html>\n", file.Text, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", file.Text, StringComparison.Ordinal);
        Assert.Equal(file.Blocks.Count + 2, Regex.Count(file.Text, "<script"));
        Assert.Equal(file.Blocks.Count + 2, Regex.Count(file.Text, "</script>"));
        Assert.All(["title", "style", "h1", "template", "noscript", "body"], name => Assert.Equal(1, Regex.Count(file.Text, $"</{name}>")));
        Assert.DoesNotContain("<img", file.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<!--", file.Text, StringComparison.Ordinal);
    }

    private sealed class RecordingStream : MemoryStream
    {
        public int LongestWrite { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            LongestWrite = Math.Max(LongestWrite, buffer.Length);
            return base.WriteAsync(buffer, cancellationToken);
        }
    }
}
