using Seedance.Assets;

namespace Seedance.Reports;

/// <summary>Takes in what a report shows, and shows each row once: with its run, its task, as an asset, in its table, or by its error.</summary>
/// <param name="blocks">Where rows are written.</param>
/// <param name="includeThumbnails">False where no picture is shown.</param>
/// <param name="journal">What knows how often rows were sent, and what became of those of a table; null if nothing does.</param>
/// <param name="matchBy">By what a row without an id is known again.</param>
internal sealed class ReportContent(RowBlocks blocks, bool includeThumbnails, IJournal? journal, MatchBy matchBy)
{
    // Thumbnails travel with the rows that wait.
    private const int MaxWaiting = 64;

    private readonly List<(ReportRow Row, JournalKey? Key)> _waiting = [];
    private readonly List<(AssetSource Source, SeedanceException? Error)> _table = [];
    private readonly Dictionary<Place, (AssetSource Source, SeedanceException Error)> _errors = [];
    private readonly HashSet<Place> _withoutTask = [];

    // The rows of each task that are shown by their places; null where all are.
    private readonly Dictionary<string, HashSet<int>?> _tasks = new(StringComparer.Ordinal);
    private (string TaskId, IReadOnlyList<AssetSource> Sources) _recorded = (string.Empty, []);

    /// <summary>What is known of the report as a whole.</summary>
    public ReportFacts Facts { get; } = new();

    /// <summary>Why the journal did not tell how often rows were sent; null if it did, or nobody asked.</summary>
    public SeedanceException? JournalFailure { get; private set; }

    /// <summary>Adds a run, with those of its tasks that are given and what it sent that has no task.</summary>
    public async Task AddAsync(Run run, IAsyncEnumerable<SeedanceTask> tasks, CancellationToken cancellationToken)
    {
        var shown = new Dictionary<ReportRowState, long>();
        await foreach (var task in tasks.WithCancellation(cancellationToken))
        {
            Facts.AddGroup(task);
            await ShowAsync(task, Count, cancellationToken);
        }

        await foreach (var intent in journal?.ReadWithoutTaskAsync(run.RunId, cancellationToken) ?? Nothing())
        {
            var matches = await journal!.FindAsync([.. intent.Rows.Select(row => row.Key)], cancellationToken);
            for (var i = 0; i < matches.Count; i++)
            {
                // What a later request has settled is that one's row.
                if (matches[i] is { } match && match.IntentId == intent.IntentId)
                {
                    var row = intent.Kind == TaskKind.Video
                        ? ReportRows.From(intent.Rows[i].Source, match, includeThumbnails: false) with { Type = ReportRowType.GeneratedVideo }
                        : ReportRows.From(intent.Rows[i].Source, match, includeThumbnails);
                    Count(row);
                    if (_withoutTask.Add(PlaceOf(intent.Rows[i].Key, intent.Rows[i].Source)))
                    {
                        await WriteAsync(row, null, cancellationToken);
                    }
                }
            }
        }

        Facts.Add(run, shown);

        void Count(ReportRow row) => shown[row.State] = shown.GetValueOrDefault(row.State) + 1;
    }

    /// <summary>Adds the rows of a task.</summary>
    public ValueTask AddAsync(SeedanceTask task, CancellationToken cancellationToken)
    {
        AddFacts(task);
        return ShowAsync(task, null, cancellationToken);
    }

    /// <summary>Adds an asset.</summary>
    public async ValueTask AddAsync(SeedanceAsset asset, CancellationToken cancellationToken)
    {
        Facts.Add(asset);
        var sources = asset.Source is { RecordedHash: not null } source ? [source] : await RecordedAsync(asset.TaskId, cancellationToken);
        await WriteAsync(
            ReportRows.From(asset, includeThumbnails),
            sources.Count == 1 ? KeyOf(sources[0]) : sources.ElementAtOrDefault(asset.SourceIndex) is { } recorded ? KeyOf(recorded) : null, cancellationToken);
    }

    /// <summary>Adds a row.</summary>
    public ValueTask AddAsync(ReportRow row, CancellationToken cancellationToken) => WriteAsync(row, null, cancellationToken);

