using System.Globalization;
using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// The bar of a run: how many rows are done, how many of them failed, how fast it goes, and how long the rest will take.
/// Rows are counted on one thread and shown on another.
/// </summary>
/// <param name="id">The bar's place among those of the session.</param>
/// <param name="activity">What is going on.</param>
/// <param name="unit">What is counted, such as <c>rows</c>.</param>
/// <param name="time">The clock.</param>
internal sealed class RowProgress(int id, string activity, string unit, TimeProvider time)
{
    private readonly object _counts = new();
    private readonly long _began = time.GetTimestamp();
    private int _total;
    private int _done;
    private int _failed;
    private bool _isTotalKnown;
    private TimeSpan _endsAt;
    private TimeSpan _expectedAt;

    private TimeSpan Elapsed => time.GetElapsedTime(_began);

    /// <summary>Counts rows that are still to be done.</summary>
    public void AddTotal(int rows)
    {
        lock (_counts)
        {
            _total += rows;
        }
    }

    /// <summary>Takes note that no more rows come: what is left of them is known from now on.</summary>
    public void CompleteTotal()
    {
        lock (_counts)
        {
            _isTotalKnown = true;
            Extrapolate();
        }
    }

    /// <summary>Counts rows that are done, those that failed among them.</summary>
    public void Add(int done, int failed)
    {
        lock (_counts)
        {
            _done = Math.Min(_done + done, _total);
            _failed += failed;
            Extrapolate();
        }
    }

    /// <summary>Takes in what else tells how long the rest will take; null if nothing does.</summary>
    public void Expect(TimeSpan? left)
    {
        lock (_counts)
        {
            _expectedAt = left is { } span ? Elapsed + span : TimeSpan.Zero;
        }
    }

    /// <summary>Returns what the bar shows now.</summary>
    public ProgressRecord ToRecord()
    {
        lock (_counts)
        {
            var failed = _failed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {_failed:N0} failed") : string.Empty;
            return new ProgressRecord(id, activity, string.Create(CultureInfo.InvariantCulture, $"{_done:N0} of {_total:N0} {unit} done{failed}{Rate()}"))
            {
                PercentComplete = _isTotalKnown && _total > 0 ? (int)(100L * _done / _total) : -1,
                SecondsRemaining = SecondsLeft(),
            };
        }
    }

    // At this rate, as of the last row that was done: a straggler does not stay a second away from its end for minutes.
    private void Extrapolate() => _endsAt = _isTotalKnown && _done > 0 ? Elapsed + (Elapsed / _done * (_total - _done)) : TimeSpan.Zero;

    private int SecondsLeft()
    {
        var end = _endsAt > _expectedAt ? _endsAt : _expectedAt;
        var left = (end - Elapsed).TotalSeconds;
        return _isTotalKnown && _done < _total && left >= 1 ? (int)Math.Min(left, int.MaxValue) : -1;
    }

    private string Rate()
    {
        if (_done == 0 || Elapsed < TimeSpan.FromSeconds(1))
        {
            return string.Empty;
        }

        var perMinute = _done / Elapsed.TotalMinutes;
        var (rate, span) = perMinute >= 600 ? (perMinute / 60, "a second") : perMinute >= 1 ? (perMinute, "a minute") : (perMinute * 60, "an hour");
        return string.Create(CultureInfo.InvariantCulture, $", {rate:N0} {span}");
    }
}
