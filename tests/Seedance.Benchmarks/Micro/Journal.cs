using BenchmarkDotNet.Attributes;

namespace Seedance.Benchmarks.Micro;

/// <summary>Writing the journal, without the disk, and reading it again.</summary>
[InProcess]
[MemoryDiagnoser]
public class Journal
{
    private const int Requests = 1000;
    private static readonly JournalAccount s_account = new("bench");

    private readonly MemoryJournalFile _written = new();
    private FileJournal _journal = null!;
    private IReadOnlyList<JournalIntent> _intents = null!;

    /// <summary>A journal of <see cref="Requests"/> requests of twenty rows, each accepted and ended.</summary>
    [GlobalSetup]
    public async Task SetUp()
    {
        _intents = [.. Enumerable.Range(0, Requests).Select(i => Samples.Intent(i, 20))];
        _journal = new FileJournal(_written, s_account, TimeProvider.System);
        foreach (var (i, intent) in _intents.Index())
        {
            await _journal.BeginAsync(intent, default);
            await _journal.EndAsync(new JournalOutcome { IntentId = intent.IntentId, State = JournalState.Accepted, TaskId = $"task_{i}", GroupId = "group_1" }, default);
            await _journal.RecordFinalAsync(JournalMaker.Ended(Samples.Task(20) with { TaskId = $"task_{i}" }), default);
        }
    }

    /// <summary>Intents that come at once, and so share writes; for each.</summary>
    [Benchmark(OperationsPerInvoke = Requests)]
    public async Task Append()
    {
        var journal = new FileJournal(new MemoryJournalFile(), s_account, TimeProvider.System);
        await Task.WhenAll(_intents.Select(intent => journal.BeginAsync(intent, default).AsTask()));
    }

    /// <summary>Every asset of the journal; for each request.</summary>
    [Benchmark(OperationsPerInvoke = Requests)]
    public int Recall() => new JournalHistory(_written, s_account).ReadAssets(JournalQuery.All).Count();

    /// <summary>What -Resume knows of every row; for each request.</summary>
    [Benchmark(OperationsPerInvoke = Requests)]
    public async Task<int> Find()
    {
        var journal = new FileJournal(_written, s_account, TimeProvider.System);
        var found = 0;
        foreach (var intent in _intents)
        {
            found += (await journal.FindAsync([.. intent.Rows.Select(row => row.Key)], default)).Count(match => match is { State: JournalState.Accepted });
        }

        return found == Requests * 20 ? found : throw new InvalidOperationException($"{found} rows found.");
    }
}
