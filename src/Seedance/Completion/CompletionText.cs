using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace Seedance.Commands;

/// <summary>Values as completion offers them.</summary>
internal static partial class CompletionText
{
    /// <summary>What was typed so far, without its quotes.</summary>
    public static string Typed(string? wordToComplete) => (wordToComplete ?? string.Empty).Trim('\'', '"');

    /// <summary>The value as it can be typed: in quotes if it would not stay one word without them.</summary>
    /// <param name="value">The value.</param>
    /// <param name="hint">What is known of it.</param>
    /// <param name="label">What stands for it in a menu; null for the value itself.</param>
    public static CompletionResult Offer(string value, string hint, string? label = null) => new(
        PlainWord().IsMatch(value) ? value : $"'{CodeGeneration.EscapeSingleQuotedStringContent(value)}'",
        label ?? value, CompletionResultType.ParameterValue, string.IsNullOrWhiteSpace(hint) ? value : hint);

    [GeneratedRegex(@"^[\p{L}\p{Nd}_][\p{L}\p{Nd}_.:/+-]*$")]
    private static partial Regex PlainWord();
}
