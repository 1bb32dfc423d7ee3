using System.Text;

namespace Seedance.Sandbox;

/// <summary>One HTTP request, free of any transport.</summary>
/// <param name="Method">The HTTP method in capitals.</param>
/// <param name="Path">The path, unescaped, from the first slash on.</param>
/// <param name="Query">The query, with or without its question mark; may be empty.</param>
/// <param name="Authorization">The Authorization header, or null.</param>
/// <param name="ContentType">The Content-Type header, or null.</param>
/// <param name="Body">The body; empty when there is none.</param>
public sealed record SandboxRequest(
    string Method,
    string Path,
    string Query,
    string? Authorization,
    string? ContentType,
    ReadOnlyMemory<byte> Body)
{
    /// <summary>Scheme and authority the request was sent to, without a trailing slash; null when unknown.</summary>
    public string? Base { get; init; }

    /// <summary>The Idempotency-Key header, or null.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The X-APIMart-Response-Version header, or null.</summary>
    public string? ResponseVersion { get; init; }

    /// <summary>The Range header: only files look at it.</summary>
    public string? Range { get; init; }

    /// <summary>The If-Range header: only files look at it.</summary>
    public string? IfRange { get; init; }

    /// <summary>Whether the query or the body contains a text, as it is sent.</summary>
    /// <param name="text">The text; its case counts.</param>
    public bool Contains(string text) =>
        Query.Contains(text, StringComparison.Ordinal) || Body.Span.IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    /// <summary>The decoded value of a query parameter, or null.</summary>
    /// <param name="name">The parameter's name.</param>
    public string? Parameter(string name)
    {
        foreach (var pair in Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? pair : pair[..equals];
            if (Uri.UnescapeDataString(key) == name)
            {
                return equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..].Replace('+', ' '));
            }
        }
        return null;
    }
}
