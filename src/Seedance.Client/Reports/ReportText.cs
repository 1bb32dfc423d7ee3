using System.Text;

namespace Seedance.Reports;

/// <summary>Makes text of rows and servers fit for a file that people open.</summary>
internal static class ReportText
{
    /// <summary>The text with control characters, other than tabs and line ends, and halves of characters replaced.</summary>
    public static string Printable(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\u001F') && !text.AsSpan().ContainsAnyInRange('\u007F', '\u009F')
            && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return text;
        }

        var printable = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            printable.Append(Rune.IsControl(rune) && rune.Value is not ('\t' or '\n' or '\r') ? Rune.ReplacementChar.ToString() : rune.ToString());
        }

        return printable.ToString();
    }
}
