using System.Collections.Concurrent;

namespace Seedance.Runs;

/// <summary>Counts what failed before for a reason that does not pass by itself, and is not sent again: it is told once for all of it.</summary>
internal sealed class LastingFailures
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Takes in a row or an order.</summary>
    public void Add(JournalMatch match) => _counts.AddOrUpdate(match.Code ?? "no code", 1, (_, count) => count + 1);

    /// <summary>Returns what to say of them; null if there are none.</summary>
    public SubmitWarning? Summarize() => _counts.IsEmpty ? null : new SubmitWarning(
        $"{_counts.Values.Sum()} row(s) failed before for a reason that does not pass by itself ({string.Join(", ", _counts.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}: {one.Value}"))}) and were not sent again. "
        + "Correct what is wrong with them; what was corrected at the same address, or is to be tried as it is, goes with -RetryFailed -Force.");
}
