using System.Globalization;
using System.Net;

namespace Seedance.Journal.PostgreSql;

/// <summary>Where a journal's database is: <c>postgresql://[user@]host[:port]/database</c>.</summary>
/// <param name="Host">A host, or the folder of a socket.</param>
/// <param name="Port">The port.</param>
/// <param name="Database">The database.</param>
/// <param name="User">The role; null for <c>PGUSER</c>, or else the name that this session has on its machine.</param>
public sealed record JournalAddress(string Host, int Port, string Database, string? User)
{
    private const int DefaultPort = 5432;

    private static readonly string[] s_schemes = ["postgresql://", "postgres://"];

    /// <summary>Gets whether it is this machine's own: what is sent there passes no network.</summary>
    public bool IsLocal => Host.StartsWith('/') || Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Reads an address.</summary>
    /// <exception cref="SeedanceException">It is none, or carries a password. The message does not repeat it.</exception>
    public static JournalAddress Parse(string text)
    {
        var scheme = s_schemes.FirstOrDefault(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            ?? throw Invalid("It does not begin with postgresql://.");
        var rest = text[scheme.Length..];
        if (rest.IndexOfAny(['?', '#']) >= 0)
        {
            throw Invalid("It carries options. How the connection is made is not up to the address.");
        }

        // A password may hold any character: the host comes behind the last sign.
        var at = rest.LastIndexOf('@');
        var user = at < 0 ? null : rest[..at];
        if (user is not null && user.Contains(':'))
        {
            throw Invalid("It carries a password, which would be kept in command histories and shown in listings.");
        }

        var slash = rest.IndexOf('/', at + 1);
        if (slash < 0 || slash == rest.Length - 1 || rest.IndexOf('/', slash + 1) >= 0)
        {
            throw Invalid("It names no database behind its host, or more than one.");
        }

        var (host, port) = SplitPort(rest[(at + 1)..slash]);
        return new JournalAddress(host, port, Uri.UnescapeDataString(rest[(slash + 1)..]), string.IsNullOrEmpty(user) ? null : Uri.UnescapeDataString(user));
    }

    /// <summary>Returns the address in one spelling.</summary>
    public override string ToString()
    {
        var host = Host.StartsWith('/') ? Uri.EscapeDataString(Host) : Host.Contains(':') ? $"[{Host}]" : Host;
        var user = User is null ? string.Empty : $"{Uri.EscapeDataString(User)}@";
        return string.Create(CultureInfo.InvariantCulture, $"postgresql://{user}{host}{(Port == DefaultPort ? string.Empty : $":{Port}")}/{Uri.EscapeDataString(Database)}");
    }

    private static (string Host, int Port) SplitPort(string text)
    {
        var colon = text.LastIndexOf(':') is >= 0 and var last && last > text.LastIndexOf(']') ? last : -1;
        var host = Uri.UnescapeDataString(colon < 0 ? text : text[..colon]).Trim('[', ']');
        var port = DefaultPort;
        if (host.Length == 0 || (Uri.CheckHostName(host) == UriHostNameType.Unknown && !host.StartsWith('/')))
        {
            throw Invalid("It names no host.");
        }

        if (colon >= 0 && (!int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535))
        {
            throw Invalid("Its port is not a number from 1 to 65535.");
        }

        return (host, port);
    }

    private static SeedanceException Invalid(string reason) =>
        new(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"The address of the journal's database cannot be used. {reason}")
        {
            RecommendedAction = "Write postgresql://host:port/database, the role before the host with an @ between, and give the password by Connect-Seedance -JournalSecretName or a password file (PGPASSFILE).",
        };
}
