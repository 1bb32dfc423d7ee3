using System.Security.Cryptography;
using System.Text;

namespace Seedance;

/// <summary>
/// Whose history it is: a name. Keys come and go; the journal remembers by their fingerprints which ones an account had.
/// </summary>
/// <param name="Name">The account's name.</param>
public sealed record JournalAccount(string Name)
{
    /// <summary>The account of a connection that names none.</summary>
    public const string DefaultName = "default";

    /// <summary>Gets whether somebody gave the name: then a new key is taken for what it is, the account's next one.</summary>
    public bool IsNamed { get; init; } = true;

    /// <summary>Gets what stands for the key; null where there is none.</summary>
    public string? KeyFingerprint { get; init; }

    /// <summary>Gets the address as it is compared: host, port and path, in one spelling; null where there is none.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Gets what stood for key and address in journals of format 1.</summary>
    internal string? LegacyId { get; init; }

    /// <summary>Creates the account of a key at an address.</summary>
    /// <param name="name">The name; null or empty for the unnamed one.</param>
    /// <param name="apiKey">The key; null in a sandbox.</param>
    /// <param name="baseUri">The address.</param>
    public static JournalAccount Create(string? name, string? apiKey, Uri baseUri) => new(string.IsNullOrEmpty(name) ? DefaultName : name)
    {
        IsNamed = !string.IsNullOrEmpty(name),
        KeyFingerprint = apiKey is null ? null : Hash($"seedance key\n{apiKey}"),
        Endpoint = Spell(baseUri),
        LegacyId = Hash($"seedance account\n{baseUri.GetLeftPart(UriPartial.Authority)}\n{apiKey}"),
    };

    // One machine by any of its names for itself, one port by default, one path with or without its last slash.
    private static string Spell(Uri address)
    {
        var host = address.IsLoopback ? "localhost" : address.IdnHost.TrimEnd('.').ToLowerInvariant();
        return $"{host}:{address.Port}{address.AbsolutePath.TrimEnd('/')}";
    }

    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
