using System.Management.Automation;
using System.Threading.Channels;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Looks at tasks once; without input, lists those that the journal knows.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "SeedanceTask", DefaultParameterSetName = "Journal")]
[OutputType(typeof(SeedanceTask))]
public sealed class GetSeedanceTaskCommand : AsyncCommand
{
    private readonly Channel<string> _ids = Channel.CreateBounded<string>(256);

    /// <summary>The tasks' ids.</summary>
    [Parameter(ParameterSetName = "TaskId", Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [TaskId]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(TaskIdCompleter))]
    public string?[]? TaskId { get; set; }

    /// <summary>The language of the API's messages.</summary>
    [Parameter(ParameterSetName = "TaskId")]
    [ValidateSet("zh", "en", "ja", "ko", "ru", "fr", "de", "id", "pt", "es")]
    public string? Language { get; set; }

    /// <summary>Of the journal's tasks, those of these states.</summary>
    [Parameter(ParameterSetName = "Journal")]
    public SeedanceTaskStatus[]? Status { get; set; }

    /// <summary>Of the journal's tasks, those of these kinds.</summary>
    [Parameter(ParameterSetName = "Journal")]
    public TaskKind[]? Kind { get; set; }

    /// <summary>Of the journal's tasks, those of groups of this name; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = "Journal")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GroupNameCompleter))]
    public string? GroupName { get; set; }

    /// <summary>Of the journal's tasks, those of runs of this name; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = "Journal")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunNameCompleter))]
    public string? RunName { get; set; }

    /// <summary>Of the journal's tasks, those since then: a time, or a span back from now, such as 1h.</summary>
    [Parameter(ParameterSetName = "Journal")]
    [Moment]
    public DateTimeOffset? Since { get; set; }

    /// <summary>Of the journal's tasks, those before then: a time, or a span back from now, such as 7d.</summary>
    [Parameter(ParameterSetName = "Journal")]
    [Moment]
    public DateTimeOffset? Before { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var id in TaskId ?? (ParameterSetName == "TaskId" ? [null] : []))
        {
            Post(_ids.Writer, id?.Trim() ?? string.Empty);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _ids.Writer.Complete();
        base.EndProcessing();
    }

    private protected override Task WorkAsync(CancellationToken cancellationToken) =>
        ParameterSetName == "TaskId" ? LookAsync(cancellationToken) : RecallAsync(cancellationToken);

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        await foreach (var (taskId, task, failure, notice) in Connected.LookAsync(_ids.Reader, Language?.ToLowerInvariant(), OnRequest, cancellationToken))
        {
            if (notice is not null)
            {
                QueueWarning(notice);
            }

            if (task is not null)
            {
                QueueObject(task);
            }
            else
            {
                QueueError(failure!, taskId);
            }
        }
    }

    private async Task RecallAsync(CancellationToken cancellationToken)
    {
        var (groupName, runName) = (new Wildcards(GroupName), new Wildcards(RunName));
        await foreach (var task in Connected.GetJournal().ReadTasksAsync(new JournalQuery { Status = Status, Kind = Kind, Since = Since, Before = Before }, cancellationToken))
        {
            if (groupName.Match(task.Group?.Name) && runName.Match(task.RunName))
            {
                QueueObject(task);
            }
        }
    }
}
