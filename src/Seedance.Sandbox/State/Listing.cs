using System.Collections;

namespace Seedance.Sandbox.State;

/// <summary>A list whose items come into being when they are read: a page of a hundred thousand costs a hundred.</summary>
internal sealed class Listing<T>(int count, Func<int, T> read) : IReadOnlyList<T>
{
    public int Count => count;

    public T this[int index] => read(index);

    /// <summary>This list and then another.</summary>
    public Listing<T> Followed(IReadOnlyList<T> other) =>
        new(count + other.Count, index => index < count ? read(index) : other[index - count]);

    /// <summary>The same items from another one on, the first behind the last.</summary>
    public Listing<T> Rotated(int shift) => new(count, index => read((index + shift) % count));

    /// <summary>The items from a place on, at most so many.</summary>
    public IReadOnlyList<T> Page(int start, int size) =>
        [.. Enumerable.Range(start, Math.Clamp(count - start, 0, size)).Select(read)];

    public IEnumerator<T> GetEnumerator() => Enumerable.Range(0, count).Select(read).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
