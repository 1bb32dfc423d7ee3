namespace Seedance;

/// <summary>
/// When to look at a task next. Tasks of one kind take alike: the lately finished ones say where in time the next look
/// is worth most, so that the looks share the likely ends evenly among them. Until one has finished, a few tasks go ahead
/// and are looked at often, for the others to learn from.
/// </summary>
internal sealed class PollSchedule(TimeSpan? fixedInterval = null)
{
    private const int Remembered = 64;
    private const int Enough = 3;
    private const int Scouts = 4;
    private const double LooksPerSpread = 6;

    private static readonly TimeSpan s_firstLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    private readonly Dictionary<TaskKind, Lately> _kinds = [];

    /// <summary>How long after <paramref name="age"/> a task of this age is to be looked at.</summary>
    /// <param name="kind">The task's kind.</param>
    /// <param name="age">How long it has been under way.</param>
    /// <param name="estimate">How long the server expects it to take in all.</param>
    /// <param name="order">The task's place among those of its wait, from 0.</param>
    public TimeSpan Next(TaskKind kind, TimeSpan age, TimeSpan? estimate, int order)
    {
        if (fixedInterval is { } interval)
        {
            return interval;
        }

        var lately = _kinds.GetValueOrDefault(kind);
        var look = lately is { Count: >= Enough }
            ? lately.NextLook(age)
            : Unlearned(age, estimate, isScout: order < Scouts);
        var wait = look - age;
        return wait < s_shortest ? s_shortest : wait > s_longest ? s_longest : wait;
    }

    /// <summary>Takes in how long a task took, as nearly as the looks at it tell.</summary>
    public void Learn(TaskKind kind, TimeSpan took)
    {
        if (!_kinds.TryGetValue(kind, out var lately))
        {
            _kinds[kind] = lately = new Lately();
        }

        lately.Add(took);
    }

    /// <summary>How long tasks of this kind have lately taken, the middle one; null if none has ended.</summary>
    public TimeSpan? Typical(TaskKind kind) => _kinds.TryGetValue(kind, out var lately) ? lately.Middle : null;

    private static TimeSpan Unlearned(TimeSpan age, TimeSpan? estimate, bool isScout)
    {
        // An estimate is an average: some tasks end in half of it.
        var first = estimate is { Ticks: > 0 } guess ? guess / 2 : s_firstLook;
        if (age < first)
        {
            return first;
        }

        return age * (isScout ? 1.15 : 1.35);
    }

    /// <summary>The durations of the last tasks, kept in order.</summary>
    private sealed class Lately
    {
        private readonly Queue<TimeSpan> _inOrderOfEnd = new();
        private readonly List<TimeSpan> _sorted = [];

        public int Count => _sorted.Count;

        public TimeSpan Middle => _sorted[_sorted.Count / 2];

        public void Add(TimeSpan took)
        {
            _inOrderOfEnd.Enqueue(took);
            var at = _sorted.BinarySearch(took);
            _sorted.Insert(at < 0 ? ~at : at, took);
            if (_sorted.Count > Remembered)
            {
                _sorted.RemoveAt(_sorted.BinarySearch(_inOrderOfEnd.Dequeue()));
            }
        }

        public TimeSpan NextLook(TimeSpan age)
        {
            var shortest = _sorted[0];
            var longest = _sorted[^1];
            var step = (longest - shortest) / LooksPerSpread;
            var least = longest / 30;
            step = step < least ? least : step;
            return age < shortest ? shortest + (step / 2)
                : age < longest ? age + step
                : age * 1.15;
        }
    }
}
