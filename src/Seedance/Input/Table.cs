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
        string[] headers = [.. cells.Select(cell => cell.Key)];
        if (!headers.AsSpan().SequenceEqual(_last.Headers))
        {
            _last = new ColumnMap(headers, known);
            foreach (var warning in _last.Warnings.Where(_told.Add))
            {
                warn(warning);
            }
        }

        return new TableRow(_last, cells);
    }

    private static List<KeyValuePair<string, Func<object?>>> Cells(PSObject input)
    {
        var cells = new List<KeyValuePair<string, Func<object?>>>();
        if (input.BaseObject is IDictionary entries)
        {
            foreach (DictionaryEntry entry in entries)
            {
                cells.Add(new($"{entry.Key}", () => entry.Value));
            }
        }
        else
        {
            foreach (var property in input.Properties)
            {
                cells.Add(new(property.Name, () => property.Value));
            }
        }

        return cells;
    }
}

/// <summary>A row of a table.</summary>
/// <param name="map">Which of its columns are ours.</param>
/// <param name="cells">The cells, by their headers.</param>
internal sealed class TableRow(ColumnMap map, List<KeyValuePair<string, Func<object?>>> cells)
{
    /// <summary>The headers.</summary>
    public string[] Headers => map.Headers;

    /// <summary>True if there are cells and nothing is in any.</summary>
    public bool IsEmpty => cells.Count > 0 && cells.TrueForAll(cell => IsBlank(Get(cell.Value)));

    /// <summary>True if there is such a column of ours.</summary>
    public bool Has(string column) => map.HeadersOf(column).Length > 0;

    /// <summary>What the row says in one of our columns; null if that is nothing.</summary>
    public object? this[string column] => map.HeadersOf(column).Select(Cell).FirstOrDefault(value => !IsBlank(value));

    /// <summary>What the row says in one of our columns, as text; null if that is nothing.</summary>
    public string? Text(string column) => this[column] is { } value ? TextOf(value) : null;

    /// <summary>The cell of any column, by its header; null if there is nothing in it.</summary>
    public object? Cell(string header) =>
        cells.Find(cell => cell.Key.Equals(header, StringComparison.OrdinalIgnoreCase)).Value is { } get && Get(get) is { } value && !IsBlank(value) ? value : null;

    /// <summary>The text of any column, by its header; null if there is nothing in it.</summary>
    public string? CellText(string header) => Cell(header) is { } value ? TextOf(value) : null;

    /// <summary>The value as text, the same in every culture.</summary>
    public static string? TextOf(object? value) => LanguagePrimitives.TryConvertTo<string>(value, System.Globalization.CultureInfo.InvariantCulture, out var text) ? text : value?.ToString();

    private static bool IsBlank(object? value) => value is null or DBNull || (Base(value) is string text && string.IsNullOrWhiteSpace(text));

    private static object Base(object value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static object? Get(Func<object?> cell)
    {
        try
        {
            return cell();
        }
        catch (RuntimeException)
        {
            // A property that cannot be read says nothing.
            return null;
        }
    }
}
