using System.Runtime.CompilerServices;

namespace Seedance.Journal.FileStore;

/// <summary>The journal as an append-only file of JSON lines, shared by all processes of an account.</summary>
internal sealed class FileJournal : IJournal, IJournalArchive
{
    private readonly IJournalFile _file;
    private readonly JournalAccount _account;
    private readonly TimeProvider _time;
    private readonly JournalReader _reader;
    private readonly JournalWriter _writer;
    private readonly FileArchive _archive;

    public FileJournal(IJournalFile file, JournalAccount account, TimeProvider time, long offsetsStep = JournalReader.OffsetsStep)
    {
        _file = file;
        _account = account;
        _time = time;
        _reader = new JournalReader(file, account, offsetsStep);
        _writer = new JournalWriter(file, _reader, account, time);
        _archive = new FileArchive(file, account, _reader.Forget, time);
    }

    public string Name => _file.Name;

    public async ValueTask<IAsyncDisposable> BeginRunAsync(JournalRun run, CancellationToken cancellationToken)
    {
        // Held before it is written: whoever reads of the run finds it going.
        var (hold, place) = HoldRun(run.RunId);
        try
        {
            await _writer.AppendAsync(JournalMapper.Run(run, _account.Name, _time.GetUtcNow(), place));
            return new RunLease(hold);
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    public ValueTask EndRunAsync(JournalRunEnd runEnd, CancellationToken cancellationToken) =>
        new(_writer.AppendAsync(JournalMapper.RunEnd(runEnd, _time.GetUtcNow())));

    public ValueTask<IReadOnlyList<int>> BeginAsync(JournalIntent intent, CancellationToken cancellationToken) =>
        new(_writer.AppendAsync(JournalMapper.Intent(intent, _account.Name, _time.GetUtcNow()), intent.Rows));

    public ValueTask EndAsync(JournalOutcome outcome, CancellationToken cancellationToken) =>
        new(_writer.AppendAsync(JournalMapper.Outcome(outcome, _time.GetUtcNow())));

    public async ValueTask<bool> SettleAsync(string intentId, SeedanceTask task, CancellationToken cancellationToken) =>
        (await _writer.AppendAsync(JournalMapper.Settled(intentId, task, _account.Name, _time.GetUtcNow()))).Count == 0;

    public ValueTask RecordFinalAsync(SeedanceTask task, CancellationToken cancellationToken) =>
        new(_writer.AppendAsync(JournalMapper.Final(task, _account.Name, _time.GetUtcNow())));

    public async ValueTask RecordChangesAsync(IReadOnlyList<JournalAssetChange> changes, CancellationToken cancellationToken) =>
        await _writer.AppendAsync(JournalMapper.Changes(changes, _account.Name, _time.GetUtcNow()));

    public ValueTask RecordUploadAsync(JournalUpload upload, CancellationToken cancellationToken) =>
        new(_writer.AppendAsync(JournalMapper.Upload(upload, _account.Name, _time.GetUtcNow())));

    public ValueTask<JournalUpload?> FindUploadAsync(string contentHash, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_reader.FindUpload(contentHash));

    public ValueTask<long> GetPositionAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_reader.GetPosition());

    public ValueTask<IReadOnlyList<JournalMatch?>> FindAsync(IReadOnlyList<JournalKey> keys, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_reader.Find(keys));

    public ValueTask<IReadOnlyList<SeedanceTask?>> FindTasksAsync(IReadOnlyList<string> taskIds, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_reader.FindTasks(taskIds));

    public IAsyncEnumerable<JournalOpenRequest> ReadOpenAsync(CancellationToken cancellationToken = default) =>
        Enumerate(_reader.ReadOpen(), cancellationToken);

    public IAsyncEnumerable<JournalIntent> ReadWithoutTaskAsync(string runId, CancellationToken cancellationToken = default) =>
        Enumerate(new JournalHistory(_file, _account).ReadWithoutTask(runId), cancellationToken);

    public IAsyncEnumerable<SeedanceTask> ReadTasksAsync(JournalQuery query, CancellationToken cancellationToken = default) =>
        Enumerate(new JournalHistory(_file, _account).ReadTasks(query), cancellationToken);

    public IAsyncEnumerable<SeedanceAsset> ReadAssetsAsync(JournalQuery query, CancellationToken cancellationToken = default) =>
        Enumerate(new JournalHistory(_file, _account).ReadAssets(query), cancellationToken);

    public IAsyncEnumerable<Run> ReadRunsAsync(JournalQuery query, CancellationToken cancellationToken = default) =>
        Enumerate(new RunHistory(_file, _account, _time).ReadRuns(query), cancellationToken);

    public ValueTask<JournalTransfer> ExportAsync(string path, bool canOverwrite, CancellationToken cancellationToken) =>
        _archive.ExportAsync(path, canOverwrite, cancellationToken);

    public ValueTask<JournalTransfer> ImportAsync(string path, string? accountName, bool isRehearsal, CancellationToken cancellationToken) =>
        _archive.ImportAsync(path, accountName, isRehearsal, cancellationToken);

    public ValueTask<JournalTransfer> ClearAsync(DateTimeOffset before, bool isRehearsal, CancellationToken cancellationToken) =>
        _archive.ClearAsync(before, isRehearsal, cancellationToken);

    public JournalNames ReadNames() => JournalTail.Read(_file, _account);

    public async ValueTask DisposeAsync()
    {
        await _writer.DrainAsync();
        _reader.Dispose();
    }

    private (IDisposable Hold, string Place) HoldRun(string runId)
    {
        try
        {
            return _file.HoldRun(runId);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw JournalErrors.NotWritable(Name, e);
        }
    }

    private static async IAsyncEnumerable<T> Enumerate<T>(IEnumerable<T> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var item in items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return item;
        }
    }

    private sealed class RunLease(IDisposable hold) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            hold.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
