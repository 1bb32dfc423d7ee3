namespace Seedance.Sandbox.Faults;

/// <summary>
/// The faults that are on order. Chance comes from the seed and the number of the request, so that the same
/// requests in the same order meet the same faults.
/// </summary>
/// <typeparam name="TFault">What can be ordered.</typeparam>
/// <param name="seed">Decides the chances.</param>
public sealed class FaultSchedule<TFault>(int seed = 1)
    where TFault : RequestFilter
{
    private readonly object _gate = new();
    private Entry[] _entries = [];

    /// <summary>The orders, with how many requests matched and how many of those were struck.</summary>
    public IReadOnlyList<(TFault Order, int Matched, int Struck)> Orders
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries.Select(entry => (entry.Order, entry.Matched, entry.Struck))];
            }
        }
    }

    /// <summary>Replaces all orders; without any, nothing goes wrong any more.</summary>
    /// <param name="orders">The new orders.</param>
    /// <exception cref="ArgumentException">An order contradicts itself.</exception>
    public void Order(params IEnumerable<TFault> orders)
    {
        var entries = orders.Select((order, index) => new Entry(order, new Random(HashCode(seed, index)))).ToArray();
        foreach (var entry in entries)
        {
            entry.Order.Validate();
        }
        lock (_gate)
        {
            _entries = entries;
        }
    }

    /// <summary>Returns what is to happen to a request; null when it is spared. The first order that strikes wins.</summary>
    /// <param name="request">The request.</param>
    public TFault? Draw(SandboxRequest request)
    {
        lock (_gate)
        {
            return Array.Find(_entries, entry => entry.Order.Matches(request) && entry.Strikes())?.Order;
        }
    }

    /// <summary>Returns every order that strikes a request, in their order.</summary>
    /// <param name="request">The request.</param>
    public IReadOnlyList<TFault> DrawAll(SandboxRequest request)
    {
        lock (_gate)
        {
            return _entries.Length == 0
                ? []
                : [.. _entries.Where(entry => entry.Order.Matches(request) && entry.Strikes()).Select(entry => entry.Order)];
        }
    }

    // Not System.HashCode, which differs from process to process.
    private static int HashCode(int seed, int index) => unchecked(seed * 486187739 + index);

    private sealed class Entry(TFault order, Random random)
    {
        public TFault Order => order;

        public int Matched { get; private set; }

        public int Struck { get; private set; }

        public bool Strikes()
        {
            // Drawn for every match, spared or not, so that a change of After or Count does not shift the chances.
            var isChosen = random.NextDouble() < (order.Probability ?? 1);
            Matched++;
            if (!isChosen || Matched <= order.After || Struck >= order.Count)
            {
                return false;
            }

            Struck++;
            return true;
        }
    }
}
