using System.Collections;
using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>Takes hashtables and custom objects for what JSON calls objects, and everything out of its wrapper.</summary>
internal static class PlainValues
{
    /// <summary>The entries of a dictionary, and of all that are in it, as .NET's own values; null for null.</summary>
    public static IReadOnlyDictionary<string, object?>? From(IDictionary? entries) =>
        entries is null ? null : entries.Keys.Cast<object>().ToDictionary(key => $"{key}", key => Of(entries[key]), StringComparer.Ordinal);

    private static object? Of(object? value) => value switch
    {
        PSObject { BaseObject: PSCustomObject } custom => custom.Properties.ToDictionary(property => property.Name, property => Of(property.Value), StringComparer.Ordinal),
        PSObject wrapped => Of(wrapped.BaseObject),
        SwitchParameter flag => flag.ToBool(),
        IDictionary entries => From(entries),
        string => value,
        IEnumerable items => items.Cast<object?>().Select(Of).ToList(),
        _ => value,
    };
}
