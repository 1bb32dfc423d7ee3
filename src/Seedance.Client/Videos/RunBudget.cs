namespace Seedance.Videos;

/// <summary>The most that a run of orders may cost. What is on its way counts, and so does what may have been accepted.</summary>
internal sealed class RunBudget(decimal most)
{
    private readonly object _gate = new();
    private decimal _committed;
    private VideoRequest? _refused;
    private int _refusals;

    /// <summary>Sets aside what an order costs at most. Once one does not fit, nothing more is ordered, however cheap.</summary>
    public bool TryReserve(VideoRequest request, decimal cost)
    {
        lock (_gate)
        {
            if (_refused is null && _committed + cost <= most)
            {
                _committed += cost;
                return true;
            }

            _refused ??= request;
            _refusals++;
            return false;
        }
    }

    /// <summary>Gives back what an order surely did not cost.</summary>
    public void Release(decimal cost)
    {
        lock (_gate)
        {
            _committed -= cost;
        }
    }

    /// <summary>Returns what is to be said of the orders that did not fit; null if all did.</summary>
    public BudgetReached? Complete()
    {
        lock (_gate)
        {
            return _refused is null ? null : new BudgetReached(_refusals, VideoErrors.BudgetReached(_refused, _refusals, _committed, most));
        }
    }
}
