using System.Globalization;
using System.Text;

namespace Seedance.Client.Tests.Architecture;

/// <summary>The rooms of an assembly and the arrows between them.</summary>
internal sealed class Rooms(IReadOnlyCollection<TypeUse> uses)
{
    public IReadOnlyList<string> Names { get; } =
        [.. uses.SelectMany(use => new[] { use.From.Room, use.To.Room }).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Returns the groups of rooms each of which can be reached from each other; none if arrows form no cycle.</summary>
    public IReadOnlyList<string> Cycles()
    {
        var next = uses.ToLookup(use => use.From.Room, use => use.To.Room);
        var reached = Names.ToDictionary(room => room, room => Reach(room, next));
        return [.. Names
            .Where(room => reached[room].Contains(room))
            .Select(room => string.Join(' ', Names.Where(other => reached[room].Contains(other) && reached[other].Contains(room))))
            .Distinct()];
    }

    /// <summary>Returns a table: how many types of the column's room the row's room uses.</summary>
    public string Matrix()
    {
        var counts = uses.Select(use => (use.From.Room, use.To)).Distinct().CountBy(use => (From: use.Room, To: use.To.Room)).ToDictionary();
        var wide = Names.Max(room => room.Length);
        var text = new StringBuilder().Append(' ', wide);
        foreach (var room in Names)
        {
            text.Append(CultureInfo.InvariantCulture, $" {ShortOf(room),5}");
        }

        foreach (var from in Names)
        {
            text.AppendLine().Append(from.PadRight(wide));
            foreach (var to in Names)
            {
                var cell = from == to ? "." : counts.TryGetValue((from, to), out var count) ? $"{count}" : "";
                text.Append(CultureInfo.InvariantCulture, $" {cell,5}");
            }
        }

        return text.ToString();
    }

    private static string ShortOf(string room) => room.Split('/')[^1] is { Length: > 5 } name ? name[..5] : room.Split('/')[^1];

    private static HashSet<string> Reach(string room, ILookup<string, string> next)
    {
        HashSet<string> reached = [];
        var open = new Stack<string>(next[room]);
        while (open.TryPop(out var one))
        {
            if (reached.Add(one))
            {
                foreach (var further in next[one])
                {
                    open.Push(further);
                }
            }
        }

        return reached;
    }
}
