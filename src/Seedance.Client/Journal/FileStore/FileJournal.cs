namespace Seedance.Journal.FileStore;

/// <summary>The journal as an append-only file of JSON lines, shared by all processes of an account.</summary>
internal sealed class FileJournal : IJournal
{
    private readonly IJournalFile _file;
    private readonly string _account;
    private readonly TimeProvider _time;
    private readonly JournalReader _reader;
    private readonly JournalWriter _writer;

    public FileJournal(IJournalFile file, string account, TimeProvider time)
    {
        _file = file;
        _account = account;
        _time = time;
        _reader = new JournalReader(file, account);
        _writer = new JournalWriter(file, _reader, time);
    }

    public string Name => _file.Name;

    public ValueTask<IReadOnlyList<int>> BeginAsync(JournalIntent intent, bool claim, CancellationToken cancellationToken) => new(_writer.AppendAsync(
        new JournalLine
        {
            Type = JournalLineType.Intent,
            Intent = intent.IntentId,
            At = _time.GetUtcNow(),
            Account = _account,
            Kind = intent.Kind,
            Group = intent.Group,
            Project = intent.ProjectName,
            AssetType = intent.AssetType,
            Rows = [.. intent.Rows.Select(row => new JournalLine.LineRow { Key = JournalLine.LineRow.Format(row.Key.Material), Name = row.Name, Url = row.SourceUrl })],
        },
        claim ? intent.Rows : null));

    public ValueTask EndAsync(JournalOutcome outcome, CancellationToken cancellationToken) => new(_writer.AppendAsync(new JournalLine
    {
        Type = JournalLineType.Outcome,
        Intent = outcome.IntentId,
        At = _time.GetUtcNow(),
        State = outcome.State,
        Task = outcome.TaskId,
        GroupId = outcome.GroupId,
        Message = outcome.Message,
    }));

    public ValueTask RecordFinalAsync(SeedanceTask task, CancellationToken cancellationToken) =>
        new(_writer.AppendAsync(JournalMapper.Final(task, _account, _time.GetUtcNow())));

    public ValueTask RecordUploadAsync(JournalUpload upload, CancellationToken cancellationToken) => new(_writer.AppendAsync(new JournalLine
    {
        Type = JournalLineType.Upload,
        At = _time.GetUtcNow(),
        Account = _account,
        Hash = upload.ContentHash,
        Url = upload.Url,
        Path = upload.Path,
        Expires = upload.ExpiresAt,
    }));

    public ValueTask<JournalUpload?> FindUploadAsync(string contentHash, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_reader.FindUpload(contentHash));

    public ValueTask<IReadOnlyList<JournalMatch?>> FindAsync(IReadOnlyList<JournalKey> keys, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_reader.Find(keys));

    public ValueTask<SeedanceTask?> FindTaskAsync(string taskId, CancellationToken cancellationToken) => ValueTask.FromResult(_reader.FindTask(taskId));

    public IEnumerable<SeedanceTask> ReadTasks() => JournalHistory.Tasks(_file, _account);

    public IEnumerable<SeedanceAsset> ReadAssets() => JournalHistory.Assets(_file, _account);

    public JournalNames ReadNames() => JournalTail.Read(_file, _account);

    public async ValueTask DisposeAsync()
    {
        await _writer.DrainAsync();
        await _file.DisposeAsync();
    }
}
