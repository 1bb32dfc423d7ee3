using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using ZXing;

namespace Seedance.Client.Tests;

/// <summary>The code is painted as terminals paint it, and read by ZXing, which has nothing to do with what drew it; by zbar too, where that is installed.</summary>
public sealed class QrCodeTextTests
{
    private const byte Dark = 0;
    private const byte Light = 255;

    public static TheoryData<string> Links { get; } =
    [
        "https://h5.example.com/verify?bytedToken=token_xxx&lng=zh",
        "https://h5-v2.kych5.example.com?accessTicket=2026_01K9%2Fzz%3D%3D&bytedToken=" + string.Concat(Enumerable.Repeat("0A9f-", 24)) + "&configId=visual&lng=zh-Hant#/start",
    ];

    [Theory]
    [MemberData(nameof(Links))]
    public void Plain_text_is_read_back_exactly_from_a_dark_terminal(string link) =>
        AssertReads(link, Paint(QrCodeText.From(link).ToText(), ground: Dark, ink: Light));

    [Theory]
    [MemberData(nameof(Links))]
    public void Plain_text_is_read_back_exactly_from_a_light_terminal_by_scanners_that_read_inverted_codes(string link) =>
        AssertReads(link, Paint(QrCodeText.From(link).ToText(), ground: Light, ink: Dark), isInverted: true);

    [Theory]
    [MemberData(nameof(Links))]
    public void Coloured_text_is_read_back_exactly_from_any_terminal(string link)
    {
        foreach (var (ground, ink) in new[] { (Dark, Light), (Light, Dark), ((byte)120, (byte)140) })
        {
            AssertReads(link, Paint(QrCodeText.From(link).ToColouredText(), ground, ink));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_narrower_quiet_zone_is_read_too(int quietZone)
    {
        foreach (var link in Links.Select(row => row.Data))
        {
            // A coloured code on a light ground has its quiet zone from the terminal; on a dark one the zone is all there is.
            AssertReads(link, Paint(QrCodeText.From(link).ToColouredText(quietZone), ground: Light, ink: Dark));
            AssertReads(link, Paint(QrCodeText.From(link).ToColouredText(quietZone), ground: Dark, ink: Light));
            Assert.Equal(QrCodeText.From(link).ToText().IndexOf('\n') - (2 * (QrCodeText.QuietZone - quietZone)), QrCodeText.From(link).ToText(quietZone).IndexOf('\n'));
        }
    }

    [Theory]
    [MemberData(nameof(Links))]
    public void A_picture_has_the_same_modules(string link)
    {
        var png = QrCodeText.ToPicture(link);
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], png[..4]);
        var side = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16));
        Assert.Equal(QrCodeText.From(link).ToText().IndexOf('\n') * 8, side);
    }

    [Fact]
    public void Without_its_colours_the_text_is_the_plain_one()
    {
        var picture = QrCodeText.From("https://example.com/");
        Assert.Equal(picture.ToText(), System.Text.RegularExpressions.Regex.Replace(picture.ToColouredText(), "\e\\[[0-9;]*m", ""));
    }

    [Fact]
    public void A_quiet_zone_of_four_modules_surrounds_it()
    {
        var lines = QrCodeText.From("https://example.com/").ToText().Split('\n');
        Assert.All(lines[..2].Concat(lines[^2..]), line => Assert.Equal(new string('█', lines[0].Length), line));
        Assert.All(lines, line => Assert.True(line.StartsWith("████", StringComparison.Ordinal) && line.EndsWith("████", StringComparison.Ordinal)));
        Assert.All(lines, line => Assert.Equal(lines[0].Length, line.Length));
    }

    /// <summary>What a terminal shows of a text: each cell two squares of 6 by 6 pixels, in a window with a margin.</summary>
    private static Picture Paint(string text, byte ground, byte ink)
    {
        const int Square = 6, Margin = 5;
        var cells = new List<List<(byte Top, byte Bottom)>>();
        foreach (var line in text.Split('\n'))
        {
            var (front, back) = (ink, ground);
            var row = new List<(byte, byte)>();
            for (var i = 0; i < line.Length; i++)
            {
                if (line[i] == '\e')
                {
                    var end = line.IndexOf('m', i);
                    (front, back) = line[(i + 2)..end] switch
                    {
                        "0" => (ink, ground),
                        "38;5;231;48;5;16" => (Light, Dark),
                        var other => throw new InvalidOperationException($"Colours that this terminal does not know: {other}"),
                    };
                    i = end;
                    continue;
                }

                row.Add(line[i] switch
                {
                    '█' => (front, front),
                    '▀' => (front, back),
                    '▄' => (back, front),
                    ' ' => (back, back),
                    var other => throw new InvalidOperationException($"No half block: {other}"),
                });
            }

            cells.Add(row);
        }

        var width = (cells.Max(row => row.Count) + (2 * Margin)) * Square;
        var height = ((cells.Count * 2) + (2 * Margin)) * Square;
        var pixels = new byte[width * height];
        Array.Fill(pixels, ground);
        for (var y = Margin * Square; y < height - (Margin * Square); y++)
        {
            var line = (y / Square) - Margin;
            var row = cells[line / 2];
            for (var x = 0; x < row.Count * Square; x++)
            {
                pixels[(y * width) + x + (Margin * Square)] = line % 2 == 0 ? row[x / Square].Top : row[x / Square].Bottom;
            }
        }

        return new Picture(pixels, width, height);
    }

    private static void AssertReads(string link, Picture picture, bool isInverted = false)
    {
        var reader = new BarcodeReaderGeneric { Options = { PossibleFormats = [BarcodeFormat.QR_CODE], TryInverted = isInverted } };
        Assert.Equal(link, reader.Decode(picture.Pixels, picture.Width, picture.Height, RGBLuminanceSource.BitmapFormat.Gray8)?.Text);
        if (ReadByZbar(picture, isInverted ? ["-Stest-inverted=1"] : []) is { } text)
        {
            Assert.Equal(link, text);
        }
    }

    /// <summary>A second opinion.</summary>
    /// <returns>What was read; null where zbarimg is not installed.</returns>
    private static string? ReadByZbar(Picture picture, string[] options)
    {
        var file = Path.Combine(Path.GetTempPath(), $"seedance-qr-{Guid.NewGuid():N}.pgm");
        File.WriteAllBytes(file, [.. Encoding.ASCII.GetBytes($"P5\n{picture.Width} {picture.Height}\n255\n"), .. picture.Pixels]);
        try
        {
            using var zbar = Process.Start(new ProcessStartInfo("zbarimg", [.. options, "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", file])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            _ = zbar.StandardError.ReadToEndAsync();
            var text = zbar.StandardOutput.ReadToEnd();
            zbar.WaitForExit();
            return text.TrimEnd('\n');
        }
        catch (Win32Exception)
        {
            return null;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Grey pixels, row by row.</summary>
    private sealed record Picture(byte[] Pixels, int Width, int Height);
}
