using System.Text.RegularExpressions;

namespace Seedance.Identity;

/// <summary>The address of the page that the person opens. What else its query holds is left byte for byte: it is signed.</summary>
internal static partial class IdentityLink
{
    /// <summary>The language when neither caller nor link names one.</summary>
    public const string DefaultLanguage = "zh";

    /// <summary>The link with the page in another language (query parameter <c>lng</c>).</summary>
    public static string WithLanguage(string link, string language)
    {
        if (Language().IsMatch(link))
        {
            return Language().Replace(link, language);
        }

        var end = link.IndexOf('#', StringComparison.Ordinal);
        end = end < 0 ? link.Length : end;
        var separator = link.AsSpan(0, end).Contains('?') ? "&" : "?";
        return $"{link[..end]}{separator}lng={language}{link[end..]}";
    }

    /// <summary>The language that a link asks for.</summary>
    public static string LanguageOf(string link) => Language().Match(link) is { Success: true, Value: { Length: > 0 } named } ? named : DefaultLanguage;

    [GeneratedRegex("(?<=[?&]lng=)[^&#]*", RegexOptions.CultureInvariant)]
    private static partial Regex Language();
}