    /// <summary>Adds a row of a table.</summary>
    /// <param name="source">The row.</param>
    /// <param name="error">What speaks against it; null if it can be sent.</param>
    /// <param name="cancellationToken">Calls it off.</param>
    public async ValueTask AddAsync(AssetSource source, SeedanceException? error, CancellationToken cancellationToken)
    {
        _table.Add((source, error));
        if (_table.Count >= Math.Min(journal?.PreferredLookupSize ?? 1, MaxWaiting))
        {
            await EndTableAsync(cancellationToken);
        }
    }

    /// <summary>Adds an error about a row. It is shown at the end, unless the row has come to more by then.</summary>
    public void AddError(AssetSource source, SeedanceException error) => _errors[PlaceOf(KeyOf(source), source)] = (source, error);

    /// <summary>Shows what was held back: <see cref="Facts"/> are whole then.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await EndTableAsync(cancellationToken);
        foreach (var (source, error) in _errors.Values.ToList())
        {
            await AddAsync(source, error, cancellationToken);
        }

        await EndTableAsync(cancellationToken);
        await WriteWaitingAsync(cancellationToken);
    }

    private async ValueTask ShowAsync(SeedanceTask task, Action<ReportRow>? count, CancellationToken cancellationToken)
    {
        var isKnown = _tasks.TryGetValue(task.TaskId, out var shown);
        if (isKnown && shown is null && count is null)
        {
            return;
        }

        var sources = task.Sources.Count > 0 && task.Sources[0].RecordedHash is null ? await RecordedAsync(task.TaskId, cancellationToken) : task.Sources;
        var place = 0;
        foreach (var row in ReportRows.From(task, includeThumbnails))
        {
            count?.Invoke(row);
            if (!isKnown || shown?.Contains(place) == false)
            {
                await WriteAsync(row, sources.ElementAtOrDefault(place) is { } source ? KeyOf(source) : null, cancellationToken);
            }

            place++;
        }

        _tasks[task.TaskId] = null;
    }

    private async Task EndTableAsync(CancellationToken cancellationToken)
    {
        if (_table.Count == 0)
        {
            return;
        }

        var keys = _table.ConvertAll(row => KeyOf(row.Source));
        var matches = journal is null ? new JournalMatch?[keys.Count] : await journal.FindAsync(keys, cancellationToken);
        var ids = matches.Select(match => match?.TaskId).OfType<string>().Distinct().ToList();
        var tasks = ids.Count == 0 ? [] : (await journal!.FindTasksAsync(ids, cancellationToken)).OfType<SeedanceTask>().ToDictionary(task => task.TaskId, StringComparer.Ordinal);
        for (var i = 0; i < keys.Count; i++)
        {
            var (source, error) = _table[i];
            if (matches[i] is { TaskId: { } taskId } match && tasks.GetValueOrDefault(taskId) is { } task && Find(task, keys[i]) is >= 0 and var place)
            {
                await ShowOneAsync(task, place, source, match, cancellationToken);
            }
            else if (PlaceOf(keys[i], source) is var one && _withoutTask.Add(one))
            {
                // What was said of the row when it was to be sent says more than that it was not.
                error ??= matches[i] is null or { State: JournalState.Unsent } && _errors.TryGetValue(one, out var told) ? told.Error : null;
                var row = error is null ? ReportRows.From(source, matches[i], includeThumbnails) : ReportRows.From(source, error, includeThumbnails) with { Tries = matches[i]?.Requests };
                await WriteAsync(row, null, cancellationToken);
                Facts.Find(row.State);
            }

            _errors.Remove(PlaceOf(keys[i], source));
        }

        _table.Clear();
    }

    // The row at hand has the whole address and all its columns; the journal has what became of it.
    private async ValueTask ShowOneAsync(SeedanceTask task, int place, AssetSource source, JournalMatch match, CancellationToken cancellationToken)
    {
        if (_tasks.TryGetValue(task.TaskId, out var shown) && (shown is null || shown.Contains(place)))
        {
            return;
        }

        if (shown is null)
        {
            AddFacts(task);
            _tasks[task.TaskId] = shown = [];
        }

        shown.Add(place);
        var given = ReportRows.Described(source, includeThumbnails);
        var row = ReportRows.From(task, includeThumbnails: false).ElementAt(place);
        row = row with
        {
            Row = given.Row ?? row.Row,
            KeptColumns = source.Kept is null ? row.KeptColumns : given.KeptColumns,
            Thumbnail = given.Thumbnail,
            Tries = match.Requests,
        };
        await WriteAsync(row, null, cancellationToken);
        Facts.Find(row.State);
    }

    private void AddFacts(SeedanceTask task)
    {
        if (!_tasks.ContainsKey(task.TaskId))
        {
            Facts.Add(task);
        }
    }

    private async ValueTask WriteAsync(ReportRow row, JournalKey? key, CancellationToken cancellationToken)
    {
        Facts.Count(row);
        _waiting.Add((row, key));
        if (_waiting.Count >= MaxWaiting)
        {
            await WriteWaitingAsync(cancellationToken);
        }
    }

    private async Task WriteWaitingAsync(CancellationToken cancellationToken)
    {
        var keys = _waiting.Select(one => one.Key).OfType<JournalKey>().ToList();
        var matches = keys.Count == 0 ? [] : await TryAsync(known => known.FindAsync(keys, cancellationToken));
        var next = 0;
        foreach (var (row, key) in _waiting)
        {
            var match = key is null || matches.Count == 0 ? null : matches[next++];
            await blocks.AddAsync(match is null ? row : row with { Tries = match.Requests }, cancellationToken);
        }

        _waiting.Clear();
    }

    // Tasks and assets that travelled have lost what the journal knows their rows by.
    private async ValueTask<IReadOnlyList<AssetSource>> RecordedAsync(string taskId, CancellationToken cancellationToken)
    {
        if (taskId.Length > 0 && _recorded.TaskId != taskId)
        {
            _recorded = (taskId, await TryAsync<AssetSource>(async known => (await known.FindTaskAsync(taskId, cancellationToken))?.Sources ?? []));
        }

        return _recorded.TaskId == taskId ? _recorded.Sources : [];
    }

    // What is shown anyway is not lost for how often it was sent.
    private async ValueTask<IReadOnlyList<T>> TryAsync<T>(Func<IJournal, ValueTask<IReadOnlyList<T>>> lookUpAsync)
    {
        try
        {
            return journal is null || JournalFailure is not null ? [] : await lookUpAsync(journal);
        }
        catch (SeedanceException e) when (e.Kind is SeedanceErrorKind.JournalUnavailable)
        {
            JournalFailure = e;
            return [];
        }
    }

    private static int Find(SeedanceTask task, JournalKey key)
    {
        for (var place = 0; place < task.Sources.Count; place++)
        {
            if (task.Sources[place].RecordedHash is { } hash && (hash == key.ContentHash || hash == key.OtherHash || hash == key.LibraryHash))
            {
                return place;
            }
        }

        return -1;
    }

    // A row that names no group went to the one that all the rest is in, or to the one that its run described.
    private JournalKey KeyOf(AssetSource source)
    {
        var group = source.Group ?? Facts.Group ?? new AvatarGroup { IsImplied = true };
        return source.RecordedHash is { } hash ? JournalKey.Restore(hash, group)
            : ResumePolicy.KeyOf(source with { Group = group, ProjectName = source.ProjectName ?? group.ProjectName }, matchBy);
    }

    private static Place PlaceOf(JournalKey key, AssetSource source) => new(key.ContentHash, source.Row, key.Group is { IsImplied: false } group ? group.Name ?? group.GroupId : null);

    private static async IAsyncEnumerable<JournalIntent> Nothing()
    {
        await Task.CompletedTask;
        yield break;
    }

    /// <summary>What tells a row that has no task from others: what it is, where it stands in its table, and where it goes.</summary>
    private readonly record struct Place(UInt128 Content, int Row, string? Group);
}
