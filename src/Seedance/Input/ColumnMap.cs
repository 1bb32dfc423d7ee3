using System.Globalization;

namespace Seedance.Commands;

/// <summary>
/// Which columns of a table are which of ours, by their headers: in any case, and whatever blanks, marks, '-' and '_' are
/// in them, as long as only one meaning is possible.
/// </summary>
internal sealed class ColumnMap
{
    private readonly Dictionary<string, int[]> _placesOf = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _places = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the headers.</summary>
    /// <param name="headers">The headers.</param>
    /// <param name="known">Our columns, each with the other names it goes by, the first before the next.</param>
    public ColumnMap(string[] headers, IReadOnlyList<string[]> known)
    {
        Headers = headers;
        for (var i = 0; i < headers.Length; i++)
        {
            _places.TryAdd(headers[i], i);
        }

        var (warnings, read) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var names in known)
        {
            string[] exact = [.. names.SelectMany(name => headers.Where(header => header.Equals(name, StringComparison.OrdinalIgnoreCase)))];
            string[] nearly = [.. headers.Where(header => !exact.Contains(header) && names.Contains(Plain(header), StringComparer.OrdinalIgnoreCase))];
            if (exact.Length == 0 && nearly.Length == 1)
            {
                exact = nearly;
            }
            else if (nearly.Length > 0)
            {
                warnings.Add(exact.Length > 0
                    ? $"{Quoted(nearly)} is not read, since there is a column '{exact[0]}'."
                    : $"{Quoted(nearly)} may each be {names[0]}, so none of them is read: call one of them {names[0]}.");
            }

            read.UnionWith([.. exact, .. nearly]);
            if (exact.Length > 0)
            {
                _placesOf[names[0]] = [.. exact.Select(header => _places[header])];
            }
        }

        foreach (var header in headers.Where(header => !read.Contains(header)))
        {
            if (known.FirstOrDefault(names => !_placesOf.ContainsKey(names[0]) && names.Any(name => IsNear(Plain(header), name)))?[0] is { } nearest)
            {
                warnings.Add($"The column '{header}' is not read. If it is meant as {nearest}, call it {nearest}.");
            }
        }

        Warnings = warnings;
    }

    /// <summary>The headers as they are.</summary>
    public string[] Headers { get; }

    /// <summary>What is to be said of the headers, once for the whole table.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Where the headers stand that mean one of our columns, the first to be looked at first; nothing if there is no such column.</summary>
    public int[] PlacesOf(string column) => _placesOf.GetValueOrDefault(column, []);

    /// <summary>Where a header stands; null if there is none such.</summary>
    public int? PlaceOf(string header) => _places.TryGetValue(header, out var place) ? place : null;

    private static string Quoted(string[] headers) => $"The column {string.Join(" and ", headers.Select(header => $"'{header}'"))}";

    // A null is no mark of a header: it shows that the table was read in a wrong encoding.
    private static string Plain(string header) => new([.. header.Where(c =>
        !char.IsWhiteSpace(c) && (!char.IsControl(c) || c == '\0') && c is not ('-' or '_' or '.' or '"' or ':' or '*') && char.GetUnicodeCategory(c) != UnicodeCategory.Format)]);

    // One letter too many, too few, or two that changed places; in longer words also one that is wrong.
    private static bool IsNear(string word, string name)
    {
        if (Math.Abs(word.Length - name.Length) > 1 || word.Length < 3)
        {
            return false;
        }

        (word, name) = (word.ToUpperInvariant(), name.ToUpperInvariant());
        var same = word.Zip(name).TakeWhile(pair => pair.First == pair.Second).Count();
        var (rest, other) = (word[same..], name[same..]);
        return rest.Length != other.Length
            ? (rest.Length > other.Length ? rest[1..] == other : rest == other[1..])
            : (rest.Length > 1 && rest[0] == other[1] && rest[1] == other[0] && rest[2..] == other[2..]) || (name.Length > 5 && rest[1..] == other[1..]);
    }
}
