using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Seedance.Identity;

/// <summary>Where callbacks go: to the caller's own endpoint, or to an address of this machine.</summary>
internal static class CallbackAddress
{
    /// <summary>The caller's own endpoint, as it was given.</summary>
    public static string Require(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || !url.Contains("://", StringComparison.Ordinal))
        {
            throw IdentityErrors.BadCallback(url, "is not an absolute address");
        }

        if (uri.Scheme is not ("http" or "https"))
        {
            throw IdentityErrors.BadCallback(url, "is not an http or https address");
        }

        return uri.Fragment.Length == 0 ? url : throw IdentityErrors.BadCallback(url, "has a fragment (#…), behind which no query can be added");
    }

    /// <summary>The address to listen on, and the one of this machine that it stands for.</summary>
    public static (Uri Address, IPAddress Local) RequireLocal(string text)
    {
        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        if (!Uri.TryCreate(full, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp)
        {
            throw IdentityErrors.BadListenAddress(text, uri?.Scheme == Uri.UriSchemeHttps
                ? "is an https address, for which this machine has no certificate"
                : "is not of the form http://address:port/");
        }

        if (uri.PathAndQuery != "/" || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
        {
            throw IdentityErrors.BadListenAddress(text, "holds more than an address and a port");
        }

        var addresses = Resolve(text, uri);
        if (addresses.Any(address => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
        {
            throw IdentityErrors.BadListenAddress(text, "stands for every address, of which none can be opened on a phone");
        }

        var own = OwnAddresses();
        // Of a name's addresses, the one that any phone can use.
        var local = addresses
            .Where(address => IPAddress.IsLoopback(address) || own.Contains(address))
            .OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
            .FirstOrDefault();
        if (local is null)
        {
            var there = string.Join(", ", own.Where(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address)));
            throw IdentityErrors.BadListenAddress(text, $"is none of this machine's{(there.Length > 0 ? $", which are {there}" : string.Empty)}");
        }

        return (uri, local);
    }

    /// <summary>The addresses of this machine that are up.</summary>
    public static HashSet<IPAddress> OwnAddresses() =>
        [.. NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus != OperationalStatus.Down)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(address => address.Address)];

    private static IPAddress[] Resolve(string text, Uri uri)
    {
        if (IPAddress.TryParse(uri.IdnHost, out var address))
        {
            return [address];
        }

        try
        {
            return Dns.GetHostAddresses(uri.IdnHost);
        }
        catch (SocketException)
        {
            throw IdentityErrors.BadListenAddress(text, "is not known by that name");
        }
    }
}
