using System.Globalization;
using System.Text.RegularExpressions;

namespace Seedance.Assets;

/// <summary>The one row for which a whole request was refused: nothing of it was taken, and the others are innocent.</summary>
/// <param name="Place">Its place in the request, from 0.</param>
/// <param name="Row">The row.</param>
/// <param name="Failure">The refusal.</param>
internal sealed partial record RowRefusal(int Place, AssetSource Row, SeedanceException Failure)
{
    private const string EndsOfAddresses = "?\"',;:)，；：）";

    /// <summary>Finds the row that a refusal names; null if it names none for certain, or there is but one.</summary>
    /// <param name="failure">The refusal.</param>
    /// <param name="rows">The rows, in the order they were sent.</param>
    public static RowRefusal? Find(SeedanceException failure, IReadOnlyList<AssetSource> rows)
    {
        if (failure is not { Delivery: Delivery.Refused, StatusCode: 400, IsForeign: false } || rows.Count < 2)
        {
            return null;
        }

        HashSet<int> named = [];
        foreach (Match place in PlaceInList().Matches($"{failure.Parameter} {failure.ApiMessage}"))
        {
            named.Add(int.Parse(place.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture));
        }

        for (var i = 0; i < rows.Count; i++)
        {
            if (IsNamed(rows[i], failure))
            {
                named.Add(i);
            }
        }

        return named.Count == 1 && named.Single() is var only && only < rows.Count ? new RowRefusal(only, rows[only], failure) : null;
    }

    private static bool IsNamed(AssetSource row, SeedanceException failure) =>
        IsWhole(failure.Parameter, row.SourceUrl) || Holds(failure.ApiMessage, row.SourceUrl)
        || (row.Name is { } name && !AssetRequest.Fields.Contains(name, StringComparer.OrdinalIgnoreCase) && (IsWhole(failure.Parameter, name) || Quotes(failure.ApiMessage, name)));

    // A name may be any word, so in a message it counts where it cannot be one of the message's own; a field's means the field.
    private static bool Quotes(string? message, string name) => message is not null
        && (message.StartsWith($"{name}: ", StringComparison.Ordinal) || message.Contains($"'{name}'", StringComparison.Ordinal) || message.Contains($"\"{name}\"", StringComparison.Ordinal));

    private static bool IsWhole(string? text, string? value) => value is { Length: > 0 } && text == value;

    // An address goes on as long as its characters do: a.png is not named by a.png2.
    private static bool Holds(string? text, string? address)
    {
        if (text is null || address is not { Length: > 0 })
        {
            return false;
        }

        for (var at = text.IndexOf(address, StringComparison.Ordinal); at >= 0; at = text.IndexOf(address, at + 1, StringComparison.Ordinal))
        {
            var rest = text.AsSpan(at + address.Length);
            if (rest.IsEmpty || char.IsWhiteSpace(rest[0]) || EndsOfAddresses.Contains(rest[0], StringComparison.Ordinal) || (rest[0] == '.' && (rest.Length == 1 || char.IsWhiteSpace(rest[1]))))
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex(@"\bassets(?:\[|\.)(\d{1,4})", RegexOptions.CultureInvariant)]
    private static partial Regex PlaceInList();
}
