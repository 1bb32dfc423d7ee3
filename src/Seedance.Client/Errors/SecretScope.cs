namespace Seedance.Errors;

/// <summary>
/// Knows the secrets of what is going on, for the gate that every text passes on its way out (<see cref="Redaction.Text"/>).
/// It holds for everything that is called or awaited until it is disposed; scopes add up. The secrets are looked up only
/// when there is a text to clean.
/// </summary>
internal sealed class SecretScope : IDisposable
{
    private static readonly AsyncLocal<SecretScope?> s_current = new();

    private readonly SecretScope? _outer = s_current.Value;
    private readonly Func<IEnumerable<string?>> _find;
    private List<byte[]>? _secrets;

    private SecretScope(Func<IEnumerable<string?>> find) => _find = find;

    /// <summary>Opens a scope.</summary>
    /// <param name="find">Finds the secrets; see <see cref="Secrets"/>.</param>
    public static SecretScope Enter(Func<IEnumerable<string?>> find) => s_current.Value = new SecretScope(find);

    /// <summary>The text without the secrets of the scopes that are open, in whatever way they are escaped or encoded.</summary>
    public static string Clean(string text)
    {
        if (s_current.Value is not { } scope)
        {
            return text;
        }

        var unescaped = new UnescapedText(text);
        for (; scope is not null; scope = scope._outer)
        {
            foreach (var secret in scope.All())
            {
                unescaped.Strike(secret);
            }
        }

        return unescaped.Remaining();
    }

    public void Dispose() => s_current.Value = _outer;

    private List<byte[]> All() => _secrets ??= [.. _find().OfType<string>().Where(secret => secret.Length > 0).Distinct().Select(UnescapedText.Unescape)];
}
