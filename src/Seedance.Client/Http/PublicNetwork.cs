using System.Net;
using System.Net.Sockets;

namespace Seedance.Http;

/// <summary>
/// The network, without a key and as far as it is public. Redirects are followed, a few, each only to where the first
/// request might have gone; names are judged by the addresses they really lead to, at the moment of connecting.
/// </summary>
internal sealed class PublicNetwork(PublicAddress policy) : DelegatingHandler
{
    private const int MaxRedirects = 5;

    /// <summary>The handler under it.</summary>
    /// <param name="policy">What is public.</param>
    /// <param name="resolve">Finds the addresses of a name; null asks the system.</param>
    public static SocketsHttpHandler Sockets(PublicAddress policy, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null) => new()
    {
        AllowAutoRedirect = false,

        // Ranges and lengths are of the file as it is.
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context, policy, resolve ?? Dns.GetHostAddressesAsync, cancellationToken),
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            var address = request.RequestUri!;
            if (policy.Objection(address) is { } objection)
            {
                throw NotPublic(objection);
            }

            var response = await base.SendAsync(request, cancellationToken);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
            {
                return response;
            }

            response.Dispose();
            var next = location.IsAbsoluteUri ? location : new Uri(address, location);
            if (redirects == MaxRedirects || (next.Scheme != Uri.UriSchemeHttps && next.Scheme != address.Scheme)
                || (next.Scheme != Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttp))
            {
                throw new SeedanceException(SeedanceErrorKind.InvalidAnswer, Delivery.Refused, redirects == MaxRedirects
                    ? $"{address.Host} sends from one place to the next, more than {MaxRedirects} times."
                    : $"{address.Host} sends from {address.Scheme} to {next.Scheme}, which is not followed.");
            }

            request.RequestUri = next;
        }
    }

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, PublicAddress policy, Func<string, CancellationToken, Task<IPAddress[]>> resolve, CancellationToken cancellationToken)
    {
        var host = context.DnsEndPoint.Host;
        var target = context.InitialRequestMessage.RequestUri!;
        var addresses = await AddressesAsync(host);

        // A proxy of the user's own may stand anywhere; what it is asked for may not.
        if (host.Equals(target.IdnHost, StringComparison.OrdinalIgnoreCase))
        {
            addresses = Public(host, addresses);
        }
        else
        {
            try
            {
                Public(target.IdnHost, await AddressesAsync(target.IdnHost));
            }
            catch (SocketException)
            {
                // Only the proxy knows the name.
            }
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        async Task<IPAddress[]> AddressesAsync(string name) => IPAddress.TryParse(name, out var number) ? [number] : await resolve(name, cancellationToken);

        IPAddress[] Public(string name, IPAddress[] found)
        {
            var allowed = Array.FindAll(found, policy.Allows);
            return allowed.Length > 0 ? allowed
                : throw NotPublic($"'{name}' leads to {string.Join(", ", found.Take(3).Select(one => one.ToString()))}, which is not on the public internet");
        }
    }

    private static SeedanceException NotPublic(string objection) =>
        new(SeedanceErrorKind.InvalidInput, Delivery.Refused, $"{objection}; it is not called.")
        {
            RecommendedAction = "Use an address that everybody can reach.",
        };
}
