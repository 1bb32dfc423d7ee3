using System.Text.RegularExpressions;

namespace Seedance.Errors;

/// <summary>Makes addresses fit to be shown and stored: queries carry signatures and tokens, user info carries passwords.</summary>
internal static partial class Redaction
{
    // A shorter one would be met by chance in words that are no secret.
    private const int ShortestSecret = 8;

    /// <summary>The text with every address in it cut as <see cref="Url"/> cuts one: servers repeat what they were sent.</summary>
    public static string? Text(string? text) =>
        text is null || !text.Contains("://", StringComparison.Ordinal) ? text : Addresses().Replace(text, match => Url(match.Value)!);

    /// <summary>Overwrites every occurrence of a secret.</summary>
    public static void Blot(Span<byte> text, ReadOnlySpan<byte> secret)
    {
        if (secret.Length < ShortestSecret)
        {
            return;
        }

        for (int at; (at = text.IndexOf(secret)) >= 0; text = text[(at + secret.Length)..])
        {
            text.Slice(at, secret.Length).Fill((byte)'*');
        }
    }

    /// <summary>The address without user info, query and fragment; works on what is not a valid address too.</summary>
    public static string? Url(string? address)
    {
        if (string.IsNullOrEmpty(address))
        {
            return null;
        }

        var end = address.AsSpan().IndexOfAny('?', '#');
        var shown = end < 0 ? address : address[..end];
        var authority = shown.IndexOf("://", StringComparison.Ordinal);
        if (authority < 0)
        {
            return shown;
        }

        authority += 3;
        var path = shown.IndexOf('/', authority);
        var userInfo = shown.LastIndexOf('@', (path < 0 ? shown.Length : path) - 1);
        return userInfo < authority ? shown : string.Concat(shown.AsSpan(0, authority), shown.AsSpan(userInfo + 1));
    }

    // To the next blank, quote or bracket, or the punctuation of scripts that put no blank there.
    [GeneratedRegex("[A-Za-z][A-Za-z0-9+.-]*://[^\\s\"'<>\u3000-\u303F\uFF00-\uFFEF]+", RegexOptions.CultureInvariant)]
    private static partial Regex Addresses();
}
