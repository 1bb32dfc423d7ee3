using System.Globalization;
using System.Text;

namespace Seedance.Transfers;

/// <summary>Makes a file name of words that others chose: one that every system takes, and that leads nowhere else.</summary>
internal static class SafeName
{
    private const string NotAllowed = "<>:\"/\\|?*";
    private static readonly string[] s_devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <summary>The name, at most <paramref name="maxBytes"/> bytes long in UTF-8; empty if nothing is left of it.</summary>
    public static string From(string? words, int maxBytes = 120)
    {
        var name = new StringBuilder();
        var length = 0;
        foreach (var rune in (words ?? string.Empty).EnumerateRunes())
        {
            // Control, format and unassigned characters could hide what a name is.
            var isFit = rune.Value > 0x1F && !NotAllowed.Contains((char)Math.Min(rune.Value, char.MaxValue), StringComparison.Ordinal)
                && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
                    or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                && rune != Rune.ReplacementChar;
            var fit = isFit ? rune : new Rune('_');
            length += fit.Utf8SequenceLength;
            if (length > maxBytes)
            {
                break;
            }

            name.Append(fit);
        }

        var trimmed = name.ToString().Trim().TrimStart('.').TrimEnd('.', ' ').Trim();
        var stem = trimmed.Split('.')[0].Trim();
        var isDevice = Array.Exists(s_devices, device => device.Equals(stem, StringComparison.OrdinalIgnoreCase))
            || (stem.Length == 4 && stem[3] is (>= '0' and <= '9') or '¹' or '²' or '³'
                && (stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase)));
        return isDevice ? $"_{trimmed}" : trimmed;
    }
}
