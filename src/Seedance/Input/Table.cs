using System.Collections;
using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>Reads objects as rows of a table: lines of a CSV, hashtables, what was exported and read again, objects of any class.</summary>
/// <param name="known">Our columns, each with the other names it goes by.</param>
/// <param name="kept">Other columns that are read; null for none.</param>
/// <param name="isGiven">Tells which of our columns the binder does not look for, since they stand on the command line.</param>
internal sealed class Table(IReadOnlyList<string[]> known, IReadOnlyList<string>? kept = null, Func<string, bool>? isGiven = null)
{
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private ColumnMap _last = new([], []);
    private int? _lastBound;

    // What a row of another layout would have beside the columns of the last one: in all, and where the binder does not look.
    private string[] _others = [];
    private string[] _unboundOthers = [];

    /// <summary>Reads an object.</summary>
    /// <param name="input">The object.</param>
    /// <param name="warn">Says something about the columns, once each.</param>
    /// <param name="bound">Which of our columns the binder has found in it; null if it has not looked.</param>
    public TableRow Read(PSObject input, Action<string> warn, int? bound = null)
    {
        if (CellsAsBefore(input, bound) is { } alike)
        {
            return new TableRow(_last, alike);
        }

        var cells = Cells(input);
        if (!HaveHeaders(cells, _last.Headers))
        {
            _last = new ColumnMap([.. cells.Select(cell => cell.Header)], known);
            _others = Others(known);
            _unboundOthers = Others(known.Where(names => isGiven?.Invoke(names[0]) == true));
            foreach (var warning in _last.Warnings.Where(_told.Add))
            {
                warn(warning);
            }
        }

        _lastBound = bound;
        return new TableRow(_last, cells);

        string[] Others(IEnumerable<string[]> columns) =>
            [.. columns.SelectMany(names => names).Concat(kept ?? []).Except(_last.Headers, StringComparer.OrdinalIgnoreCase)];
    }

    // A row of a table has the columns of the row before. To ask for them by name costs a small part of listing what there
    // is, for which the engine makes several objects that stay with the row.
    private TableCell[]? CellsAsBefore(PSObject input, int? bound)
    {
        if (_last.Headers.Length == 0 || bound != _lastBound || input.BaseObject is not PSCustomObject)
        {
            return null;
        }

        var (properties, cells) = (input.Properties, new TableCell[_last.Headers.Length]);
        for (var i = 0; i < cells.Length; i++)
        {
            if (properties[_last.Headers[i]] is not { } property || property.Name != _last.Headers[i])
            {
                return null;
            }

            cells[i] = new TableCell(property.Name, property, null);
        }

        return Array.TrueForAll(bound is null ? _others : _unboundOthers, other => properties[other] is null) ? cells : null;
    }

    private static List<TableCell> Cells(PSObject input)
    {
        var cells = new List<TableCell>();
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
internal sealed class TableRow(ColumnMap map, IReadOnlyList<TableCell> cells)
{
    /// <summary>The headers.</summary>
    public string[] Headers => map.Headers;

    /// <summary>True if there are cells and nothing is in any.</summary>
    public bool IsEmpty => cells.Count > 0 && cells.All(cell => IsBlank(cell.Read()));

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
