using System.Net;
using System.Net.Sockets;

namespace Seedance.Client.Tests.Files;

public sealed class PublicNetworkTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("https://localhost/")]
    [InlineData("https://[::1]:8080/")]
    public async Task A_redirect_to_a_private_address_is_not_followed(string location)
    {
        using var host = new Redirecting(new Uri(location));
        var failure = await Assert.ThrowsAsync<SeedanceException>(() => AskAsync(host, location.StartsWith("https", StringComparison.Ordinal) ? "https://example.com/a" : "http://example.com/a"));

        Assert.Single(host.Asked);
        Assert.Contains("not one on the public internet", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://example.org/a?sig=1")]
    [InlineData("ftp://example.org/a")]
    [InlineData("file:///etc/passwd")]
    public async Task A_redirect_out_of_https_is_not_followed(string location)
    {
        using var host = new Redirecting(new Uri(location));
        var failure = await Assert.ThrowsAsync<SeedanceException>(() => AskAsync(host, "https://example.com/a"));

        Assert.Single(host.Asked);
        Assert.DoesNotContain("sig=1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_few_redirects_are_followed_and_a_circle_is_not()
    {
        using var twice = new Redirecting(new Uri("https://example.org/b"), new Uri("/c?x=1", UriKind.Relative));
        using (var answer = await AskAsync(twice, "https://example.com/a"))
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(["https://example.com/a", "https://example.org/b", "https://example.org/c?x=1"], twice.Asked);

        using var circle = new Redirecting([.. Enumerable.Repeat(new Uri("https://example.com/a"), 99)]);
        await Assert.ThrowsAsync<SeedanceException>(() => AskAsync(circle, "https://example.com/a"));
        Assert.Equal(6, circle.Asked.Count);
    }

    [Theory]
    [InlineData("10.0.0.7")]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task A_public_name_that_leads_to_a_private_address_is_not_called(string address)
    {
        // A listener that must hear nothing.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var sockets = PublicNetwork.Sockets(new PublicAddress(), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]));
        sockets.UseProxy = false;
        using var http = new HttpMessageInvoker(new PublicNetwork(new PublicAddress()) { InnerHandler = sockets });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://rebound.example.com:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => http.SendAsync(request, Cancel));

        var refused = failure as SeedanceException ?? Assert.IsType<SeedanceException>(failure.InnerException);
        Assert.Contains("'rebound.example.com' leads to", refused.Message, StringComparison.Ordinal);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task Of_several_addresses_only_public_ones_are_called()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var sockets = PublicNetwork.Sockets(new PublicAddress(allowLoopback: true), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.255.255.1"), IPAddress.Loopback]));
        sockets.UseProxy = false;
        using var http = new HttpMessageInvoker(sockets);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://rebound.example.com:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        var asking = http.SendAsync(request, Cancel);
        using (var client = await listener.AcceptTcpClientAsync(Cancel))
        {
            await client.GetStream().WriteAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray(), Cancel);
            Assert.Equal(HttpStatusCode.NoContent, (await asking).StatusCode);
        }
    }

    private static Task<HttpResponseMessage> AskAsync(HttpMessageHandler host, string address)
    {
        var http = new HttpMessageInvoker(new PublicNetwork(new PublicAddress()) { InnerHandler = host }, disposeHandler: false);
        return http.SendAsync(new HttpRequestMessage(HttpMethod.Get, address), Cancel);
    }

    private sealed class Redirecting(params Uri[] places) : HttpMessageHandler
    {
        public List<string> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(request.RequestUri!.ToString());
            var answer = new HttpResponseMessage(Asked.Count > places.Length ? HttpStatusCode.OK : HttpStatusCode.Found);
            if (Asked.Count <= places.Length)
            {
                answer.Headers.Location = places[Asked.Count - 1];
            }

            return Task.FromResult(answer);
        }
    }
}
