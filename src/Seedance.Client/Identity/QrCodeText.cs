using System.Collections;
using System.Text;
using QRCoder;

namespace Seedance.Identity;

/// <summary>A QR code as text: two rows of modules a line, in half blocks, with the quiet zone that scanners need.</summary>
internal sealed class QrCodeText
{
    // Light letters on a dark ground, by numbers that no colour scheme redefines.
    private const string Colours = "\e[38;5;231;48;5;16m";
    private const string Reset = "\e[0m";

    private readonly List<BitArray> _rows;

    private QrCodeText(List<BitArray> rows) => _rows = rows;

    /// <summary>The code for a text. The lowest level of repair: a screen has no scratches, and the code stays small.</summary>
    public static QrCodeText From(string text)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        return new QrCodeText(code.ModuleMatrix);
    }

    /// <summary>
    /// The code in the terminal's own colours. Light modules are drawn and dark ones left out, so that it is right on a
    /// dark ground; on a light one it comes out inverted, quiet zone and all, which most phones read too.
    /// </summary>
    public string ToText() => string.Join('\n', Lines());

    /// <summary>The code in colours of its own; with those stripped, it is <see cref="ToText"/>.</summary>
    public string ToColouredText() => string.Join('\n', Lines().Select(line => $"{Colours}{line}{Reset}"));

    private IEnumerable<string> Lines()
    {
        for (var y = 0; y < _rows.Count; y += 2)
        {
            var line = new StringBuilder(_rows[y].Count);
            for (var x = 0; x < _rows[y].Count; x++)
            {
                line.Append((IsLight(x, y), IsLight(x, y + 1)) switch
                {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    _ => ' ',
                });
            }

            yield return line.ToString();
        }
    }

    // Below the last row, where there is none, the quiet zone goes on.
    private bool IsLight(int x, int y) => y >= _rows.Count || !_rows[y][x];
}
