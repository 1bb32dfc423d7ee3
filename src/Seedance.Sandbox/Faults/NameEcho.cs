using System.Globalization;
using System.Net;
using System.Text;

namespace Seedance.Sandbox.Faults;

/// <summary>What becomes of a name on its way through gateways.</summary>
internal static class NameEcho
{
    public static string Change(string name, TaskFaults faults)
    {
        name = faults.NameChanges.Aggregate(name, Change);
        return faults.Find(fault => fault.NameLength) is { } length ? Cut(name, length) : name;
    }

    /// <summary>The first characters of a name, a surrogate pair never parted.</summary>
    public static string Cut(string name, int length) =>
        name.Length <= length ? name
        : length > 0 && char.IsHighSurrogate(name[length - 1]) ? name[..(length - 1)]
        : name[..length];

    private static string Change(string name, NameChange change) => change switch
    {
        NameChange.LowerCase => name.ToLower(CultureInfo.InvariantCulture),
        NameChange.UpperCase => name.ToUpper(CultureInfo.InvariantCulture),
        NameChange.Nfc => name.Normalize(NormalizationForm.FormC),
        NameChange.Nfd => name.Normalize(NormalizationForm.FormD),
        NameChange.Trim => name.Trim(),
        NameChange.HtmlEscape => WebUtility.HtmlEncode(name),
        NameChange.PercentEncode => Uri.EscapeDataString(name),
        _ => throw new InvalidOperationException($"{change} is no change of names."),
    };
}
