namespace Seedance.Errors;

/// <summary>Makes text short enough to be quoted in a message, whatever somebody put into a cell.</summary>
internal static class ShortText
{
    private const int Most = 120;

    /// <summary>Returns the text in quotes, cut, without control characters and with its length where it is long.</summary>
    public static string Quote(string text)
    {
        var shown = new string([.. Cut(text).Select(c => char.IsControl(c) ? '\uFFFD' : c)]);
        return text.Length <= Most ? $"'{shown}'" : $"'{shown}' ({text.Length} characters)";
    }

    private static string Cut(string text) =>
        text.Length <= Most ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[Most - 1]) ? Most - 1 : Most), "…");
}
