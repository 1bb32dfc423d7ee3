using System.Text;

namespace Seedance.Sandbox.Transfers;

/// <summary>One part of a multipart/form-data body.</summary>
internal sealed record FormPart(string? FileName, ReadOnlyMemory<byte> Content);

/// <summary>
/// Reads multipart/form-data: as much of RFC 7578 as a form with a file needs. ASP.NET's reader would have to ship with
/// the module, whose built-in sandbox takes uploads too and does without ASP.NET.
/// </summary>
internal static class MultipartForm
{
    /// <summary>The part with this name, or null when the body is no such form or holds none.</summary>
    public static FormPart? Find(string? contentType, ReadOnlyMemory<byte> body, string name)
    {
        if (contentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) != true
            || Parameter(contentType, "boundary") is not { Length: > 0 } boundary)
        {
            return null;
        }

        var delimiter = Encoding.ASCII.GetBytes("--" + boundary);
        byte[] separator = [.. "\r\n"u8, .. delimiter];
        var position = body.Span.IndexOf(delimiter);
        if (position < 0)
        {
            return null;
        }

        position += delimiter.Length;
        while (body.Span[position..].StartsWith("\r\n"u8))
        {
            // The line break stays with what follows it: a part without headers begins with the blank line at once.
            var headersLength = body.Span[position..].IndexOf("\r\n\r\n"u8);
            if (headersLength < 0)
            {
                return null;
            }

            var headers = Encoding.UTF8.GetString(body.Span.Slice(position, headersLength));
            var start = position + headersLength + 4;
            var length = body.Span[start..].IndexOf(separator);
            if (length < 0)
            {
                return null;
            }

            if (Disposition(headers) is { } disposition && Parameter(disposition, "name") == name)
            {
                return new FormPart(FileName(disposition), body.Slice(start, length));
            }

            position = start + length + separator.Length;
        }
        return null;
    }

    private static string? Disposition(string headers) => headers
        .Split("\r\n")
        .FirstOrDefault(line => line.StartsWith("Content-Disposition:", StringComparison.OrdinalIgnoreCase));

    private static string? FileName(string disposition)
    {
        const string Utf8 = "utf-8''";
        var extended = Parameter(disposition, "filename*");
        return extended?.StartsWith(Utf8, StringComparison.OrdinalIgnoreCase) == true
            ? Uri.UnescapeDataString(extended[Utf8.Length..])
            : Parameter(disposition, "filename");
    }

    private static string? Parameter(string header, string name)
    {
        foreach (var part in header.Split(';').Skip(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && part[..equals].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return part[(equals + 1)..].Trim().Trim('"');
            }
        }
        return null;
    }
}
