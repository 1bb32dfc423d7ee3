namespace Seedance;

/// <summary>Makes addresses fit to be shown and stored: queries carry signatures and tokens, user info carries passwords.</summary>
internal static class Redaction
{
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
}
