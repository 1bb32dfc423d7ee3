using Seedance.Journal;

namespace Seedance.Runs;

/// <summary>The list that a run queues its requests in, made with the first of them.</summary>
internal sealed class QueuedList
{
    private readonly IRunnerJournal _journal;
    private readonly string _name;
    private readonly Lazy<Task> _creation;

    private QueuedList(IRunnerJournal journal, string name, bool mayExist)
    {
        (_journal, _name) = (journal, name);
        _creation = new Lazy<Task>(() => CreateAsync(mayExist));
    }

    /// <summary>Returns the list of that name; null if a run sends its requests itself.</summary>
    /// <exception cref="SeedanceException">The journal has no lists.</exception>
    public static QueuedList? Find(IJournal journal, string? name, bool mayExist) =>
        name is null ? null : new QueuedList(journal as IRunnerJournal ?? throw QueueErrors.NoQueue(journal.Name), name, mayExist);

    /// <summary>Makes the list, if that is not done yet.</summary>
    /// <exception cref="SeedanceException">There is one of that name.</exception>
    public Task CreateAsync() => _creation.Value;

    /// <summary>Queues a request. Returns the places of rows that another one has taken meanwhile; nothing is queued then.</summary>
    public async Task<IReadOnlyList<int>> EnqueueAsync(JournalIntent intent, QueuedPayload payload)
    {
        await CreateAsync();
        return await _journal.EnqueueAsync(_name, intent, payload.ToJson(), CancellationToken.None);
    }

    private async Task CreateAsync(bool mayExist)
    {
        if (!await _journal.CreateListAsync(_name, mayExist, CancellationToken.None))
        {
            throw QueueErrors.ListExists(_name);
        }
    }
}
