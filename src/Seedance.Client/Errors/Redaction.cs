using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;

namespace Seedance.Errors;

/// <summary>Makes text fit to be shown and stored: addresses carry signatures and passwords, and others' text carries what it likes.</summary>
internal static partial class Redaction
{
    private const int LongestQuote = 120;
    private const int LongestServerText = 1_000;

    // What moves a terminal's cursor, ends a line, or turns the direction of what follows.
    private static readonly SearchValues<char> s_control = SearchValues.Create(
        string.Concat(Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Select(code => (char)code))
        + "\u2028\u2029\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069");

    /// <summary>
    /// The gate of every text that leaves: without the secrets of what is going on (<see cref="SecretScope"/>), every
    /// address cut as <see cref="Url"/> cuts one, and on one line.
    /// </summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Text(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return text;
        }

        // What is known comes first: a rule that ends at a quote would leave the rest of a query that has one.
        text = SecretScope.Clean(text);
        if (text.Contains("://", StringComparison.Ordinal))
        {
            text = Addresses().Replace(text, match => Url(match.Value)!);
        }

        return Printable(text.AsSpan().IndexOfAny('?', '%') < 0 ? text : Queries().Replace(text, string.Empty));
    }

    /// <summary>The same of what a server said, of which a terminal can hold so much.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? ServerText(string? text) => Shortened(Text(Shortened(text, 4 * LongestServerText)), LongestServerText);

    /// <summary>A cell or argument as messages quote it: cleaned, and cut to what can be read at a glance.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Quote(string? text) => Shortened(Text(Shortened(text, 4 * LongestQuote)), LongestQuote);

    /// <summary>The text with a blank in place of each run of control characters.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Printable(string? text)
    {
        if (text is null || text.AsSpan().IndexOfAny(s_control) < 0)
        {
            return text;
        }

        var printable = new StringBuilder(text.Length);
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            var plain = rest.IndexOfAny(s_control);
            printable.Append(plain < 0 ? rest : rest[..plain]);
            rest = plain < 0 ? [] : rest[plain..];
            if (!rest.IsEmpty)
            {
                printable.Append(' ');
                var next = rest.IndexOfAnyExcept(s_control);
                rest = next < 0 ? [] : rest[next..];
            }
        }

        return printable.ToString();
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

    [return: NotNullIfNotNull(nameof(text))]
    private static string? Shortened(string? text, int length) =>
        text is null || text.Length <= length ? text : $"{text.AsSpan(0, char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1)}…";

    // To the next blank, quote or bracket, or the punctuation of scripts that put no blank there.
    [GeneratedRegex("[A-Za-z][A-Za-z0-9+.-]*://[^\\s\"'<>\u3000-\u303F\uFF00-\uFFEF]+", RegexOptions.CultureInvariant)]
    private static partial Regex Addresses();

    // What is left of an address that is written without its scheme, or breaks off at a character that it should not hold.
    [GeneratedRegex("(?:\\?[^\\s?&=/\"'<>]{1,80}=|%3[Ff][^\\s?&=/\"'<>%]{1,80}%3[Dd])[^\\s\"'<>\u3000-\u303F\uFF00-\uFFEF]*", RegexOptions.CultureInvariant)]
    private static partial Regex Queries();
}
