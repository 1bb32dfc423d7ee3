using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Waits for a list, on whichever machine, and gives each of its tasks out as it ends.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Wait, "SeedanceList")]
[OutputType(typeof(SeedanceTask))]
public sealed class WaitSeedanceListCommand : NamedCommand
{
    /// <summary>The list.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ListNameCompleter))]
    public string ListName { get; set; } = string.Empty;

    /// <summary>How long to wait for all of it; a number is seconds.</summary>
    [Parameter]
    [Seconds]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromHours(24);

    private protected override string? InputName => ListName;

    private protected override async Task WorkAsync(string? name, CancellationToken cancellationToken)
    {
        var options = new WaitOptions { Timeout = Timeout, Language = Connected.Language };
        await foreach (var next in Connected.CreateListWaiter(OnRequest).WaitAsync(name!, options, cancellationToken))
        {
            switch (next)
            {
                case TaskEnded ended:
                    QueueObject(ended.Task);
                    break;
                case TaskNotEnded open:
                    QueueError(open.Error, open.Task);
                    break;
                case WaitNotice notice:
                    QueueWarning(notice.Message);
                    break;
                default:
                    break;
            }
        }
    }
}
