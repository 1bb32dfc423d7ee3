namespace Seedance.SandboxServer;

/// <summary>
/// The faults that are on order. Chance comes from the seed and the number of the request, so that the same
/// requests in the same order meet the same faults.
/// </summary>
public sealed class FaultBook(int seed = 1)
{
    private readonly Lock _gate = new();
    private Entry[] _entries = [];

    /// <summary>The orders, with how many requests matched and how many of those were struck.</summary>
    public IReadOnlyList<(FaultOrder Order, int Matched, int Struck)> Orders
    {
        get
        {
            lock (_gate)
                return [.. _entries.Select(entry => (entry.Order, entry.Matched, entry.Struck))];
        }
    }

    /// <summary>Replaces all orders; without any, nothing goes wrong any more.</summary>
    /// <exception cref="ArgumentException">An order contradicts itself.</exception>
    public void Order(params IEnumerable<FaultOrder> orders)
    {
        Entry[] entries = [.. orders.Select((order, index) => new Entry(order.Checked(), new Random(HashCode(seed, index))))];
        lock (_gate)
            _entries = entries;
    }

    /// <summary>What is to happen to the next request; null when it is spared. The first order that strikes wins.</summary>
    public FaultOrder? Draw(string method, string path)
    {
        lock (_gate)
        {
            foreach (var entry in _entries)
            {
                if (entry.Order.Matches(method, path) && entry.Strikes())
                    return entry.Order;
            }
            return null;
        }
    }

    // Not System.HashCode, which differs from process to process.
    private static int HashCode(int seed, int index) => unchecked(seed * 486187739 + index);

    private sealed class Entry(FaultOrder order, Random random)
    {
        public FaultOrder Order => order;

        public int Matched { get; private set; }

        public int Struck { get; private set; }

        public bool Strikes()
        {
            // Drawn for every match, spared or not, so that a change of After or Count does not shift the chances.
            var isChosen = random.NextDouble() < (order.Probability ?? 1);
            Matched++;
            if (!isChosen || Matched <= order.After || Struck >= order.Count)
                return false;
            Struck++;
            return true;
        }
    }
}
