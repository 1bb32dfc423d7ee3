using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace Seedance.Commands;

/// <summary>Reads a span where a time is asked for, and means that long before now: <c>1h</c>, <c>90m</c>, <c>7d</c>, or a TimeSpan. A time stays what it is.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed partial class MomentAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        // A word such as 7d is a number to PowerShell, which remembers how it was written.
        var value = inputData is not PSObject wrapped ? inputData
            : wrapped.BaseObject is decimal && Span().IsMatch(wrapped.ToString()) ? wrapped.ToString()
            : wrapped.BaseObject;
        return value switch
        {
            TimeSpan span => Before(span),
            string text when Span().Match(text.Trim()) is { Success: true } match => Before(Read(match)),
            string text when TimeSpan.TryParseExact(text.Trim(), "c", CultureInfo.InvariantCulture, out var span) && text.Contains(':', StringComparison.Ordinal) => Before(span),
            int or long or double or decimal => throw new ArgumentTransformationMetadataException($"{value} is no time; a span back from now has a unit, such as {value}h or {value}d."),
            _ => inputData,
        };
    }

    private static DateTimeOffset Before(TimeSpan span) => span < TimeSpan.Zero || span.TotalDays > 36_500
        ? throw new ArgumentTransformationMetadataException($"{span} is no span back from now.")
        : DateTimeOffset.Now - span;

    private static TimeSpan Read(Match match)
    {
        var number = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(Math.Min(number * match.Groups[2].Value[0] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 7 * 86_400 }, 1e10));
    }

    [GeneratedRegex(@"^(\d{1,9}(?:\.\d{1,3})?)\s*([smhdw])$", RegexOptions.CultureInvariant)]
    private static partial Regex Span();
}
