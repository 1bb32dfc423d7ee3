using System.Text;
using System.Text.RegularExpressions;
using Seedance.Client.Tests.Api;

namespace Seedance.Client.Tests.Http;

/// <summary>Makes a broken answer out of the samples; the seed decides how.</summary>
internal sealed partial class ResponseMutator(int seed)
{
    private static readonly byte[][] s_samples = [.. Sample.Names.Select(Sample.Bytes)];

    // What a value is replaced by: every type, both ends of every range, text that is none.
    private static readonly string[] s_values =
    [
        "null", "true", "false", "0", "-1", "1", "200", "429", "1e308", "-1e308", "1e999", "9223372036854775808", "1763088289000", "0.1", "-0.0", "1E-400",
        "\"\"", "\" \"", "\"45%\"", "\"completed\"", "\"failed\"", "\"200\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "\"asset://\"", "\"asset://x\"", "\"avatar-a\"",
        "\"https://x/?\"", "\"://\"", "[]", "{}", "[[]]", "[{}]", "{\"\":{}}", "[null]", "[1,\"a\",{},[]]", "{\"code\":429}", "{\"\\ud800\":1}", "{\"message\":{\"message\":[]}}",
    ];

    private static readonly string[] s_names =
        ["code", "data", "error", "message", "msg", "id", "task_id", "status", "progress", "created", "completed", "estimated_time", "cost", "result", "assets", "usable_assets",
         "failed_assets", "asset_id", "asset_url", "raw_response", "Result", "Name", "GroupId", "group_id", "videos", "url", "expires_at", "type", "\\ud800", "", "\\u0069d"];

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        var body = Pick(s_samples);
        for (var changes = _random.Next(1, 4); changes > 0; changes--)
        {
            body = Change(body);
        }

        return body;
    }

    private byte[] Change(byte[] body) => _random.Next(16) switch
    {
        0 => Flip(body),
        1 => body[.._random.Next(body.Length + 1)],
        2 => Splice(body),
        3 or 4 or 5 => Text(body, text => Values().Replace(text, match => match.Groups["before"].Value + Pick(s_values), 1, At(text))),
        6 or 7 => Text(body, text => Names().Replace(text, _ => $"\"{Pick(s_names)}\":", 1, At(text))),
        8 => Text(body, Nest),
        9 => Text(body, text => Pick(["\ufeff", "<html>", "\0", "[", "  \r\n", "{\"code\":200,\"data\":"]) + text),
        10 => Insert(body, [(byte)_random.Next(0x80, 0x100), (byte)_random.Next(0x80, 0x100)]),
        _ => Text(body, text => text.Replace("\"data\"", Pick(["\"Data\"", "\"data\":null,\"data\"", "\"result\""]), StringComparison.Ordinal)),
    };

    private byte[] Flip(byte[] body)
    {
        var flipped = body.ToArray();
        for (var i = _random.Next(1, 4); i > 0 && flipped.Length > 0; i--)
        {
            flipped[_random.Next(flipped.Length)] ^= (byte)(1 << _random.Next(8));
        }

        return flipped;
    }

    private byte[] Splice(byte[] body)
    {
        var other = Pick(s_samples);
        return [.. body[.._random.Next(body.Length + 1)], .. other[_random.Next(other.Length)..]];
    }

    private byte[] Insert(byte[] body, byte[] what)
    {
        var at = _random.Next(body.Length + 1);
        return [.. body[..at], .. what, .. body[at..]];
    }

    private string Nest(string text)
    {
        var depth = _random.Next(2) == 0 ? _random.Next(1, 70) : 2_000;
        var value = string.Concat(Enumerable.Repeat("[", depth)) + string.Concat(Enumerable.Repeat("]", depth));
        return Values().Replace(text, match => match.Groups["before"].Value + value, 1, At(text));
    }

    // Latin-1 keeps every byte as it is, text or not.
    private static byte[] Text(byte[] body, Func<string, string> change) => Encoding.Latin1.GetBytes(change(Encoding.Latin1.GetString(body)));

    private int At(string text) => _random.Next(text.Length + 1);

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];

    [GeneratedRegex("""(?<before>:\s*)("[^"]*"|-?[0-9][0-9.eE+-]*|true|false|null|\{|\[)""")]
    private static partial Regex Values();

    [GeneratedRegex("""\"[^"]*"\s*:""")]
    private static partial Regex Names();
}
