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
    public static CompletionResult Offer(string value, string hint) => new(
        PlainWord().IsMatch(value) ? value : $"'{CodeGeneration.EscapeSingleQuotedStringContent(value)}'",
        value, CompletionResultType.ParameterValue, string.IsNullOrWhiteSpace(hint) ? value : hint);

    [GeneratedRegex(@"^[\p{L}\p{Nd}_][\p{L}\p{Nd}_.:/+-]*$")]
    private static partial Regex PlainWord();
}
