using Npgsql;

namespace Seedance.Journal.PostgreSql.Tests.Simulation;

/// <summary>
/// The locks of a database: each is held to the end of its transaction, whoever waits is served in turn, and a transaction
/// that would wait in a circle is undone.
/// </summary>
internal sealed class RowLocks
{
    private readonly Dictionary<object, Entry> _entries = [];

    /// <summary>How often transactions would have waited for one another for ever.</summary>
    public int Deadlocks { get; private set; }

    /// <summary>Waits until nobody else has the lock, or, for a shared one, until nobody has it alone.</summary>
    public Task TakeAsync(Holder holder, object key, bool isShared)
    {
        if (!_entries.TryGetValue(key, out var entry))
        {
            _entries.Add(key, entry = new Entry());
        }

        if (entry.Holders.ContainsKey(holder))
        {
            return Task.CompletedTask;
        }

        holder.Keys.Add(key);
        if (entry.Waiting.Count == 0 && entry.Admits(isShared))
        {
            entry.Holders.Add(holder, isShared);
            return Task.CompletedTask;
        }

        var waiting = new Waiting(holder, isShared);
        entry.Waiting.Add(waiting);
        holder.WaitsFor = entry;
        if (!IsCircle(holder, holder, []))
        {
            return waiting.Turn.Task;
        }

        Deadlocks++;
        entry.Waiting.Remove(waiting);
        holder.WaitsFor = null;
        throw new PostgresException("deadlock detected", "ERROR", "ERROR", PostgresErrorCodes.DeadlockDetected);
    }

    /// <summary>Returns whether somebody else has the lock.</summary>
    public bool IsTaken(Holder holder, object key) => _entries.TryGetValue(key, out var entry) && entry.Holders.Keys.Any(other => other != holder);

    /// <summary>Ends a transaction: what it held is for those who wait.</summary>
    public void Release(Holder holder)
    {
        foreach (var key in holder.Keys)
        {
            var entry = _entries[key];
            entry.Holders.Remove(holder);
            entry.Waiting.RemoveAll(one => one.Holder == holder);
            while (entry.Waiting is [var next, ..] && entry.Admits(next.IsShared))
            {
                entry.Waiting.RemoveAt(0);
                entry.Holders.Add(next.Holder, next.IsShared);
                next.Holder.WaitsFor = null;
                next.Turn.SetResult();
            }

            if (entry is { Holders.Count: 0, Waiting.Count: 0 })
            {
                _entries.Remove(key);
            }
        }

        holder.Keys.Clear();
    }

    private static bool IsCircle(Holder from, Holder target, HashSet<Holder> seen) =>
        from.WaitsFor is { } entry && entry.Holders.Keys.Concat(entry.Waiting.TakeWhile(one => one.Holder != from).Select(one => one.Holder))
            .Any(other => other == target || (seen.Add(other) && IsCircle(other, target, seen)));

    /// <summary>A transaction, as far as locks go.</summary>
    public sealed class Holder
    {
        public List<object> Keys { get; } = [];

        public Entry? WaitsFor { get; set; }
    }

    public sealed class Entry
    {
        public Dictionary<Holder, bool> Holders { get; } = [];

        public List<Waiting> Waiting { get; } = [];

        public bool Admits(bool isShared) => Holders.Count == 0 || (isShared && Holders.Values.All(each => each));
    }

    public sealed record Waiting(Holder Holder, bool IsShared)
    {
        public TaskCompletionSource Turn { get; } = new();
    }
}
