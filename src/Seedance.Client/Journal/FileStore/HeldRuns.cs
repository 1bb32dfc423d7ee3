namespace Seedance.Journal.FileStore;

/// <summary>Which runs are still going. Each answer is a call of the system, so it is asked once a look-up, and no more when a run is over.</summary>
internal sealed class HeldRuns(IJournalFile file)
{
    private readonly HashSet<string> _held = new(StringComparer.Ordinal);

    // A run is held before it is recorded, so that one which is over never comes back.
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);

    /// <summary>Begins a look-up: whatever was still going may be over.</summary>
    public void Refresh() => _held.Clear();

    /// <summary>Returns whether the run that is held at a place is still going.</summary>
    public bool IsHeld(string place)
    {
        if (!_held.Contains(place) && !_ended.Contains(place))
        {
            (file.IsRunHeld(place) ? _held : _ended).Add(place);
        }

        return _held.Contains(place);
    }
}
