using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using Seedance.Errors;

namespace Seedance.Model;

/// <summary>The columns that are remembered with a row: text of a moderate length that is no secret, since it is written down.</summary>
internal static partial class KeptColumns
{
    private const int MostBytes = 4096;

    /// <summary>Returns the columns as text, and adds what speaks against keeping one to the problems.</summary>
    public static IReadOnlyDictionary<string, string>? Read(IReadOnlyDictionary<string, object?>? columns, List<AssetProblem> problems)
    {
        if (columns is null)
        {
            return null;
        }

        var kept = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in columns)
        {
            if (value is null or DBNull)
            {
                continue;
            }

            var text = Text(value);
            if ((text is null ? $"it holds an object ({value.GetType().Name}), and only text, numbers and times are kept" : Objection(text)) is { } objection)
            {
                problems.Add(new(name, objection) { RecommendedAction = $"Leave '{name}' out of the columns to keep (-KeepProperty), or put plain text there, and submit the row again." });
            }
            else
            {
                kept[name] = text!;
            }
        }

        return kept.Count == 0 ? null : kept;
    }

    private static string? Objection(string text) =>
        Encoding.UTF8.GetByteCount(text) is > MostBytes and var bytes ? $"it holds {bytes} bytes; at most {MostBytes} are kept"
        : Secrets().IsMatch(text) ? "it looks like a key, which is never written down"
        : Redaction.Text(text) != text ? "it holds an address with a query or a password, which is never written down"
        : TextRules.EncodingObjection(text);

    private static string? Text(object value) => value switch
    {
        string text => text,
        DateTime or DateTimeOffset or DateOnly or TimeOnly => ((IFormattable)value).ToString("o", CultureInfo.InvariantCulture),
        TimeSpan or Guid or BigInteger => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        Enum or Uri or Version => value.ToString(),
        IConvertible plain => plain.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    // Keys of the API and of others, tokens in the ways they are commonly written, and private keys.
    [GeneratedRegex(@"\b(sk|rk|pk)-[A-Za-z0-9_-]{12,}|\b(sk|rk)_(live|test)_|\bBearer\s+\S{8,}|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}|\b(AKIA|ASIA|LTAI|AKLT|AKID)[A-Za-z0-9]{12,}|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_|\bglpat-|\bxox[abprs]-|\bAIza[A-Za-z0-9_-]{30,}|-----BEGIN [A-Z ]*PRIVATE KEY-----", RegexOptions.CultureInvariant)]
    private static partial Regex Secrets();
}
