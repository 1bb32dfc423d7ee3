using System.Diagnostics;
using System.Management.Automation;
using System.Threading.Channels;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Waits for tasks and gives each out as it ends, whatever its end; a failed review is no error.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Wait, "SeedanceTask", DefaultParameterSetName = "InputObject")]
[OutputType(typeof(SeedanceTask))]
public sealed class WaitSeedanceTaskCommand : AsyncCommand
{
    private const string Activity = "Waiting for Seedance tasks";

    private readonly Channel<SeedanceTask> _tasks = Channel.CreateUnbounded<SeedanceTask>();

    /// <summary>The tasks, as submitted or as looked up.</summary>
    [Parameter(ParameterSetName = "InputObject", Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyCollection]
    public SeedanceTask[]? InputObject { get; set; }

    /// <summary>The tasks by their ids.</summary>
    [Parameter(ParameterSetName = "TaskId", Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [TaskId]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    public string?[]? TaskId { get; set; }

    /// <summary>How long to wait for each task; a number is seconds.</summary>
    [Parameter]
    [Seconds]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>A fixed time between looks at a task; a number is seconds. By default the wait learns from how long tasks take.</summary>
    [Parameter]
    [Seconds]
    public TimeSpan? PollInterval { get; set; }

    /// <summary>The language of the API's messages.</summary>
    [Parameter]
    [ValidateSet("zh", "en", "ja", "ko", "ru", "fr", "de", "id", "pt", "es")]
    public string? Language { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var task in ParameterSetName == "TaskId" ? (TaskId ?? [null]).Select(id => new SeedanceTask { TaskId = id?.Trim() ?? string.Empty }) : InputObject ?? [])
        {
            Post(_tasks.Writer, task);
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
        var options = new WaitOptions { Timeout = Timeout, PollInterval = PollInterval, Language = Language?.ToLowerInvariant() ?? Connected.Language };
        var watch = Stopwatch.StartNew();
        var (tasks, usable, failed, open) = (0, 0, 0, 0);
        await foreach (var next in Connected.CreateWaiter(OnRequest).WaitAsync(_tasks.Reader, options, cancellationToken))
        {
            switch (next)
            {
                case TaskEnded ended:
                    tasks++;
                    usable += ended.Task.UsableAssets.Count;
                    failed += ended.Task.FailedAssets.Count;
                    QueueObject(ended.Task);
                    break;
                case TaskNotEnded unseen:
                    open++;
                    QueueError(unseen.Error, unseen.Task);
                    break;
                case WaitNotice notice:
                    QueueWarning(notice.Message);
                    break;
                case WaitProgress progress:
                    QueueProgress(Record(progress));
                    break;
                default:
                    break;
            }
        }

        QueueProgress(new ProgressRecord(1, Activity, "Done") { RecordType = ProgressRecordType.Completed });
        QueueVerbose($"{tasks} task(s) final: {usable} asset(s) usable, {failed} failed review; {open} task(s) not seen to end; {Requests} request(s), {watch.Elapsed.TotalSeconds:0.0} s.");
    }

    private static ProgressRecord Record(WaitProgress progress) => new(1, Activity, $"{progress.Done} of {progress.Total} done")
    {
        PercentComplete = progress.Total == 0 ? 0 : (int)(100L * progress.Done / progress.Total),
        SecondsRemaining = progress.TimeLeft is { } left ? (int)left.TotalSeconds : -1,
    };
}
