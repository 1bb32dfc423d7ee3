using System.Collections;
using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>Reads objects as rows of a table: lines of a CSV, hashtables, what was exported and read again, objects of any class.</summary>
/// <param name="known">Our columns, each with the other names it goes by.</param>
internal sealed class Table(IReadOnlyList<string[]> known)
{
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private ColumnMap _last = new([], []);

    /// <summary>Reads an object.</summary>
    /// <param name="input">The object.</param>
    /// <param name="warn">Says something about the columns, once each.</param>
    public TableRow Read(PSObject input, Action<string> warn)
    {
        var cells = Cells(input);
        if (!HaveHeaders(cells, _last.Headers))
        {
            _last = new ColumnMap([.. cells.Select(cell => cell.Header)], known);
            foreach (var warning in _last.Warnings.Where(_told.Add))
            {
                warn(warning);
            }
        }

        return new TableRow(_last, cells);
    }

    private List<TableCell> Cells(PSObject input)
    {
        var cells = new List<TableCell>(_last.Headers.Length);
        if (input.BaseObject is IDictionary entries)
        {
            foreach (DictionaryEntry entry in entries)
            {
                cells.Add(new TableCell($"{entry.Key}", null, entry.Value));
            }
        }
        else
        {
            foreach (var property in input.Properties)
            {
                cells.Add(new TableCell(property.Name, property, null));
            }
        }

        return cells;
    }

    // A row of a table has the headers of the row before.
    private static bool HaveHeaders(List<TableCell> cells, string[] headers)
    {
        if (cells.Count != headers.Length)
        {
            return false;
        }

        for (var i = 0; i < headers.Length; i++)
        {
            if (cells[i].Header != headers[i])
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>A cell of a row: a property that is read when it is asked for, or a value.</summary>
/// <param name="Header">The column's header.</param>
/// <param name="Property">The property; null if the value is at hand.</param>
/// <param name="Given">The value that is at hand.</param>
internal readonly record struct TableCell(string Header, PSPropertyInfo? Property, object? Given)
{
    /// <summary>Returns the value; null if there is none, or it cannot be read.</summary>
    public object? Read()
    {
        try
        {
            return Property is null ? Given : Property.Value;
        }
        catch (RuntimeException)
        {
            return null;
        }
    }
}

/// <summary>A row of a table.</summary>
/// <param name="map">Which of its columns are ours.</param>
/// <param name="cells">The cells, in the order of the map's headers.</param>
internal sealed class TableRow(ColumnMap map, List<TableCell> cells)
{
    /// <summary>The headers.</summary>
    public string[] Headers => map.Headers;

    /// <summary>True if there are cells and nothing is in any.</summary>
    public bool IsEmpty => cells.Count > 0 && cells.TrueForAll(cell => IsBlank(cell.Read()));

    /// <summary>True if there is such a column of ours.</summary>
    public bool Has(string column) => map.PlacesOf(column).Length > 0;

    /// <summary>What the row says in one of our columns; null if that is nothing.</summary>
    public object? this[string column]
    {
        get
        {
            foreach (var place in map.PlacesOf(column))
            {
                if (ValueAt(place) is { } value)
                {
                    return value;
                }
            }

            return null;
        }
    }

    /// <summary>What the row says in one of our columns, as text; null if that is nothing.</summary>
    public string? Text(string column) => this[column] is { } value ? TextOf(value) : null;

    /// <summary>The cell of any column, by its header; null if there is nothing in it.</summary>
    public object? Cell(string header) => map.PlaceOf(header) is { } place ? ValueAt(place) : null;

    /// <summary>The text of any column, by its header; null if there is nothing in it.</summary>
    public string? CellText(string header) => Cell(header) is { } value ? TextOf(value) : null;

    /// <summary>The value as text, the same in every culture.</summary>
    public static string? TextOf(object? value) => value as string ?? (LanguagePrimitives.TryConvertTo<string>(value, System.Globalization.CultureInfo.InvariantCulture, out var text) ? text : value?.ToString());

    private static bool IsBlank(object? value) => value is null or DBNull || (Base(value) is string text && string.IsNullOrWhiteSpace(text));

    private static object Base(object value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private object? ValueAt(int place) => cells[place].Read() is { } value && !IsBlank(value) ? value : null;
}
