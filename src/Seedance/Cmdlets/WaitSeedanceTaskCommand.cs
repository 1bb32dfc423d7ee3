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
    private readonly Channel<SeedanceTask> _tasks = Channel.CreateUnbounded<SeedanceTask>();
    private RowProgress? _progress;

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
    protected override void BeginProcessing()
    {
        _progress = new RowProgress(1, "Waiting for Seedance tasks", ParameterSetName == "TaskId" ? "tasks" : "rows", TimeProvider.System);
        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var task in ParameterSetName == "TaskId" ? (TaskId ?? [null]).Select(id => new SeedanceTask { TaskId = id?.Trim() ?? string.Empty }) : InputObject ?? [])
        {
            _progress!.AddTotal(Count(task));
            Post(_tasks.Writer, task);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _progress!.CompleteTotal();
        _tasks.Writer.Complete();
        base.EndProcessing();
    }

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        var options = new WaitOptions { Timeout = Timeout, PollInterval = PollInterval, Language = Language?.ToLowerInvariant() ?? Connected.Language };
        var watch = Stopwatch.StartNew();
        var (tasks, usable, failed, open) = (0, 0, 0, 0);
        using var bar = Show(_progress!);
        await foreach (var next in Connected.CreateWaiter(OnRequest).WaitAsync(_tasks.Reader, options, cancellationToken))
        {
            switch (next)
            {
                case TaskEnded ended:
                    tasks++;
                    usable += ended.Task.UsableAssets.Count;
                    failed += ended.Task.FailedAssets.Count;
                    _progress!.Add(Count(ended.Task), ended.Task.Kind == TaskKind.Asset ? ended.Task.FailedAssets.Count : ended.Task.Status == SeedanceTaskStatus.Failed ? 1 : 0);
                    QueueObject(ended.Task);
                    break;
                case TaskNotEnded unseen:
                    open++;
                    _progress!.Add(Count(unseen.Task), 0);
                    QueueError(unseen.Error, unseen.Task);
                    break;
                case WaitNotice notice:
                    QueueWarning(notice.Message);
                    break;
                case WaitProgress progress:
                    _progress!.Expect(progress.TimeLeft);
                    break;
                default:
                    break;
            }
        }

        QueueVerbose($"{tasks} task(s) final: {usable} asset(s) usable, {failed} failed review; {open} task(s) not seen to end; {Requests} request(s), {watch.Elapsed.TotalSeconds:0.0} s.");
    }

    // A task that was given by its id alone is one, whatever is found in it.
    private int Count(SeedanceTask task) => ParameterSetName == "TaskId" ? 1 : Math.Max(task.Sources.Count, 1);
}
