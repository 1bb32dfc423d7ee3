using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Seedance.Http;

/// <summary>Overwrites the key in the bytes of a response, in each form in which servers write what they were sent.</summary>
internal sealed class KeyEraser
{
    // A shorter one would be met by chance in words that are no secret.
    private const int ShortestKey = 8;

    private readonly byte[][] _forms;

    public KeyEraser(string? key) => _forms = key is null || key.Length < ShortestKey ? [] :
    [
        .. new[]
        {
            key, key.Replace("/", "\\/", StringComparison.Ordinal), JsonEncodedText.Encode(key).Value, Uri.EscapeDataString(key), Escaped(key, "x4"), Escaped(key, "X4"),
        }
        .Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>Leaves a JSON document as valid as it was.</summary>
    public void Erase(Span<byte> body)
    {
        foreach (var form in _forms)
        {
            var rest = body;
            for (int at; (at = rest.IndexOf(form)) >= 0; rest = rest[(at + form.Length)..])
            {
                rest.Slice(at, form.Length).Fill((byte)'*');
            }
        }
    }

    private static string Escaped(string key, string format) =>
        string.Concat(key.Select(character => string.Create(CultureInfo.InvariantCulture, $"\\u{((int)character).ToString(format, CultureInfo.InvariantCulture)}")));
}
