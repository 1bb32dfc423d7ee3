using System.Text.RegularExpressions;
using Seedance.Errors;
using Seedance.Http;
using Seedance.Model;

namespace Seedance.Assets;

/// <summary>What an address in a cell may be: one, whole, without anything that cannot be seen, and on the public internet.</summary>
internal static partial class AddressRules
{
    private const string OrPath = "; a picture on this machine goes into Path";

    // What stands around an address in a text, and got into the cell with it.
    private const string AroundAddresses = "\"'<>()[]{}“”„‘’‚«»‹›「」『』《》〈〉，。；、,;";

    /// <summary>Returns why the address cannot be sent; null if it can.</summary>
    public static string? Objection(string url, PublicAddress policy)
    {
        if (url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return $"{ShortText.Quote(url[..Math.Min(40, url.Length)])}… ({url.Length} characters) is a picture written as text, not an address: save it as a file, and give its Path";
        }

        return TextRules.EncodingObjection(url) ?? BeginObjection(url) ?? CountObjection(url) ?? CharacterObjection(url) ?? FormObjection(url, policy);
    }

    private static string? CountObjection(string url)
    {
        var count = 1;
        for (var at = NextAddress(url, 1); at > 0; at = NextAddress(url, at + 1))
        {
            // Behind a slash it is a path, as of services that fetch and resize; behind an equals sign, a parameter.
            var before = url[at - 1];
            count += before is ',' or ';' or '|' or '\uFF0C' or '\uFF1B' || char.IsWhiteSpace(before) || char.IsAsciiLetterOrDigit(before) ? 1 : 0;
        }

        return count == 1 ? null : $"it holds {count} addresses; a row is one asset, so give each a row of its own";
    }

    // As tables of attachments are written: a.png (https://…).
    private static string? BeginObjection(string url) =>
        NextAddress(url, 0) is > 0 and var at && (url[at - 1] == '(' || char.IsWhiteSpace(url[at - 1])) && !url.AsSpan(0, at).Contains("://", StringComparison.Ordinal)
            ? $"other text stands before the address, which begins at character {at + 1}; give the address alone"
            : null;

    private static int NextAddress(string text, int from)
    {
        var http = text.IndexOf("http://", from, StringComparison.OrdinalIgnoreCase);
        var https = text.IndexOf("https://", from, StringComparison.OrdinalIgnoreCase);
        return http < 0 ? https : https < 0 ? http : Math.Min(http, https);
    }

    private static string? CharacterObjection(string url)
    {
        for (var i = 0; i < url.Length; i++)
        {
            if (url[i] == ' ')
            {
                return $"it holds a blank, at character {i + 1}; in an address that is written %20";
            }

            if (TextRules.IsInvisible(url[i]))
            {
                return $"it holds a character that cannot be seen (U+{(int)url[i]:X4}), at character {i + 1}";
            }
        }

        if (url.Contains("&amp;", StringComparison.OrdinalIgnoreCase) || url.Contains("&#38;", StringComparison.Ordinal))
        {
            return "it holds '&amp;', as web pages write '&'; copy the address itself";
        }

        // A bracket at the end may belong to a name; one that was never opened may not.
        var last = url[^1];
        var isStray = AroundAddresses.Contains(last, StringComparison.Ordinal) && !(last is ')' && url.Contains('(', StringComparison.Ordinal)) && !(last is ']' && url.Contains('[', StringComparison.Ordinal));
        return isStray ? $"it ends with {last}, which is no part of an address"
            : url.AsSpan().IndexOfAny('"', '<', '>') is >= 0 and var at ? $"it holds {url[at]}, which is no part of an address"
            : null;
    }

    private static string? FormObjection(string url, PublicAddress policy)
    {
        if (ErrorValue().IsMatch(url))
        {
            return $"'{url}' is what a spreadsheet writes where it cannot compute a cell; mend the formula there";
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || !url.Contains("://", StringComparison.Ordinal))
        {
            return $"{Shown()} is not an absolute address; write it with http:// or https://{OrPath}";
        }

        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
        {
            return $"{Shown()} is not an http or https address{(uri.IsFile ? OrPath : string.Empty)}";
        }

        return uri.Host is "http" or "https" ? $"{Shown()} begins with its scheme twice"
            : policy.Objection(uri) is { } objection ? $"{objection}: the review cannot fetch from there"
            : null;

        string Shown() => ShortText.Quote(Redaction.Url(url) ?? string.Empty);
    }

    // #N/A, #REF!, #DIV/0!, #NAME?, in whatever language the spreadsheet speaks.
    [GeneratedRegex(@"^#[\p{L}/0]{1,15}[!?]?$", RegexOptions.CultureInvariant)]
    private static partial Regex ErrorValue();
}
