using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Works a list off, beside other runners: sends what is queued, and gives each task out as it ends.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Start, "SeedanceRunner")]
[OutputType(typeof(SeedanceTask))]
public sealed class StartSeedanceRunnerCommand : NamedCommand
{
    /// <summary>The list.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ListNameCompleter))]
    public string ListName { get; set; } = string.Empty;

    /// <summary>Requests at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>Empty: until nothing of the list is queued, under way or under review. Stopped: until Stop-SeedanceRunner, for what may be queued yet.</summary>
    [Parameter]
    [ValidateSet("Empty", "Stopped")]
    public string Until { get; set; } = "Empty";

    /// <summary>After what time it takes nothing more; a number is seconds. What it has in hand it finishes.</summary>
    [Parameter]
    [Seconds]
    public TimeSpan? MaxDuration { get; set; }

    private protected override string? InputName => ListName;

    private protected override async Task WorkAsync(string? name, CancellationToken cancellationToken)
    {
        var options = new RunnerOptions
        {
            ListName = name!,
            ThrottleLimit = ThrottleLimit,
            GoesOn = Until == "Stopped",
            MaxDuration = MaxDuration,
            Wait = new WaitOptions { Language = Connected.Language },
        };
        QueueVerbose($"Working off list '{name}' of {Connected.GetJournal().Name} for {Connected}, account {Connected.AccountName}.");
        await foreach (var next in Connected.CreateRunner(OnRequest).RunAsync(options, cancellationToken))
        {
            switch (next)
            {
                case RunnerWaited { Event: TaskEnded ended }:
                    QueueObject(ended.Task);
                    break;
                case RunnerWaited { Event: TaskNotEnded open }:
                    QueueError(open.Error, open.Task);
                    break;
                case RunnerWaited { Event: WaitNotice notice }:
                    QueueWarning(notice.Message);
                    break;
                case RunnerSubmitted { Event: RowFailed row }:
                    QueueError(row.Error, row.Row);
                    break;
                case RunnerSubmitted { Event: SubmitWarning warning }:
                    QueueWarning(warning.Message);
                    break;
                case RunnerSubmitted { Event: RunEnded { Run: var run } }:
                    QueueClosing(run);
                    break;
                default:
                    break;
            }
        }
    }
}
