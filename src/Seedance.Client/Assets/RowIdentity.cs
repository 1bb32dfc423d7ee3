using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Seedance.Assets;

/// <summary>What makes a row the one it is, from run to run: its own id, its name, its address or its content. What is sent is untouched by it.</summary>
internal static partial class RowIdentity
{
    private const int HashLength = 10;

    /// <summary>Returns the identity of a row, and the one that it had by an older rule, by which it is found too; null if there is none.</summary>
    public static (string? Identity, string? Older) Of(AssetSource source, MatchBy matchBy)
    {
        var written = source.Identity;
        return source switch
        {
            // Whoever gives their rows ids later means the rows that went out without.
            { RowId: { } id } => ($"row:{id}", ByAddress()),
            { Name: { } name, IsNameGenerated: false } when matchBy == MatchBy.Name => ($"name:{name}", ByAddress()),
            _ when matchBy == MatchBy.FullAddress => (written, null),
            _ when matchBy == MatchBy.AddressWithoutQuery => (Normalize(written, withQuery: false), written),
            _ => (ByAddress(), written),
        };

        string? ByAddress() => source.Picture is null ? Normalize(written, withQuery: true) : written;
    }

    /// <summary>
    /// Returns the name that a row without one is sent under: that of its file, and a short hash, so that it is like no other's
    /// and the same in every run.
    /// </summary>
    public static string GenerateName(AssetSource source, MatchBy matchBy)
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Of(source, matchBy).Identity ?? string.Empty))).ToLowerInvariant()[..HashLength];
        var path = source.SourceUrl ?? string.Empty;
        var file = new string([.. Uri.UnescapeDataString(path[(path.TrimEnd('/').LastIndexOf('/') + 1)..]).Where(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_')]);
        var room = AssetRules.MaxNameLength - HashLength - 1;
        return file.Length == 0 ? hash : $"{(file.Length > room ? file[..room] : file)}-{hash}";
    }

    // However it is spelled: case of scheme and host, default port, escapes, dots, fragment.
    private static string? Normalize(string? address, bool withQuery)
    {
        // Most addresses are written as they come out, and there may be very many.
        if (address is null || Plain().IsMatch(address))
        {
            return address;
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            return address;
        }

        var place = $"{uri.Scheme}://{(uri.UserInfo.Length > 0 ? uri.UserInfo + "@" : string.Empty)}{uri.IdnHost.TrimEnd('.').ToLowerInvariant()}{(uri.IsDefaultPort ? string.Empty : $":{uri.Port}")}";
        var path = NormalizeEscapes(uri.AbsolutePath);
        return place + path + (withQuery ? SignatureParameters.Remove(NormalizeEscapes(uri.Query), path) : string.Empty);
    }

    // What needs no escape has none, and the rest has it in capitals (RFC 3986, 6.2.2).
    private static string NormalizeEscapes(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var normal = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%' || i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
            {
                normal.Append(text[i]);
                continue;
            }

            var plain = (char)Convert.ToByte(text.Substring(i + 1, 2), 16);
            _ = char.IsAsciiLetterOrDigit(plain) || plain is '-' or '.' or '_' or '~'
                ? normal.Append(plain)
                : normal.Append(text[i..(i + 3)].ToUpperInvariant());
            i += 2;
        }

        return normal.ToString();
    }

    /// <summary>Addresses that nothing changes: a name in lower case, a path without dots between slashes, nothing else.</summary>
    [GeneratedRegex(@"^https?://(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/(?:[A-Za-z0-9_~-][A-Za-z0-9_~.-]*)?)+\z", RegexOptions.CultureInvariant)]
    internal static partial Regex Plain();
}
