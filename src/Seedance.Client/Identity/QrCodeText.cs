using System.Collections;
using System.Text;
using QRCoder;

namespace Seedance.Identity;

/// <summary>A QR code as text: two rows of modules a line, in half blocks, with the quiet zone that scanners need; or as a picture.</summary>
internal sealed class QrCodeText
{
    // Light letters on a dark ground, by numbers that no colour scheme redefines.
    private const string Colours = "\e[38;5;231;48;5;16m";
    private const string Reset = "\e[0m";

    private const int PixelsOfModule = 8;

    private readonly List<BitArray> _rows;

    private QrCodeText(List<BitArray> rows) => _rows = rows;

    /// <summary>The modules of light ground around the code that the standard asks for. Phones read it with one, too.</summary>
    public const int QuietZone = 4;

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
    public string ToText(int quietZone = QuietZone) => string.Join('\n', Lines(quietZone));

    /// <summary>The code in colours of its own; with those stripped, it is <see cref="ToText"/>.</summary>
    public string ToColouredText(int quietZone = QuietZone) => string.Join('\n', Lines(quietZone).Select(line => $"{Colours}{line}{Reset}"));

    /// <summary>The code for a text as a picture, in PNG.</summary>
    public static byte[] ToPicture(string text)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        using var picture = new PngByteQRCode(code);
        return picture.GetGraphic(PixelsOfModule);
    }

    private IEnumerable<string> Lines(int quietZone)
    {
        // The matrix comes with the whole quiet zone.
        var start = QuietZone - quietZone;
        var end = _rows.Count - start;
        for (var y = start; y < end; y += 2)
        {
            var line = new StringBuilder(end - start);
            for (var x = start; x < end; x++)
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
