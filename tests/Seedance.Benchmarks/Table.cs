using System.Globalization;
using System.Text;

namespace Seedance.Benchmarks;

/// <summary>A table that reads well on the console and in Markdown alike.</summary>
internal sealed class Table(params string[] heads)
{
    private readonly List<string[]> _rows = [];

    public void Add(params IReadOnlyList<object> cells) => _rows.Add([.. cells.Select(Text)]);

    public override string ToString()
    {
        var widths = heads.Select((head, i) => _rows.Select(row => row[i].Length).Append(head.Length).Max()).ToArray();
        var text = new StringBuilder();
        Line(heads);
        Line([.. widths.Select((width, i) => i == 0 ? new string('-', width) : new string('-', width - 1) + ":")]);
        _rows.ForEach(Line);
        return text.ToString();

        void Line(string[] cells) => text.Append("| ")
            .AppendJoin(" | ", cells.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])))
            .Append(" |\n");
    }

    private static string Text(object cell) => cell switch
    {
        double number when double.IsNaN(number) => "",
        double number => number.ToString(Math.Abs(number) >= 100 ? "#,0" : Math.Abs(number) >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture),
        IFormattable number and not Enum => number.ToString("#,0", CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };
}
