using System.Globalization;

namespace Seedance.Sandbox.Transfers;

/// <summary>A part of a file; a length of 0 means that the wanted part lies outside it.</summary>
internal readonly record struct ByteRange(long From, long Length)
{
    private const string Unit = "bytes=";

    /// <summary>Reads a Range header; null, meaning the whole file, when there is none that can be understood.</summary>
    public static ByteRange? Read(string? header, long size)
    {
        if (header is null || !header.StartsWith(Unit, StringComparison.Ordinal))
        {
            return null;
        }

        var dash = header.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0 || header.Contains(',', StringComparison.Ordinal))
        {
            return null;
        }

        var first = Number(header.AsSpan(Unit.Length, dash - Unit.Length));
        var last = Number(header.AsSpan(dash + 1));
        return (first, last) switch
        {
            (null, null) => null,
            (null, { } tail) => new ByteRange(Math.Max(0, size - tail), Math.Min(tail, size)),
            ({ } from, _) when from >= size => new ByteRange(from, 0),
            ({ } from, { } to) when to < from => null,
            ({ } from, _) => new ByteRange(from, Math.Min(last ?? size - 1, size - 1) - from + 1),
        };
    }

    private static long? Number(ReadOnlySpan<char> digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
