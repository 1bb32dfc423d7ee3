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
    private bool _isOfVideos;

    /// <summary>The file to write, in a folder that exists.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>Runs, tasks or assets to show.</summary>
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
        // Before anything is submitted further up: a report that cannot be written is known at once.
        try
        {
            var path = LocalPaths.Locate(this, Path, "report's file");
            if (ShouldProcess(path, "Write a report"))
            {
                _report = ReportFileWriter.Open(path, Force, includeThumbnails: !NoThumbnail);
            }
        }
        catch (SeedanceException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, Path));
        }

        _account = Connection ?? ConnectionStore.Known;
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
            else
            {
                WriteError(ErrorRecords.From(
                    new SeedanceException(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"'{item}' is no run, task or asset, so the report does not show it.")
                    {
                        RecommendedAction = "Give it what Get-SeedanceRun, Submit-SeedanceAsset, Wait-SeedanceTask, Get-SeedanceTask or Get-SeedanceAsset give out.",
                    },
                    item));
            }
        }
    }

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

        var known = _report.Head;
        var head = known with
        {
            Title = Title ?? known.Title,
            AccountName = _account?.AccountName,
            NextCommand = NextCommand.For(known, _isOfVideos),
            CreatedAt = DateTimeOffset.Now,
        };
        var file = await _report.CompleteAsync(head, cancellationToken);
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

    private static SeedanceException NoConnection(Run run) => new(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"The tasks of run '{run}' are in a journal, and there is no connection that tells in which.")
    {
        RecommendedAction = "Connect first (Connect-Seedance), or pipe the run's tasks.",
    };
}
