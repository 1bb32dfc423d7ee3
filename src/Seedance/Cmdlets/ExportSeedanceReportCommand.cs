using System.Management.Automation;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Writes a run as one HTML page: a tile a row, what failed first.</para>
/// </summary>
[Cmdlet(VerbsData.Export, "SeedanceReport", DefaultParameterSetName = "Journal", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportSeedanceReportCommand : AsyncCommand
{
    private readonly Channel<object> _input = Channel.CreateBounded<object>(new BoundedChannelOptions(256) { SingleReader = true });
    private ReportFileWriter? _report;
    private SeedanceConnection? _account;
    private AssetRows? _table;
    private PropertyKeeper? _kept;
    private bool _isOfVideos;
    private int _row;

    // A field of the client's own type would have the client loaded before the module can say where it lies.
    private int _matchBy;

    /// <summary>The file to write, in a folder that exists.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>Runs, tasks, assets, rows of a table, or errors about rows to show.</summary>
    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public PSObject?[]? InputObject { get; set; }

    /// <summary>The journal's runs of this name; wildcards are allowed. By default its latest run.</summary>
    [Parameter(ParameterSetName = "Journal")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunNameCompleter))]
    public string? RunName { get; set; }

    /// <summary>The group that rows of a table went to which name none: one from New-SeedanceAvatarGroup, or a name.</summary>
    [Parameter(ParameterSetName = "InputObject")]
    [GroupOrName]
    [ArgumentCompleter(typeof(GroupNameCompleter))]
    public AvatarGroup? Group { get; set; }

    /// <summary>Columns of a table that are shown, by their names.</summary>
    [Parameter(ParameterSetName = "InputObject")]
    [ValidateNotNullOrEmpty]
    public string[]? KeepProperty { get; set; }

    /// <summary>By what rows of a table that have no RowId are known again, as they were submitted.</summary>
    [Parameter(ParameterSetName = "InputObject")]
    public MatchBy MatchBy
    {
        get => (MatchBy)_matchBy;
        set => _matchBy = (int)value;
    }

    /// <summary>The heading; by default the run's name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>Shows a sign for each row's type instead of its picture: no file is read, and the page asks for nothing.</summary>
    [Parameter]
    public SwitchParameter NoThumbnail { get; set; }

    /// <summary>Overwrites a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Gives out the file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    // Tasks in hand need no connection; the journal's are an account's.
    private protected override bool NeedsConnection => !HasInput;

    private bool HasInput => MyInvocation.ExpectingInput || MyInvocation.BoundParameters.ContainsKey(nameof(InputObject));

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _account = Connection ?? ConnectionStore.Known;
        _table = new AssetRows(KeepProperty, _ => false);
        _kept = new PropertyKeeper(KeepProperty, WriteWarning);

        // Before anything is submitted further up: a report that cannot be written is known at once.
        try
        {
            var path = LocalPaths.Locate(this, Path, "report's file");
            if (ShouldProcess(path, "Write a report"))
            {
                _report = ReportFileWriter.Open(path, Force, includeThumbnails: !NoThumbnail, _account?.GetJournal(), MatchBy);
            }
        }
        catch (SeedanceException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, Path));
        }

        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var item in InputObject ?? [])
        {
            if (item is null)
            {
                continue;
            }

            // An asset names its task too.
            if (Restored.TryRead<SeedanceAsset>(item, out var asset))
            {
                Post(_input.Writer, asset);
            }
            else if (item.Properties[nameof(Run.Rows)] is not null && Restored.TryRead<Run>(item, out var run))
            {
                Post(_input.Writer, run);
            }
            else if (item.Properties[nameof(SeedanceTask.Status)] is not null && Restored.TryRead<SeedanceTask>(item, out var task))
            {
                Post(_input.Writer, task);
            }
            else if (item.BaseObject is ErrorRecord { Exception: SeedanceException failure } error)
            {
                PostFailure(failure, error.TargetObject);
            }
            else if (ReadRows(item) is { Count: > 0 } rows)
            {
                rows.ForEach(row => Post(_input.Writer, row));
            }
            else
            {
                WriteError(ErrorRecords.From(
                    new SeedanceException(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"'{item}' is no run, task, asset or row, so the report does not show it.")
                    {
                        RecommendedAction = "Give it what Get-SeedanceRun, Submit-SeedanceAsset, Wait-SeedanceTask, Get-SeedanceTask or Get-SeedanceAsset give out, the rows of a table, or what -ErrorVariable has kept.",
                    },
                    item));
            }
        }
    }

    // Of an error about no row, whoever runs the command has heard already.
    private void PostFailure(SeedanceException failure, object? target)
    {
        switch (target is PSObject wrapped ? wrapped.BaseObject : target)
        {
            case AssetSource source:
                Post(_input.Writer, new FailedRow(source, failure));
                break;
            case VideoRequest order:
                _isOfVideos = true;
                Post(_input.Writer, ReportRows.From(failure) with
                {
                    Type = ReportRowType.GeneratedVideo,
                    Row = order.Row > 0 ? order.Row : null,
                    RowId = order.RowId,
                    Name = order.Name,
                    KeptColumns = [.. (order.Kept ?? new Dictionary<string, string>()).Select(column => KeyValuePair.Create(column.Key, (string?)column.Value))],
                });
                break;
            case not null when ReadRow(PSObject.AsPSObject(target)) is { } row:
                Post(_input.Writer, new FailedRow(AssetRules.Read(row, MatchBy, AllowsLoopback).Source, failure));
                break;
            default:
                WriteVerbose($"An error that is about no row is not shown: {failure.Message}");
                break;
        }
    }

    private List<object> ReadRows(PSObject item)
    {
        _row++;
        if (ReadRow(item) is not { } row)
        {
            return [];
        }

        try
        {
            var files = string.IsNullOrWhiteSpace(row.Path) || row.Path.Contains("://", StringComparison.Ordinal) ? [] : LocalPaths.Resolve(this, row.Path, isLiteral: false);
            var rows = files.Count == 0 ? [row] : files.Select(file => row with { Path = file, Name = files.Count == 1 ? row.Name : null });
            return [.. rows.Select(one => Checked(AssetRules.Read(one, MatchBy, AllowsLoopback)))];
        }
        catch (SeedanceException e)
        {
            return [new FailedRow(AssetRules.Read(row with { Path = null }, MatchBy, AllowsLoopback).Source, e)];
        }

        static object Checked((AssetSource Source, IReadOnlyList<AssetProblem> Problems) read) =>
            read.Problems.Count == 0 ? read.Source : new FailedRow(read.Source, AssetRules.Refuse(read.Source, read.Problems));
    }

    // A row has a column of what is submitted; any other object is somebody's mistake.
    private AssetRow? ReadRow(PSObject item)
    {
        if (item.BaseObject is not (PSCustomObject or System.Collections.IDictionary or AssetSource or AssetCheck))
        {
            return null;
        }

        var read = _table!.Read(item, WriteVerbose, bound: null);
        if (read.Table is { } table && !table.Has("Url") && !table.Has("Path"))
        {
            return null;
        }

        var row = read.Row;
        return row with
        {
            Group = row.Group ?? (row.GroupId is null ? Group : null),
            Row = row.Row > 0 ? row.Row : _row,
            Kept = _kept!.Read(read.Table, item, row.Kept),
        };
    }

    private bool AllowsLoopback => _account?.IsLocal ?? false;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _input.Writer.Complete();
        base.EndProcessing();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _report?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        await foreach (var item in HasInput ? _input.Reader.ReadAllAsync(cancellationToken) : ReadRunsAsync(cancellationToken))
        {
            if (_report is not null)
            {
                await AddAsync(_report, item, cancellationToken);
            }
        }

        if (_report is null)
        {
            return;
        }

        await _report.EndRowsAsync(cancellationToken);
        var known = _report.Head;
        var head = known with
        {
            Title = Title ?? known.Title,
            AccountName = _account?.AccountName,
            NextCommand = NextCommand.For(known, _isOfVideos),
            CreatedAt = DateTimeOffset.Now,
        };
        var file = await _report.CompleteAsync(head, cancellationToken);
        if (_report.JournalFailure is { } failure)
        {
            QueueWarning($"The report does not say how often rows were sent. {failure.Message}");
        }

        QueueVerbose($"{known.Counts?.Values.Sum()} row(s) reported in '{file.FullName}', {file.Length} bytes.");
        if (PassThru)
        {
            QueueWrite(() => WriteObject(FileItem.Get(this, file)));
        }
    }

    private async Task AddAsync(ReportFileWriter report, object item, CancellationToken cancellationToken)
    {
        switch (item)
        {
            case Run run:
                var journal = (_account ?? throw NoConnection(run)).GetJournal();
                await report.AddAsync(run, Watched(journal.ReadTasksAsync(new JournalQuery { RunId = run.RunId }, cancellationToken)), cancellationToken);
                break;
            case AssetSource row:
                await report.AddAsync(Recorded(row), null, cancellationToken);
                break;
            case FailedRow row:
                report.AddError(row.Row, row.Error);
                break;
            case ReportRow row:
                await report.AddAsync(row, cancellationToken);
                break;
            case SeedanceTask task:
                _isOfVideos |= task.Kind is TaskKind.Video;
                await report.AddAsync(task, cancellationToken);
                break;
            default:
                await report.AddAsync((SeedanceAsset)item, cancellationToken);
                break;
        }
    }

    private async IAsyncEnumerable<SeedanceTask> Watched(IAsyncEnumerable<SeedanceTask> tasks)
    {
        await foreach (var task in tasks)
        {
            _isOfVideos |= task.Kind is TaskKind.Video;
            yield return task;
        }
    }

    private async IAsyncEnumerable<object> ReadRunsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var journal = Connected.GetJournal();
        var hasAny = false;
        await foreach (var run in RunSelection.ReadAsync(journal, JournalQuery.All, RunName, latestOnly: RunName is null, cancellationToken))
        {
            hasAny = true;
            yield return run;
        }

        if (!hasAny)
        {
            throw new SeedanceException(
                SeedanceErrorKind.NotFound, Delivery.NotSent, $"The journal {journal.Name} knows no run{(RunName is null ? string.Empty : $" '{RunName}'")}, so there is nothing to report.")
            {
                RecommendedAction = "Get-SeedanceRun lists those that it knows. Tasks and assets can be piped to Export-SeedanceReport, too.",
            };
        }
    }

    private AssetSource Recorded(AssetSource row) => _account is { HasJournal: true } ? row : throw NoConnection(row);

    private static SeedanceException NoConnection(object what) => new(
        SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"What became of {(what is Run run ? $"run '{run}'" : what)} is in a journal, and there is no connection that tells in which.")
    {
        RecommendedAction = "Connect first (Connect-Seedance), or pipe tasks.",
    };

    /// <summary>A row, and what was said of it.</summary>
    private sealed record FailedRow(AssetSource Row, SeedanceException Error);
}
