using System.Globalization;

namespace Seedance.Model;

/// <summary>What a cell of text may hold.</summary>
internal static class TextRules
{
    /// <summary>Returns whether there is nothing to be seen of a character.</summary>
    public static bool IsInvisible(char c) =>
        char.IsControl(c) || char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || c is '\u115F' or '\u1160' or '\u3164' or '\uFFA0' or (>= '\uFE00' and <= '\uFE0F') or '\u034F';

    /// <summary>Returns the objection to text that was read in a wrong encoding; null if nothing shows that it was.</summary>
    public static string? EncodingObjection(string text) => text.AsSpan().IndexOfAny('\uFFFD', '\0') is >= 0 and var at
        ? $"it was read in a wrong encoding: there is {(text[at] == '\0' ? "a null character (U+0000)" : "a replacement character (U+FFFD)")} at character {at + 1}; read the table as what it is (Import-Csv -Encoding)"
        : null;

    /// <summary>Returns the objection to a name; null if there is none.</summary>
    public static string? NameObjection(string text) =>
        EncodingObjection(text)
        ?? (text.AsSpan().IndexOfAnyInRange('\u0001', '\u001F') is >= 0 and var at ? $"it holds a control character (U+{(int)text[at]:X4}), at character {at + 1}"
            : text.AsSpan().IndexOfAnyInRange('\u007F', '\u009F') is >= 0 and var high ? $"it holds a control character (U+{(int)text[high]:X4}), at character {high + 1}"
            : null);
}
