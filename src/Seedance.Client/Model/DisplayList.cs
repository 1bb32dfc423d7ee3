using System.Collections.ObjectModel;

namespace Seedance;

/// <summary>
/// A list as PowerShell handles best: it can be indexed from either end, and where it is written as text, as in a cell of
/// a CSV, it says what is in it.
/// </summary>
/// <typeparam name="T">What it holds.</typeparam>
public sealed class DisplayList<T> : ReadOnlyCollection<T>
{
    /// <summary>Nothing.</summary>
    public static new readonly DisplayList<T> Empty = new([]);

    private DisplayList(T[] items)
        : base(items)
    {
    }

    /// <summary>How many there are, for those who think of an array.</summary>
    public int Length => Count;

    /// <summary>The items one after another, each as it calls itself.</summary>
    public override string ToString() => string.Join("; ", Items);

    /// <summary>The items as such a list.</summary>
    internal static DisplayList<T> From(IEnumerable<T> items) => items as DisplayList<T> ?? (items.ToArray() is { Length: > 0 } some ? new DisplayList<T>(some) : Empty);
}
