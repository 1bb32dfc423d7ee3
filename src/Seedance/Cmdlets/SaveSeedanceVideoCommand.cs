using System.Diagnostics;
using System.Management.Automation;
using System.Threading.Channels;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Saves the videos of tasks to files and gives the files out; a download that broke off is gone on with.</para>
/// </summary>
[Cmdlet(VerbsData.Save, "SeedanceVideo", DefaultParameterSetName = "InputObject", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class SaveSeedanceVideoCommand : AsyncCommand
{
    private const double Mega = 1_000_000;

    private readonly Channel<SeedanceTask> _tasks = Channel.CreateBounded<SeedanceTask>(new BoundedChannelOptions(256) { SingleReader = true });
    private string _place = string.Empty;
    private bool _asks;

    /// <summary>The tasks of New-SeedanceVideo, when they have ended: Wait-SeedanceTask | Save-SeedanceVideo.</summary>
    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true)]
    [AllowEmptyCollection]
    public SeedanceTask[]? InputObject { get; set; }

    /// <summary>The tasks by their ids.</summary>
    [Parameter(ParameterSetName = "TaskId", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    public string[]? TaskId { get; set; }

    /// <summary>A folder, made if it is not there; or a file, for a single video. The current folder by default.</summary>
    [Parameter(Position = 0)]
    [Alias("Path", "OutFile")]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = ".";

    /// <summary>Overwrites files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Leaves files that are there as they are, and gives them out all the same.</summary>
    [Parameter]
    public SwitchParameter SkipExisting { get; set; }

    /// <summary>How files in a folder are named, such as '{Name}-{TaskId}': by TaskId, Name, RowId, Row, RunName, or any column that -KeepProperty kept.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? NameTemplate { get; set; }

    /// <summary>Saves the thumbnail too, and the last frame where there is one.</summary>
    [Parameter]
    public SwitchParameter IncludeThumbnail { get; set; }

    /// <summary>Downloads at once.</summary>
    [Parameter]
    [ValidateRange(1, 32)]
    public int ThrottleLimit { get; set; } = 3;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        var end = Destination is [.., '/' or '\\'] ? System.IO.Path.DirectorySeparatorChar.ToString() : string.Empty;
        string place;
        try
        {
            place = LocalPaths.Locate(this, Destination, "destination");
        }
        catch (SeedanceException e)
        {
            ThrowTerminatingError(ErrorRecords.From(e, Destination));
            throw;
        }

        _place = System.IO.Path.GetFullPath(place.EndsWith(System.IO.Path.DirectorySeparatorChar) ? place : place + end);
        _asks = Confirmation.IsWanted(this, ConfirmImpact.Medium);
        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var task in ParameterSetName == "TaskId" ? TaskId!.Select(id => new SeedanceTask { TaskId = id.Trim() }) : InputObject ?? [])
        {
            if (!_asks || ShouldProcess($"Task {task.TaskId}", $"Save its video to '{_place}'"))
            {
                Post(_tasks.Writer, task);
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _tasks.Writer.Complete();
        base.EndProcessing();
    }

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        var options = new SaveOptions
        {
            Destination = _place,
            Force = Force,
            SkipExisting = SkipExisting,
            NameTemplate = NameTemplate,
            IncludeThumbnail = IncludeThumbnail,
            ThrottleLimit = ThrottleLimit,
        };
        var watch = Stopwatch.StartNew();
        var (files, bytes, failed, skipped) = (0, 0L, 0, 0);
        QueueVerbose($"Saving to '{_place}'; links are followed without the key.");
        await foreach (var next in Connected.CreateVideoSaver(OnRequest).SaveAsync(_tasks.Reader, options, cancellationToken))
        {
            switch (next)
            {
                case FileSaved saved:
                    files += saved.IsSkipped ? 0 : 1;
                    skipped += saved.IsSkipped ? 1 : 0;
                    bytes += saved.IsSkipped ? 0 : saved.File.Length;
                    QueueWrite(() => WriteObject(Item(saved)));
                    break;
                case FileNotSaved unsaved:
                    failed++;
                    QueueError(unsaved.Error, unsaved.Task);
                    break;
                case SaveProgress progress:
                    QueueProgress(Record(progress));
                    break;
                default:
                    break;
            }
        }

        QueueVerbose($"{files} file(s) saved, {bytes / Mega:0.0} MB; {skipped} there already; {failed} not saved; {watch.Elapsed.TotalSeconds:0.0} s.");
    }

    private PSObject Item(FileSaved saved)
    {
        var item = FileItem.Get(this, saved.File);
        item.Properties.Add(new PSNoteProperty(nameof(SeedanceTask.TaskId), saved.Task.TaskId));
        return item;
    }

    // One line a download; ids apart from those of the wait that may stand before it in the pipeline.
    private static ProgressRecord Record(SaveProgress progress) => new(100 + progress.Slot, $"Saving {progress.FileName}",
        progress.Total is { } total
            ? $"{progress.Bytes / Mega:0.0} of {total / Mega:0.0} MB, {progress.BytesPerSecond / Mega:0.0} MB/s"
            : $"{progress.Bytes / Mega:0.0} MB, {progress.BytesPerSecond / Mega:0.0} MB/s")
    {
        PercentComplete = progress.Total is > 0 and var whole ? (int)(100 * progress.Bytes / whole) : -1,
        SecondsRemaining = progress.TimeLeft is { } left ? (int)left.TotalSeconds : -1,
        RecordType = progress.IsEnded ? ProgressRecordType.Completed : ProgressRecordType.Processing,
    };
}
