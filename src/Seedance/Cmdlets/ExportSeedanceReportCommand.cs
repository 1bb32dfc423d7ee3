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

    /// <summary>The file to write, in a folder that exists.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>Tasks or assets to show.</summary>
    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public PSObject?[]? InputObject { get; set; }

    /// <summary>Of the journal's tasks, those of this run; wildcards are allowed. By default those of the latest run that has a name.</summary>
    [Parameter(ParameterSetName = "Journal")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
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
            else if (item.Properties[nameof(SeedanceTask.Status)] is not null && Restored.TryRead<SeedanceTask>(item, out var task))
            {
                Post(_input.Writer, task);
            }
            else
            {
                WriteError(ErrorRecords.From(
                    new SeedanceException(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"'{item}' is neither a task nor an asset, so the report does not show it.")
                    {
                        RecommendedAction = "Give it what Submit-SeedanceAsset, Wait-SeedanceTask, Get-SeedanceTask or Get-SeedanceAsset give out.",
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
        var isOfVideos = false;
        await foreach (var item in HasInput ? _input.Reader.ReadAllAsync(cancellationToken) : ReadRunAsync(cancellationToken))
        {
            switch (item)
            {
                case SeedanceTask task when _report is not null:
                    isOfVideos |= task.Kind is TaskKind.Video;
                    await _report.AddAsync(task, cancellationToken);
                    break;
                case SeedanceAsset asset when _report is not null:
                    await _report.AddAsync(asset, cancellationToken);
                    break;
                default:
                    break;
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
            NextCommand = NextCommand.For(known, _report.Counts, isOfVideos),
            CreatedAt = DateTimeOffset.Now,
        };
        var file = await _report.CompleteAsync(head, cancellationToken);
        QueueVerbose($"{_report.Counts.Values.Sum()} row(s) shown in '{file.FullName}', {file.Length} bytes.");
        if (PassThru)
        {
            Queue(() => WriteObject(FileItem.Get(this, file)));
        }
    }

    private async IAsyncEnumerable<object> ReadRunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var journal = Connected.GetJournal();
        var runName = RunName is not null && WildcardPattern.ContainsWildcardCharacters(RunName) ? null : RunName ?? await FindLatestRunAsync(journal, cancellationToken);
        var pattern = runName is null ? WildcardPattern.Get(RunName, WildcardOptions.IgnoreCase) : null;
        var isEmpty = true;
        await foreach (var task in journal.ReadTasksAsync(new JournalQuery { RunName = runName }, cancellationToken))
        {
            if (pattern is null || (task.RunName is not null && pattern.IsMatch(task.RunName)))
            {
                isEmpty = false;
                yield return task;
            }
        }

        if (isEmpty)
        {
            throw new SeedanceException(SeedanceErrorKind.NotFound, Delivery.NotSent, $"The journal {journal.Name} has no tasks of a run named '{RunName}'.")
            {
                RecommendedAction = "Look which runs there are: Get-SeedanceTask | Group-Object RunName; or pipe tasks or assets to Export-SeedanceReport.",
            };
        }
    }

    private static async Task<string> FindLatestRunAsync(IJournal journal, CancellationToken cancellationToken)
    {
        SeedanceTask? latest = null;
        await foreach (var task in journal.ReadTasksAsync(JournalQuery.All, cancellationToken))
        {
            latest = task.RunName is not null && (latest is null || task.CreatedAt >= latest.CreatedAt) ? task : latest;
        }

        return latest?.RunName ?? throw new SeedanceException(SeedanceErrorKind.NotFound, Delivery.NotSent, $"The journal {journal.Name} has no run with a name.")
        {
            RecommendedAction = "Pipe tasks or assets to Export-SeedanceReport, or give runs a name: Submit-SeedanceAsset -RunName.",
        };
    }
}
