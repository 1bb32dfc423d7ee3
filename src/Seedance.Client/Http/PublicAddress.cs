using System.Net;
using System.Net.Sockets;

namespace Seedance.Http;

/// <summary>
/// Tells what lies on the public internet. Links come from answers and rows, that is, from others: they must not make
/// this machine call on its own network.
/// </summary>
/// <param name="allowLoopback">Takes this machine itself as public: for a connection that is to it.</param>
internal sealed class PublicAddress(bool allowLoopback = false)
{
    private static readonly IPNetwork[] s_private =
    [
        // "This" network, private use, shared by carriers, loopback, link-local.
        Net("0.0.0.0/8"), Net("10.0.0.0/8"), Net("100.64.0.0/10"), Net("127.0.0.0/8"), Net("169.254.0.0/16"), Net("172.16.0.0/12"), Net("192.168.0.0/16"),

        // Protocol assignments, documentation, 6to4 relays, benchmarks, multicast, reserved and broadcast.
        Net("192.0.0.0/24"), Net("192.0.2.0/24"), Net("192.88.99.0/24"), Net("198.18.0.0/15"), Net("198.51.100.0/24"), Net("203.0.113.0/24"), Net("224.0.0.0/4"), Net("240.0.0.0/4"),

        // The same of IPv6, and the tunnels that hide an address of version 4 where it is not looked for.
        Net("::/96"), Net("64:ff9b:1::/48"), Net("100::/64"), Net("2001::/32"), Net("2001:db8::/32"), Net("fc00::/7"), Net("fe80::/10"), Net("fec0::/10"), Net("ff00::/8"),
    ];

    private static readonly string[] s_privateNames = [".localhost", ".local", ".internal", ".intranet", ".lan", ".home", ".corp", ".home.arpa", ".localdomain"];

    /// <summary>True if the address can be reached from everywhere.</summary>
    public bool Allows(IPAddress address)
    {
        if (allowLoopback && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address))
        {
            return true;
        }

        var plain = Unwrap(address);
        return !Array.Exists(s_private, network => network.Contains(plain));
    }

    /// <summary>Why the host is not public, as far as its name tells; null if it may be.</summary>
    public string? Objection(Uri address)
    {
        var host = address.IdnHost.TrimEnd('.');

        // By its form, not by what Uri takes it for: with a dot at its end, a number is a name to it, and the same machine to the network.
        if (IPAddress.TryParse(host, out var number))
        {
            return Allows(number) ? null : $"{host} is {Word(number)}, not one on the public internet";
        }

        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return allowLoopback ? null : $"{host} is this machine itself, not one on the public internet";
        }

        return !host.Contains('.', StringComparison.Ordinal) || Array.Exists(s_privateNames, name => host.EndsWith(name, StringComparison.OrdinalIgnoreCase))
            ? $"'{host}' is a name of a local network, not one on the public internet"
            : null;
    }

    private static string Word(IPAddress address)
    {
        var plain = Unwrap(address);
        return IPAddress.IsLoopback(plain) ? "a loopback address"
            : plain.IsIPv6LinkLocal || Net("169.254.0.0/16").Contains(plain) ? "a link-local address"
            : "a private or reserved address";
    }

    // Addresses of version 4 in the clothes of version 6: mapped, translated (64:ff9b::/96, ::ffff:0:0:0/96), 6to4 (2002::/16).
    private static IPAddress Unwrap(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        return Net("64:ff9b::/96").Contains(address) || Net("::ffff:0:0:0/96").Contains(address) ? new IPAddress(bytes.AsSpan(12, 4))
            : bytes[0] == 0x20 && bytes[1] == 0x02 ? new IPAddress(bytes.AsSpan(2, 4))
            : address;
    }

    private static IPNetwork Net(string text) => IPNetwork.Parse(text);
}
