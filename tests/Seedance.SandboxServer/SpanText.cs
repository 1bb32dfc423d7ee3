using System.Globalization;
using Seedance.Sandbox;

namespace Seedance.SandboxServer;

/// <summary>Spans as people write them: <c>50ms</c>, <c>2s</c>, <c>5m</c>, <c>1h</c>; a bare number is seconds.</summary>
internal static class SpanText
{
    /// <exception cref="ArgumentException">The text is no span.</exception>
    public static TimeSpan Parse(string text)
    {
        var digits = text.AsSpan().TrimEnd("msh");
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            throw new ArgumentException($"'{text}' is not a span such as 50ms, 2s, 5m or 1h.");
        }

        return text[digits.Length..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "" or "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            _ => throw new ArgumentException($"'{text}' is not a span such as 50ms, 2s, 5m or 1h."),
        };
    }

    /// <summary>Reads a range such as <c>2s..4s</c>; a single span is a range of no width.</summary>
    /// <exception cref="ArgumentException">The text is no range.</exception>
    public static TimeRange ParseRange(string text)
    {
        var ends = text.Split("..");
        return ends.Length <= 2
            ? new TimeRange(Parse(ends[0]), Parse(ends[^1]))
            : throw new ArgumentException($"'{text}' is not a range such as 2s..4s.");
    }
}
