using System.Globalization;
using System.Net;
using System.Text;

namespace Seedance.Errors;

/// <summary>
/// A text with every escape in it undone, layer by layer: JSON's and JavaScript's, percent-encoding, HTML's. Each byte knows
/// where it stands in the text as it came, so that what is found here can be struck out there.
/// </summary>
internal sealed class UnescapedText
{
    // A part of a secret tells as much: from its first eight characters on it is struck out.
    private const int TellingLength = 8;
    private const int MaxLayers = 8;
    private const string Struck = "***";

    // What WebUtility does not know, being younger than it.
    private static readonly Dictionary<string, char> s_entities = new(StringComparer.Ordinal)
    {
        ["sol"] = '/', ["bsol"] = '\\', ["plus"] = '+', ["equals"] = '=', ["quest"] = '?', ["num"] = '#', ["percnt"] = '%', ["colon"] = ':',
        ["semi"] = ';', ["comma"] = ',', ["period"] = '.', ["commat"] = '@', ["lowbar"] = '_', ["hyphen"] = '-', ["dash"] = '-', ["excl"] = '!',
        ["dollar"] = '$', ["ast"] = '*', ["lpar"] = '(', ["rpar"] = ')', ["apos"] = '\'', ["Tab"] = '\t', ["NewLine"] = '\n',
    };

    private readonly string _text;
    private readonly Mark[] _marks;
    private readonly List<Unit> _units;
    private readonly byte[] _folded;

    public UnescapedText(string text)
    {
        _text = text;
        _marks = new Mark[text.Length];
        _units = Layer0(text);
        for (var layer = 0; layer < MaxLayers && Undo(_units) is { } undone; layer++)
        {
            _units = undone;
        }

        _folded = Fold(_units);
    }

    /// <summary>The form in which secrets are looked for.</summary>
    public static byte[] Unescape(string secret) => new UnescapedText(secret)._folded;

    /// <summary>Strikes out a secret, and every longer part of its beginning, wherever it stands.</summary>
    public void Strike(ReadOnlySpan<byte> secret)
    {
        var head = secret[..Math.Min(secret.Length, TellingLength)];

        // An address is still an address without its query.
        var mark = secret.IsEmpty || secret[0] is not ((byte)'?' or (byte)'#') ? Mark.Replaced : Mark.Removed;
        for (int from = 0, at; !head.IsEmpty && (at = _folded.AsSpan(from).IndexOf(head)) >= 0;)
        {
            var start = from + at;
            var length = _folded.AsSpan(start).CommonPrefixLength(secret);
            foreach (ref var character in _marks.AsSpan(_units[start].Start.._units[start + length - 1].End))
            {
                character = character == Mark.None ? mark : character;
            }

            from = start + length;
        }
    }

    /// <summary>The text as it came, with stars in place of what was struck out.</summary>
    public string Remaining()
    {
        if (Array.TrueForAll(_marks, mark => mark == Mark.None))
        {
            return _text;
        }

        var remaining = new StringBuilder(_text.Length);
        for (var i = 0; i < _text.Length; i++)
        {
            if (_marks[i] == Mark.None)
            {
                remaining.Append(_text[i]);
            }
            else if (_marks[i] == Mark.Replaced && (i == 0 || _marks[i - 1] == Mark.None))
            {
                remaining.Append(Struck);
            }
        }

        return remaining.ToString();
    }

    private static List<Unit> Layer0(string text)
    {
        var units = new List<Unit>(text.Length);
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            Add(units, rune, at, at + rune.Utf16SequenceLength);
            at += rune.Utf16SequenceLength;
        }

