using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Brings the journal up to what the asset library shows, and tells every difference.</para>
/// </summary>
[Cmdlet(VerbsData.Sync, "SeedanceJournal", SupportsShouldProcess = true)]
[OutputType(typeof(JournalChange))]
public sealed class SyncSeedanceJournalCommand : AsyncCommand
{
    private bool _isRehearsal;

    /// <summary>The exact name of a group. One that the journal does not know is taken into it.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GroupNameCompleter))]
    public string? GroupName { get; set; }

    /// <summary>The id of a group. One that the journal does not know is taken into it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GroupIdCompleter))]
    public string? GroupId { get; set; }

    /// <summary>Only what the run of this name sent.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunNameCompleter))]
    public string? RunName { get; set; }

    /// <summary>Only what was sent since then: a time, or a span back from now, such as 7d.</summary>
    [Parameter]
    [Moment]
    public DateTimeOffset? Since { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _isRehearsal = !ShouldProcess(GroupName ?? GroupId ?? "the whole journal", "Compare with the asset library and record the differences");
        base.BeginProcessing();
    }

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        // Whoever said no to the question has not asked to be told.
        if (_isRehearsal && !Confirmation.IsSimulated(this))
        {
            return;
        }

        var options = new SyncOptions { GroupName = GroupName, GroupId = GroupId, RunName = RunName, Since = Since, IsRehearsal = _isRehearsal };
        await foreach (var change in Connected.CreateSync(OnRequest).SyncAsync(options, QueueWarning, cancellationToken))
        {
            QueueObject(change);
        }
    }
}
