using System.Globalization;
using Seedance.Errors;

namespace Seedance.Videos;

/// <summary>Reads the cells of a row as what they are meant to be. An empty cell is no value.</summary>
internal static class VideoCells
{
    /// <summary>Returns the allowed value that is meant, in any case, and adds a problem if there is none.</summary>
    public static string? OneOf(string parameter, string? value, IReadOnlyList<string> allowed, List<VideoProblem> problems)
    {
        var known = value is null ? null : allowed.FirstOrDefault(one => one.Equals(value, StringComparison.OrdinalIgnoreCase));
        if (value is not null && known is null)
        {
            problems.Add(new(parameter, $"'{Redaction.Quote(value)}' is none of {string.Join(", ", allowed)}"));
        }

        return known ?? value;
    }

    /// <summary>Returns a whole number, however it is written.</summary>
    public static long? WholeNumber(string parameter, string? cell, long most, List<VideoProblem> problems)
    {
        if (Value(cell) is not { } text)
        {
            return null;
        }

        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number == decimal.Truncate(number) && Math.Abs(number) <= most)
        {
            return (long)number;
        }

        problems.Add(new(parameter, $"'{Redaction.Quote(text)}' is no whole number"));
        return null;
    }

    /// <summary>Returns true or false.</summary>
    public static bool? Flag(string parameter, string? cell, List<VideoProblem> problems)
    {
        switch (Value(cell)?.ToLowerInvariant())
        {
            case null:
                return null;
            case "true" or "yes" or "on" or "1":
                return true;
            case "false" or "no" or "off" or "0":
                return false;
            default:
                problems.Add(new(parameter, $"'{Redaction.Quote(Value(cell))}' is neither true nor false"));
                return null;
        }
    }

    /// <summary>Returns the cell without blanks around it; null if that is nothing.</summary>
    public static string? Value(string? cell) => string.IsNullOrWhiteSpace(cell) ? null : cell.Trim();
}
