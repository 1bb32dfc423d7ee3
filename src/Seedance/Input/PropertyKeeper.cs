using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>Takes the columns of a row that are to be remembered with it.</summary>
/// <param name="names">Their names; null for none.</param>
/// <param name="warn">Says that there is no such column, once.</param>
internal sealed class PropertyKeeper(string[]? names, Action<string> warn)
{
    private readonly HashSet<string> _missing = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the cells as they are, by the names of their columns; null if none are to be kept.</summary>
    /// <param name="table">The row of a table; null if the input is none.</param>
    /// <param name="input">The input; null if there is none.</param>
    /// <param name="kept">What was kept with it before.</param>
    public IReadOnlyDictionary<string, object?>? Read(TableRow? table, PSObject? input, IReadOnlyDictionary<string, object?>? kept)
    {
        if (names is null)
        {
            return kept;
        }

        var columns = new Dictionary<string, object?>(kept ?? new Dictionary<string, object?>(), StringComparer.OrdinalIgnoreCase);
        foreach (var name in names)
        {
            if (table is null ? input?.Properties[name] is not null : table.Headers.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                var value = table is null ? input!.Properties[name].Value : table.Cell(name);
                columns[name] = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
            }
            else if (!columns.ContainsKey(name) && _missing.Add(name))
            {
                warn($"There is no column '{name}' to keep (-KeepProperty){(table is null ? string.Empty : $"; there are {string.Join(", ", table.Headers.Take(20).Select(header => $"'{header}'"))}")}.");
            }
        }

        return columns;
    }
}
