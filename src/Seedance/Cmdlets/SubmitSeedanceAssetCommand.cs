using System.Collections;
using System.Management.Automation;
using System.Threading.Channels;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Submits pictures, clips or voices for review, in batches, and gives each task out as it is accepted.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Submit, "SeedanceAsset", SupportsShouldProcess = true)]
[OutputType(typeof(SeedanceTask), typeof(List))]
public sealed class SubmitSeedanceAssetCommand : AssetRowCommand
{
    private readonly RowIdRegister _rowIds = new();
    private readonly RowProgress _progress = new(4, "Submitting material for review", "rows", TimeProvider.System);
    private bool _allowsLoopback;
    private bool _asks;
    private bool _isSimulated;
    private int _settled;
    private AssetSubmitter? _preview;
    private Channel<AssetSource> _rows = null!;

    /// <summary>Rows a request.</summary>
    [Parameter]
    [ValidateRange(1, SeedanceClient.MaxAssetsPerRequest)]
    public int BatchSize { get; set; } = SeedanceClient.MaxAssetsPerRequest;

    /// <summary>Requests at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>Fields of the request that this version does not know, sent as they are.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public IDictionary? AdditionalField { get; set; }

    /// <summary>A name for this run, by which it is found again.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunNameCompleter))]
    public string? RunName { get; set; }

    /// <summary>Skips rows that the journal has as accepted, and gives their tasks out again.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>With -Resume: sends again what was refused or failed review for a reason that may pass by itself, or for none; with -Force, for any.</summary>
    [Parameter]
    public SwitchParameter RetryFailed { get; set; }

    /// <summary>With -RetryFailed: whatever the reason was.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>With -Resume: sends again what may or may not have been accepted. It may be billed twice.</summary>
    [Parameter]
    public SwitchParameter RetryUnknown { get; set; }

    /// <summary>Queues the rows in a list for runners to send, instead of sending them. Needs a journal in a database.</summary>
    [Parameter]
    public SwitchParameter Queue { get; set; }

    /// <summary>With -Queue: the list. One that is there is added to with -Resume.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ListNameCompleter))]
    public string? ListName { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        QueueSwitches.Check(this, Queue, ListName);

        // Asking to send again what earlier runs left open is asking to go on with them.
        Resume = Resume || RetryFailed || RetryUnknown;
        RetrySwitches.Check(this, RetryFailed, Force);
        (_asks, _isSimulated) = (Confirmation.IsWanted(this, ConfirmImpact.Medium), Confirmation.IsSimulated(this));
        base.BeginProcessing();
        _allowsLoopback = Connected.IsLocal;
    }

    // As many rows as the journal is asked about at once.
    private protected override void Prepare() =>
        _rows = Channel.CreateBounded<AssetSource>(new BoundedChannelOptions(Connected.GetJournal().PreferredLookupSize) { SingleReader = true });

    private protected override void Take(AssetRow row)
    {
        var (source, problems) = AssetRules.Read(row, MatchBy, _allowsLoopback);
        if (problems.Count > 0)
        {
            Refuse(AssetRules.Refuse(source, problems), source);
        }
        else if (_rowIds.Add(source) is { } repetition)
        {
            WriteWarning($"{source} is not sent: {repetition.Message}.");
        }
        else if (_asks && Resume && !IsToBeSent(source))
        {
            TakeSettled(source);
        }
        else if (!_asks || ShouldProcess(source.ToString(), source.Group is null ? "Submit for review" : $"Submit for review to group '{source.Group}'"))
        {
            Send(source);
        }
    }

    private void Send(AssetSource source)
    {
        _progress.AddTotal(1);
        Post(_rows.Writer, source);
    }

    private protected override void CompleteRows()
    {
        if (_settled > 0)
        {
            WriteVerbose($"{_settled} row(s) would not be sent: an earlier run has sent them.");
        }

        _progress.CompleteTotal();
        _rows.Writer.Complete();
    }

    // What an earlier run has settled is nothing to ask about, and with -WhatIf nothing to tell.
    private bool IsToBeSent(AssetSource source) =>
        (_preview ??= Connected.CreateSubmitter()).IsToBeSentAsync(source, Options(), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    private void TakeSettled(AssetSource source)
    {
        if (_isSimulated)
        {
            _settled++;
        }
        else
        {
            Send(source);
        }
    }

    private SubmitOptions Options() => new()
    {
        BatchSize = BatchSize,
        ThrottleLimit = ThrottleLimit,
        Resume = Resume,
        RetryFailed = RetryFailed,
        RetryRefused = Force,
        RetryUnknown = RetryUnknown,
        RunName = RunName,
        ListName = ListName,
        MatchBy = MatchBy,
        Model = Model,
        AdditionalFields = PlainValues.From(AdditionalField),

        // What is only shown is no run.
        CountInvalid = _isSimulated ? null : () => Invalid,
    };

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        var (uploaded, kept, isLookingUp) = (0, 0, false);
        using var bar = Show(_progress);
        QueueVerbose($"Submitting to {Connected}, account {Connected.AccountName}, recorded in {Connected.GetJournal().Name}.");
        await foreach (var next in Connected.CreateSubmitter(OnRequest).SubmitAsync(_rows.Reader, Options(), cancellationToken))
        {
            switch (next)
            {
                case TaskAccepted accepted:
                    _progress.Add(accepted.Task.Sources.Count, 0);
                    QueueObject(accepted.Task);
                    break;
                case RowsQueued queued:
                    _progress.Add(queued.Count, 0);
                    break;
                case RowFailed row:
                    _progress.Add(1, 1);
                    QueueError(row.Error, row.Row);
                    break;
                case RowsLookedUp rows:
                    QueueVerbose($"Looking for {rows.Count} row(s) of unknown outcome in the asset library, for up to a minute.");
                    QueueProgress(new ProgressRecord(3, "Asking the asset library", $"about {rows.Count} row(s) of unknown outcome, for up to a minute"));
                    isLookingUp = true;
                    break;
                case RowImageUploaded picture:
                    (picture.Image.IsReused ? ref kept : ref uploaded)++;
                    QueueProgress(new ProgressRecord(2, "Uploading pictures", $"{uploaded} uploaded, {kept} still there from before"));
                    break;
                case SubmitWarning notice:
                    QueueWarning(notice.Message);
                    break;
                case RowsUnderWay left:
                    _progress.Add(left.Count, 0);
                    QueueWarning(left.Message);
                    break;
                case RunEnded { Run: var run }:
                    QueueClosing(run);
                    break;
                default:
                    break;
            }
        }

        if (Queue && !_isSimulated)
        {
            QueueObjects(await Connected.GetRunnerJournal().FindListsAsync(ListName, cancellationToken));
        }

        if (isLookingUp)
        {
            QueueProgress(new ProgressRecord(3, "Asking the asset library", "Done") { RecordType = ProgressRecordType.Completed });
        }

        if (uploaded + kept > 0)
        {
            QueueProgress(new ProgressRecord(2, "Uploading pictures", "Done") { RecordType = ProgressRecordType.Completed });
            QueueVerbose($"{uploaded} picture(s) uploaded, {kept} still there from before.");
        }
    }
}
