namespace Seedance.Sandbox.Faults;

/// <summary>The orders that strike one task. Where two set the same, the later one holds.</summary>
internal readonly struct TaskFaults(IReadOnlyList<TaskFault> faults)
{
    private readonly IReadOnlyList<TaskFault>? _faults = faults.Count == 0 ? null : faults;

    public T? Find<T>(Func<TaskFault, T?> select)
        where T : struct
    {
        for (var index = (_faults?.Count ?? 0) - 1; index >= 0; index--)
        {
            if (select(_faults![index]) is { } value)
            {
                return value;
            }
        }
        return null;
    }

    public string? Find(Func<TaskFault, string?> select) => _faults?.Select(select).LastOrDefault(value => value is not null);

    public bool Any(Func<TaskFault, bool?> select) => Find(select) == true;

    public int Count(Func<TaskFault, int?> select) => Find(select) ?? 0;

    /// <summary>The changes of names by all orders, one after the other.</summary>
    public IEnumerable<NameChange> NameChanges => _faults?.SelectMany(fault => fault.NameChanges ?? []) ?? [];
}
