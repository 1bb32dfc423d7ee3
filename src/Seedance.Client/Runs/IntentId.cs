namespace Seedance.Runs;

/// <summary>
/// The id of a request with effect, which is also the key that it goes out under. One that repeats a request of unknown
/// outcome has an id of its own and the same key, so that a server that honours keys does it once: the key stands before
/// the dot.
/// </summary>
internal static class IntentId
{
    private const char Mark = '.';

    public static string New() => Guid.NewGuid().ToString("N");

    /// <summary>Returns an id for repeating a request under its key.</summary>
    public static string RepeatOf(string id) => $"{KeyOf(id)}{Mark}{New().AsSpan(0, 8)}";

    /// <summary>Returns the key that a request goes out under.</summary>
    public static string KeyOf(string id) => id.Split(Mark, 2)[0];
}
