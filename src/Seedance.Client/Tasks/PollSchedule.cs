namespace Seedance.Tasks;

/// <summary>
/// When to look at a task next. Tasks of one kind take alike, so every look at one tells something of the others. Until
/// the first has ended, a few tasks go ahead and are looked at often; the rest waits for what they find.
/// </summary>
internal sealed class PollSchedule(TimeSpan? fixedInterval = null)
{
    private const int Remembered = 64;
    private const int Scouts = 4;
    private const double ScoutStep = 1.18;
    private const double WaitingStep = 4;

    private static readonly TimeSpan s_firstLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);

    private readonly Dictionary<TaskKind, Lately> _kinds = [];

    /// <summary>How long after <paramref name="age"/> a task that had not ended by then is to be looked at.</summary>
    /// <param name="kind">The task's kind.</param>
    /// <param name="age">How long it had been under way at the last look; zero before the first.</param>
    /// <param name="estimate">How long the server expects it to take in all.</param>
    /// <param name="order">The task's place among those of its wait, from 0.</param>
    public TimeSpan Next(TaskKind kind, TimeSpan age, TimeSpan? estimate, int order)
    {
        if (fixedInterval is { } interval)
        {
            return interval;
        }

        // The golden section parts the tasks evenly, however many there are.
        var phase = (0.5 + (order * 0.618034)) % 1;
        var look = _kinds.GetValueOrDefault(kind) is { Ends: > 0 } lately
            ? lately.Rates.NextLook(age, phase)
            : Unlearned(age, estimate, isScout: order < Scouts, phase);
        var wait = look - age;
        return wait < s_shortest ? s_shortest : wait > s_longest ? s_longest : wait;
    }

    /// <summary>Takes in what a look told: between two ages, a task ended, or it did not.</summary>
    /// <returns>True if that is news enough to look at the others at other times than planned.</returns>
    public bool Learn(TaskKind kind, TimeSpan from, TimeSpan to, bool hasEnded)
    {
        if (!_kinds.TryGetValue(kind, out var lately))
        {
            _kinds[kind] = lately = new Lately();
        }

        lately.Rates.Add(from, to, hasEnded);
        if (!hasEnded)
        {
            return false;
        }

        lately.Add((from + to) / 2);
        return System.Numerics.BitOperations.IsPow2(lately.Ends);
    }

    /// <summary>How long tasks of this kind have lately taken, the middle one; null if none has ended.</summary>
    public TimeSpan? Typical(TaskKind kind) => _kinds.TryGetValue(kind, out var lately) ? lately.Middle : null;

    private static TimeSpan Unlearned(TimeSpan age, TimeSpan? estimate, bool isScout, double phase)
    {
        // An estimate is an average: some tasks end in a third of it.
        var first = estimate is { Ticks: > 0 } guess ? guess / 3 : s_firstLook;
        first = isScout ? first : first * (estimate is null ? 2 + (2 * phase) : 1 + (phase / 2));
        return age < first ? first : age * (isScout ? ScoutStep : 2 + (WaitingStep * phase));
    }

    /// <summary>What is known of one kind.</summary>
    private sealed class Lately
    {
        private readonly Queue<TimeSpan> _durations = new();

        public CompletionRate Rates { get; } = new();

        /// <summary>How many have ended so far.</summary>
        public int Ends { get; private set; }

        public TimeSpan? Middle => _durations.Count == 0 ? null : _durations.Order().ElementAt(_durations.Count / 2);

        public void Add(TimeSpan took)
        {
            Ends++;
            _durations.Enqueue(took);
            if (_durations.Count > Remembered)
            {
                _durations.Dequeue();
            }
        }
    }
}