        return units;
    }

    /// <summary>The units with one layer of escapes undone; null if there are none.</summary>
    private static List<Unit>? Undo(List<Unit> units)
    {
        var undone = new List<Unit>(units.Count);
        var found = false;
        for (var i = 0; i < units.Count;)
        {
            var (length, rune, single) = units[i].Value switch
            {
                (byte)'\\' => Backslash(units, i),
                (byte)'%' => Percent(units, i),
                (byte)'&' => Entity(units, i),
                _ => default,
            };
            if (length == 0)
            {
                undone.Add(units[i++]);
                continue;
            }

            found = true;
            var (start, end) = (units[i].Start, units[i + length - 1].End);
            if (single is { } value)
            {
                undone.Add(new Unit(value, start, end));
            }
            else
            {
                Add(undone, rune, start, end);
            }

            i += length;
        }

        return found ? undone : null;
    }

    private static (int Length, Rune Rune, byte? Single) Backslash(List<Unit> units, int at)
    {
        switch (At(units, at + 1))
        {
            case 'u' or 'U' when Hex(units, at + 2, 4) is { } code:
                if (char.IsHighSurrogate((char)code) && At(units, at + 6) == '\\' && At(units, at + 7) is 'u' or 'U'
                    && Hex(units, at + 8, 4) is { } low && char.IsLowSurrogate((char)low))
                {
                    return (12, new Rune((char)code, (char)low), null);
                }

                return (6, Rune.TryCreate((char)code, out var rune) ? rune : Rune.ReplacementChar, null);
            case 'x' or 'X' when Hex(units, at + 2, 2) is { } code:
                return (4, new Rune(code), null);
            case '%' when Percent(units, at + 1).Length > 0:
            case '&' when Entity(units, at + 1).Length > 0:
                // What follows is escaped itself: what it stands for comes first.
                return default;
            case > ' ' and < '\x7F' and var sign when !char.IsAsciiLetterOrDigit(sign):
                return (2, new Rune(sign), null);
            default:
                return default;
        }
    }

    private static (int Length, Rune Rune, byte? Single) Percent(List<Unit> units, int at)
    {
        if (Hex(units, at + 1, 2) is { } value)
        {
            return (3, default, (byte)value);
        }

        return At(units, at + 1) is 'u' or 'U' && Hex(units, at + 2, 4) is { } code
            ? (6, Rune.TryCreate((char)code, out var rune) ? rune : Rune.ReplacementChar, null)
            : default;
    }

    private static (int Length, Rune Rune, byte? Single) Entity(List<Unit> units, int at)
    {
        const int Longest = 12;
        if (At(units, at + 1) == '#')
        {
            var isHex = At(units, at + 2) is 'x' or 'X';
            var start = at + (isHex ? 3 : 2);
            var end = start;
            while (end - start < Longest && (isHex ? char.IsAsciiHexDigit(At(units, end)) : char.IsAsciiDigit(At(units, end))))
            {
                end++;
            }

            return At(units, end) == ';'
                && int.TryParse(Text(units, start, end), isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var code)
                ? (end + 1 - at, Rune.IsValid(code) ? new Rune(code) : Rune.ReplacementChar, null)
                : default;
        }

        var close = at + 1;
        while (close - at < Longest && char.IsAsciiLetterOrDigit(At(units, close)))
        {
            close++;
        }

        if (At(units, close) != ';')
        {
            return default;
        }

        var name = Text(units, at + 1, close);
        var decoded = s_entities.TryGetValue(name, out var known) ? known.ToString() : WebUtility.HtmlDecode($"&{name};");
        return decoded.StartsWith('&') && decoded.Length > 1 ? default : (close + 1 - at, Rune.GetRuneAt(decoded, 0), null);
    }

    // Letters alike in either case, and the two ways in which forms write a blank.
    private static byte[] Fold(List<Unit> units)
    {
        var folded = new byte[units.Count];
        for (var i = 0; i < folded.Length; i++)
        {
            folded[i] = units[i].Value switch
            {
                >= (byte)'A' and <= (byte)'Z' and var letter => (byte)(letter | 0x20),
                (byte)'+' => (byte)' ',
                var other => other,
            };
        }

        return folded;
    }

    private static void Add(List<Unit> units, Rune rune, int start, int end)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
        {
            units.Add(new Unit(value, start, end));
        }
    }

    private static char At(List<Unit> units, int at) => at < units.Count ? (char)units[at].Value : '\0';

    private static int? Hex(List<Unit> units, int at, int length)
    {
        var value = 0;
        for (var i = at; i < at + length; i++)
        {
            if (!char.IsAsciiHexDigit(At(units, i)))
            {
                return null;
            }

            value = (value * 16) + Convert.ToInt32($"{At(units, i)}", 16);
        }

        return value;
    }

    private static string Text(List<Unit> units, int start, int end) => string.Create(end - start, (units, start), static (span, state) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = At(state.units, state.start + i);
        }
    });

    private enum Mark : byte
    {
        None,
        Replaced,
        Removed,
    }

    /// <summary>A byte, and from where to where the text that stands for it goes.</summary>
    private readonly record struct Unit(byte Value, int Start, int End);
}
