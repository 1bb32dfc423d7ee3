using System.Text.Json;
using System.Text.RegularExpressions;

namespace Seedance.Errors;

/// <summary>What is secret of that which is sent: found where it stands, so that no caller has to name it.</summary>
internal static partial class Secrets
{
    // A shorter value would be met by chance in words that are no secret.
    private const int ShortestValue = 6;

    private static readonly string[] s_proxyVariables = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

    /// <summary>User info, query and fragment of an address, whole and by their values; works on what is not a valid address too.</summary>
    public static IEnumerable<string> InAddress(string? address)
    {
        if (string.IsNullOrEmpty(address))
        {
            yield break;
        }

        var end = address.AsSpan().IndexOfAny('?', '#');
        var start = address.IndexOf("://", StringComparison.Ordinal) + 3;
        if (start > 2)
        {
            var path = address.IndexOfAny(['/', '?', '#'], start);
            var userInfo = address[start..(path < 0 ? address.Length : path)];
            if (userInfo.LastIndexOf('@') is > 0 and var at)
            {
                yield return userInfo[..(at + 1)];
                if (userInfo.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon && at - colon > ShortestValue)
                {
                    yield return userInfo[(colon + 1)..at];
                }
            }
        }

        if (end < 0 || end == address.Length - 1)
        {
            yield break;
        }

        // With its question mark, a query is not met by chance however short it is; without it, it may be if it is.
        yield return address[end..];
        var query = address[(end + 1)..];
        if (query.Length > ShortestValue)
        {
            yield return query;
        }

        foreach (var part in query.Split('&', '#', ';'))
        {
            var value = part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..];
            if (value.Length >= ShortestValue)
            {
                yield return value;
            }
        }

        // What is cut in two by a sign that somebody rewrote is still recognised by its parts.
        foreach (Match part in LongParts().Matches(query))
        {
            yield return part.Value;
        }
    }

    /// <summary>The same of every address in a JSON document, wherever it stands, and tokens whole.</summary>
    public static IEnumerable<string> InJson(byte[] json)
    {
        var found = new List<string>();
        var isToken = false;
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                isToken = reader.ValueTextEquals("byted_token"u8);
            }
            else if (reader.TokenType == JsonTokenType.String && isToken)
            {
                found.Add(reader.GetString()!);
            }
            else if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.IndexOf("://"u8) >= 0)
            {
                found.AddRange(InAddress(reader.GetString()));
            }
        }

        return found;
    }

    /// <summary>User and password of the proxies that the environment names.</summary>
    public static IEnumerable<string> InProxySettings() =>
        s_proxyVariables.Select(Environment.GetEnvironmentVariable).OfType<string>().Distinct().SelectMany(InAddress);

    // Words of a language are shorter, or hold no digit.
    [GeneratedRegex("[A-Za-z]*[0-9][A-Za-z0-9]{9,}|[A-Za-z0-9]{16,}", RegexOptions.CultureInvariant)]
    private static partial Regex LongParts();
}
