using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Seedance.Client.Tests;

/// <summary>Over real sockets on the loopback address, with the phone played by an HTTP client.</summary>
public sealed class IdentityListenerTests : IDisposable
{
    private readonly HttpClient _phone = new() { Timeout = TimeSpan.FromSeconds(30) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _phone.Dispose();

    [Theory]
    [InlineData("en", "Check passed")]
    [InlineData("zh", "验证已通过")]
    [InlineData("zh-Hant", "驗證已通過")]
    [InlineData(null, "验证已通过")]
    public async Task The_callback_completes_the_session_and_the_phone_reads_so_in_its_language(string? language, string words)
    {
        await using var house = new IdentityFixture();
        var session = await house.ListenAsync("Ann", language);
        var waiting = house.Desk.WaitAsync(session, cancellationToken: Cancellation);
        using var page = await _phone.GetAsync(house.Finish(session), Cancellation);
        var html = await page.Content.ReadAsStringAsync(Cancellation);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains(words, html, StringComparison.Ordinal);
        Assert.Equal(("no-store", "no-referrer"), (page.Headers.CacheControl!.ToString(), page.Headers.GetValues("Referrer-Policy").Single()));
        Assert.DoesNotContain(session.BytedToken, html, StringComparison.Ordinal);

        var person = await waiting;
        Assert.True(person.Group is { Name: "Ann", IsRealPerson: true, GroupId: not null });
        Assert.Equal(2, house.Posts.Count);
        await AssertClosedAsync(session);
    }

    [Fact]
    public async Task Another_result_code_is_told_and_the_token_is_not_asked_about()
    {
        await using var house = new IdentityFixture();
        var session = await house.ListenAsync("Ann", "en");
        var waiting = house.Desk.WaitAsync(session, cancellationToken: Cancellation);
        Assert.Contains("(Result 20001)", await _phone.GetStringAsync(house.Finish(session, "20001"), Cancellation), StringComparison.Ordinal);

        var e = await Assert.ThrowsAsync<SeedanceException>(() => waiting);
        Assert.Equal((SeedanceErrorKind.NotVerified, "20001"), (e.Kind, e.Code));
        Assert.Equal(SeedanceErrorKind.NotVerified, (await Assert.ThrowsAsync<SeedanceException>(() => house.Desk.CompleteAsync(session, cancellationToken: Cancellation))).Kind);
        Assert.Single(house.Posts);
        await AssertClosedAsync(session);
    }

    [Theory]
    [InlineData("GET", "?bytedToken=forged-token&resultCode=10000", 403)]
    [InlineData("GET", "?bytedToken={other}&resultCode=10000", 403)]
    [InlineData("GET", "?bytedToken={token}x&resultCode=10000", 403)]
    [InlineData("GET", "", 400)]
    [InlineData("GET", "?bytedToken={token}", 400)]
    [InlineData("GET", "?resultCode=10000", 400)]
    [InlineData("GET", "?bytedToken=&resultCode=10000", 400)]
    [InlineData("GET", "?bytedToken={token}&bytedToken={token}&resultCode=10000", 400)]
    [InlineData("GET", "?bytedToken={token}&resultCode=1&resultCode=10000", 400)]
    [InlineData("GET", "?bytedToken={token}&resultCode=%3Cscript%3E", 400)]
    [InlineData("GET", "?bytedToken={token}&resultCode=10000&x={5000}", 414)]
    [InlineData("GET", "?bytedToken={token}&resultCode=10000&x={40000}", 414)]
    [InlineData("GET", "more?bytedToken={token}&resultCode=10000", 404)]
    [InlineData("GET", "../?bytedToken={token}&resultCode=10000", 404)]
    [InlineData("GET", "/../other/?bytedToken={token}&resultCode=10000", 404)]
    [InlineData("POST", "?bytedToken={token}&resultCode=10000", 405)]
    [InlineData("HEAD", "?bytedToken={token}&resultCode=10000", 405)]
    [InlineData("DELETE", "?bytedToken={token}&resultCode=10000", 405)]
    public async Task Everything_else_is_refused_and_the_session_stays_open(string method, string rest, int status)
    {
        await using var house = new IdentityFixture();
        var session = await house.ListenAsync();
        var other = await house.ListenAsync();
        var query = rest
            .Replace("{token}", session.BytedToken, StringComparison.Ordinal)
            .Replace("{other}", other.BytedToken, StringComparison.Ordinal)
            .Replace("{5000}", new string('x', 5000), StringComparison.Ordinal)
            .Replace("{40000}", new string('x', 40000), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(method), session.CallbackUrl + query);
        if (method == "POST")
        {
            request.Content = new StringContent(new string('x', 100_000));
        }

        Assert.Equal(status, await StatusAsync(request));

        // The one that matters is still taken.
        Assert.Null(session.Listener!.Code);
        Assert.Equal(200, await StatusAsync(new HttpRequestMessage(HttpMethod.Get, house.Finish(session))));
        Assert.NotNull((await house.Desk.WaitAsync(session, cancellationToken: Cancellation)).Group.GroupId);
        other.Listener!.Dispose();
    }

    [Fact]
    public async Task Of_many_callbacks_at_once_exactly_one_is_accepted()
    {
        await using var house = new IdentityFixture();
        var session = await house.ListenAsync();
        var callback = house.Finish(session);
        var seen = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => StatusAsync(new HttpRequestMessage(HttpMethod.Get, callback))));
        Assert.Equal(1, seen.Count(status => status == 200));
        Assert.Equal(15, seen.Count(status => status == 410));
        Assert.NotNull((await house.Desk.WaitAsync(session, cancellationToken: Cancellation)).Group.GroupId);
        Assert.Equal(2, house.Posts.Count);
    }

    [Fact]
    public async Task A_second_callback_cannot_change_the_first()
    {
        await using var house = new IdentityFixture();
        var session = await house.ListenAsync();
        Assert.Equal(200, await StatusAsync(new HttpRequestMessage(HttpMethod.Get, $"{session.CallbackUrl}?bytedToken={session.BytedToken}&resultCode=77")));
        Assert.Equal(410, await StatusAsync(new HttpRequestMessage(HttpMethod.Get, $"{session.CallbackUrl}?bytedToken={session.BytedToken}&resultCode=10000")));
        Assert.Equal("77", await session.Listener!.Received);
        session.Listener.Dispose();
    }

    [Fact]
    public async Task Before_the_token_is_known_nothing_is_accepted()
    {
        using var listener = IdentityListener.Open("127.0.0.1:0", TimeProvider.System);
        Assert.Equal(403, await StatusAsync(new HttpRequestMessage(HttpMethod.Get, $"{listener.CallbackUrl}?bytedToken=x&resultCode=10000")));
    }

    [Fact]
    public async Task It_closes_when_the_link_runs_out_whether_anybody_waits_or_not()
    {
        await using var house = new IdentityFixture();
        var session = await house.ListenAsync();
        house.Time.Advance(TimeSpan.FromSeconds(119));
        Assert.False(session.Listener!.IsClosed);
        house.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(session.Listener!.IsClosed);
        await AssertClosedAsync(session);

        var e = await Assert.ThrowsAsync<SeedanceException>(() => house.Desk.WaitAsync(session, cancellationToken: Cancellation));
        Assert.Equal(SeedanceErrorKind.SessionExpired, e.Kind);
        Assert.Single(house.Posts);
    }

    [Fact]
    public async Task The_wait_counts_down_by_the_second_and_ends_with_the_link()
    {
        await using var house = new IdentityFixture();
        var session = await house.ListenAsync("Ann");
        var told = new Countdown();
        var waiting = house.Desk.WaitAsync(session, countdown: told, cancellationToken: Cancellation);
        for (var second = 0; second < 120; second++)
        {
            await told.NextAsync();
            house.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var e = await Assert.ThrowsAsync<SeedanceException>(() => waiting);
        Assert.Contains("The identity session of Ann ran out", e.Message, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, 120).Reverse().Select(second => TimeSpan.FromSeconds(second)), told.Seen);
        Assert.Single(house.Posts);
    }

    [Fact]
    public async Task A_callback_that_came_before_the_wait_began_counts_even_after_the_link_has_run_out()
    {
        await using var house = new IdentityFixture();
        var session = await house.ListenAsync();
        await _phone.GetStringAsync(house.Finish(session), Cancellation);
        await session.Listener!.Received;
        house.Time.Advance(TimeSpan.FromSeconds(600));
        Assert.NotNull((await house.Desk.WaitAsync(session, cancellationToken: Cancellation)).Group.GroupId);
    }

    [Fact]
    public async Task A_wait_that_is_called_off_leaves_the_session_open_for_another()
    {
        await using var house = new IdentityFixture();
        var session = await house.ListenAsync();
        using var stop = new CancellationTokenSource();
        var waiting = house.Desk.WaitAsync(session, cancellationToken: stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Contains("still received", IdentityVerifier.DescribeCalledOff(session), StringComparison.Ordinal);

        await _phone.GetStringAsync(house.Finish(session), Cancellation);
        await session.Listener!.Received;
        Assert.Contains("before the outcome was asked for", IdentityVerifier.DescribeCalledOff(session), StringComparison.Ordinal);
        Assert.DoesNotContain(session.BytedToken, IdentityVerifier.DescribeCalledOff(session), StringComparison.Ordinal);
        Assert.NotNull((await house.Desk.WaitAsync(session, cancellationToken: Cancellation)).Group.GroupId);
    }

    [Fact]
    public async Task Without_an_address_to_listen_on_there_is_nothing_to_wait_for()
    {
        await using var house = new IdentityFixture();
        var session = await house.OpenAsync();
        var e = await Assert.ThrowsAsync<SeedanceException>(() => house.Desk.WaitAsync(session, cancellationToken: Cancellation));
        Assert.Contains("Complete-SeedanceIdentitySession", e.RecommendedAction, StringComparison.Ordinal);
        Assert.Single(house.Posts);
    }

    [Fact]
    public async Task A_connection_that_says_nothing_holds_nobody_up()
    {
        await using var house = new IdentityFixture();
        var session = await house.ListenAsync();
        var uri = new Uri(session.CallbackUrl);
        using var silent = new TcpClient();
        await silent.ConnectAsync(uri.Host, uri.Port, Cancellation);
        await silent.GetStream().WriteAsync("GET /"u8.ToArray(), Cancellation);
        await _phone.GetStringAsync(house.Finish(session), Cancellation);
        Assert.NotNull((await house.Desk.WaitAsync(session, cancellationToken: Cancellation)).Group.GroupId);
    }

    [Fact]
    public async Task Any_number_of_silent_connections_of_one_address_keep_nobody_out()
    {
        await using var house = new IdentityFixture();
        var session = await house.ListenAsync();
        var uri = new Uri(session.CallbackUrl);
        var silent = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 100; i++)
            {
                silent.Add(new TcpClient());
                await silent[^1].ConnectAsync(uri.Host, uri.Port, Cancellation);
            }

            await _phone.GetStringAsync(house.Finish(session), Cancellation);
            Assert.NotNull((await house.Desk.WaitAsync(session, cancellationToken: Cancellation)).Group.GroupId);
        }
        finally
        {
            silent.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task Silent_connections_of_many_addresses_keep_nobody_out_and_the_newest_stay()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has the whole of 127.0.0.0/8 as addresses of its own.");
        await using var house = new IdentityFixture();
        var session = await house.ListenAsync();
        var uri = new Uri(session.CallbackUrl);
        var silent = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 100; i++)
            {
                silent.Add(new TcpClient(new IPEndPoint(new IPAddress([127, 0, 1, (byte)(1 + (i / 10))]), 0)));
                await silent[^1].ConnectAsync(uri.Host, uri.Port, Cancellation);
            }

            // The oldest was hung up on; the newest may still ask.
            Assert.True(await HasHungUpAsync(silent[0]));
            await silent[^1].GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {new Uri(house.Finish(session)).PathAndQuery} HTTP/1.1\r\n\r\n"), Cancellation);
            Assert.NotNull((await house.Desk.WaitAsync(session, cancellationToken: Cancellation)).Group.GroupId);
        }
        finally
        {
            silent.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task A_connection_that_says_nothing_is_closed_after_a_while()
    {
        var time = new ManualTimeProvider();
        using var listener = IdentityListener.Open("http://127.0.0.1:0/", time);
        using var silent = new TcpClient();
        await silent.ConnectAsync(listener.CallbackUrl.Host, listener.CallbackUrl.Port, Cancellation);
        var reading = silent.GetStream().ReadAsync(new byte[1], Cancellation).AsTask();
        while (!reading.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(0, await reading);
    }

    [Theory]
    [InlineData("GET /", "x", "414")]
    [InlineData("GET / HTTP/1.1\r\n", "X: y\r\n", "431")]
    [InlineData("\0\u0001 \r\n\r\n", "", "400")]
    [InlineData("GET http://elsewhere/ HTTP/1.1\r\n\r\n", "", "400")]
    [InlineData("GET / HTTP/2.0\r\n\r\n", "", "400")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n", "", "404")]
    public async Task A_request_without_end_or_sense_is_cut_off(string beginning, string rest, string status)
    {
        await using var house = new IdentityFixture();
        var session = await house.ListenAsync();
        var uri = new Uri(session.CallbackUrl);
        using var stranger = new TcpClient();
        await stranger.ConnectAsync(uri.Host, uri.Port, Cancellation);
        var stream = stranger.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(beginning), Cancellation);
        for (var sent = 0; rest.Length > 0 && sent < 20_000; sent += rest.Length)
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(rest), Cancellation);
        }

        using var reader = new StreamReader(stream);
        Assert.StartsWith($"HTTP/1.1 {status} ", await reader.ReadLineAsync(Cancellation), StringComparison.Ordinal);

        await _phone.GetStringAsync(house.Finish(session), Cancellation);
        Assert.NotNull((await house.Desk.WaitAsync(session, cancellationToken: Cancellation)).Group.GroupId);
    }

    [Fact]
    public async Task A_request_that_comes_in_pieces_is_read()
    {
        await using var house = new IdentityFixture();
        var session = await house.ListenAsync();
        var callback = new Uri(house.Finish(session));
        using var slow = new TcpClient { NoDelay = true };
        await slow.ConnectAsync(callback.Host, callback.Port, Cancellation);
        foreach (var letter in $"GET {callback.PathAndQuery} HTTP/1.1\r\nHost: x\r\n\r\n")
        {
            await slow.GetStream().WriteAsync(new[] { (byte)letter }, Cancellation);
        }

        Assert.NotNull((await house.Desk.WaitAsync(session, cancellationToken: Cancellation)).Group.GroupId);
    }

    [Fact]
    public async Task A_session_that_cannot_be_opened_leaves_no_listener_behind()
    {
        await using var house = new IdentityFixture();
        Uri? callback = null;
        house.After = request =>
        {
            callback = new Uri(System.Text.Json.JsonDocument.Parse(house.Posts[^1]).RootElement.GetProperty("callback_url").GetString()!);
            return Answers.Error(500);
        };
        var e = await Assert.ThrowsAsync<SeedanceException>(() => house.ListenAsync());
        Assert.Contains("Start another session", e.RecommendedAction, StringComparison.Ordinal);
        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(async () => await client.ConnectAsync(callback!.Host, callback.Port, Cancellation));
    }

    [Fact]
    public async Task Its_path_cannot_be_guessed_and_several_share_an_address()
    {
        using var one = IdentityListener.Open("http://127.0.0.1:0/", TimeProvider.System);
        using var two = IdentityListener.Open(one.CallbackUrl.GetLeftPart(UriPartial.Authority), TimeProvider.System);
        Assert.Equal(one.CallbackUrl.Port, two.CallbackUrl.Port);
        Assert.NotEqual(one.CallbackUrl.AbsolutePath, two.CallbackUrl.AbsolutePath);
        Assert.Matches("^/[0-9a-f]{32}/$", one.CallbackUrl.AbsolutePath);

        one.Dispose();
        Assert.Equal(403, await StatusAsync(new HttpRequestMessage(HttpMethod.Get, $"{two.CallbackUrl}?bytedToken=x&resultCode=10000")));
    }

    [Theory]
    [InlineData("http://localhost:0/")]
    [InlineData("http://[::1]:0/")]
    [InlineData("localhost:0")]
    public async Task Names_and_the_newer_kind_of_address_will_do(string address)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This machine has no IPv6.");
        using var listener = IdentityListener.Open(address, TimeProvider.System);
        Assert.Equal(403, await StatusAsync(new HttpRequestMessage(HttpMethod.Get, $"{listener.CallbackUrl}?bytedToken=x&resultCode=10000")));
    }

    [Fact]
    public async Task It_is_bound_to_its_address_only()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has the whole of 127.0.0.0/8 as addresses of its own.");
        using var listener = IdentityListener.Open("http://127.0.0.1:0/", TimeProvider.System);
        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(async () => await client.ConnectAsync("127.0.0.2", listener.CallbackUrl.Port, Cancellation));
    }

    [Theory]
    [InlineData("https://127.0.0.1:8080/", "https")]
    [InlineData("ftp://127.0.0.1/", "not of the form")]
    [InlineData("http://", "not of the form")]
    [InlineData("http://*:8080/", "not of the form")]
    [InlineData("http://+:8080/", "not of the form")]
    [InlineData("http://127.0.0.1:99999/", "not of the form")]
    [InlineData("http://127.0.0.1:8080/path", "more than an address")]
    [InlineData("http://127.0.0.1:8080/?q=1", "more than an address")]
    [InlineData("http://user:secret@127.0.0.1:8080/", "more than an address")]
    [InlineData("http://0.0.0.0:8080/", "every address")]
    [InlineData("http://[::]:8080/", "every address")]
    [InlineData("http://192.0.2.7:8080/", "none of this machine's")]
    [InlineData("http://no-such-host.invalid:8080/", "not known by that name")]
    [InlineData("http://[2001:db8::1]:8080/", "none of this machine's")]
    public async Task An_address_that_is_not_one_to_listen_on_is_refused_before_anything_is_sent(string address, string why)
    {
        await using var house = new IdentityFixture();
        var e = await Assert.ThrowsAsync<SeedanceException>(() => house.Desk.OpenAsync(new IdentityOptions { Listen = address }, Cancellation));
        Assert.Equal(SeedanceErrorKind.InvalidInput, e.Kind);
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
        Assert.Empty(house.Posts);
    }

    [Fact]
    public async Task An_address_in_use_is_an_error_that_says_so_and_nothing_is_sent()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var house = new IdentityFixture();
        var address = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}/";
        var e = await Assert.ThrowsAsync<SeedanceException>(() => house.Desk.OpenAsync(new IdentityOptions { Listen = address }, Cancellation));
        Assert.Equal(SeedanceErrorKind.AddressUnavailable, e.Kind);
        Assert.Contains("another program listens there", e.Message, StringComparison.Ordinal);
        Assert.Empty(house.Posts);
    }

    private static async Task<bool> HasHungUpAsync(TcpClient client)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[1], Cancellation) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static async Task<int> StatusAsync(HttpRequestMessage request)
    {
        using var client = new HttpClient();
        using var answer = await client.SendAsync(request, Cancellation);
        request.Dispose();
        return (int)answer.StatusCode;
    }

    private static async Task AssertClosedAsync(IdentitySession session)
    {
        var uri = new Uri(session.CallbackUrl);
        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(async () => await client.ConnectAsync(uri.Host, uri.Port, Cancellation));
    }

    private sealed class Countdown : IProgress<TimeSpan>
    {
        private readonly Channel<TimeSpan> _told = Channel.CreateUnbounded<TimeSpan>();

        public List<TimeSpan> Seen { get; } = [];

        public async Task NextAsync() => Seen.Add(await _told.Reader.ReadAsync(Cancellation));

        public void Report(TimeSpan value) => _told.Writer.TryWrite(value);
    }
}
