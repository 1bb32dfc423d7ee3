using System.Collections;
using System.Diagnostics;
using System.Management.Automation;
using System.Threading.Channels;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Submits pictures, clips or voices for review, in batches, and gives each task out as it is accepted.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Submit, "SeedanceAsset", SupportsShouldProcess = true)]
[OutputType(typeof(SeedanceTask))]
public sealed class SubmitSeedanceAssetCommand : AssetRowCommand
{
    private readonly Channel<AssetSource> _rows = Channel.CreateBounded<AssetSource>(new BoundedChannelOptions(256) { SingleReader = true });
    private readonly RowIdRegister _rowIds = new();
    private bool _allowsLoopback;
    private bool _asks;

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
    public string? RunName { get; set; }

    /// <summary>Skips rows that the journal has as accepted, and gives their tasks out again.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>With -Resume: sends again what was refused or failed review.</summary>
    [Parameter]
    public SwitchParameter RetryFailed { get; set; }

    /// <summary>With -Resume: sends again what may or may not have been accepted. It may be billed twice.</summary>
    [Parameter]
    public SwitchParameter RetryUnknown { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        // Asking to send again what earlier runs left open is asking to go on with them.
        Resume = Resume || RetryFailed || RetryUnknown;
        _asks = Confirmation.IsWanted(this, ConfirmImpact.Medium);
        base.BeginProcessing();
        _allowsLoopback = Connected.IsLocal;
    }

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
        else if (!_asks || ShouldProcess(source.ToString(), source.Group is null ? "Submit for review" : $"Submit for review to group '{source.Group}'"))
        {
            Post(_rows.Writer, source);
        }
    }

    private protected override void CompleteRows() => _rows.Writer.Complete();

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        var options = new SubmitOptions
        {
            BatchSize = BatchSize,
            ThrottleLimit = ThrottleLimit,
            Resume = Resume,
            RetryFailed = RetryFailed,
            RetryUnknown = RetryUnknown,
            RunName = RunName,
            MatchBy = MatchBy,
            Model = Model,
            AdditionalFields = PlainValues.From(AdditionalField),
        };
        var watch = Stopwatch.StartNew();
        var (tasks, accepted, earlier, failed, unknown) = (0, 0, 0, 0, 0);
        var (uploaded, kept) = (0, 0);
        QueueVerbose($"Submitting to {Connected}, account {Connected.AccountName}, recorded in {Connected.GetJournal().Name}.");
        await foreach (var next in Connected.CreateSubmitter(OnRequest).SubmitAsync(_rows.Reader, options, cancellationToken))
        {
            switch (next)
            {
                case TaskAccepted { Resumed: true } before:
                    earlier += before.Task.Sources.Count;
                    QueueObject(before.Task);
                    break;
                case TaskAccepted now:
                    tasks++;
                    accepted += now.Task.Sources.Count;
                    QueueObject(now.Task);
                    break;
                case RowFailed row:
                    failed += row.Error.Delivery == Delivery.Unknown ? 0 : 1;
                    unknown += row.Error.Delivery == Delivery.Unknown ? 1 : 0;
                    QueueError(row.Error, row.Row);
                    break;
                case RowImageUploaded picture:
                    (picture.Image.IsReused ? ref kept : ref uploaded)++;
                    QueueProgress(new ProgressRecord(2, "Uploading pictures", $"{uploaded} uploaded, {kept} still there from before"));
                    break;
                case SubmitWarning notice:
                    QueueWarning(notice.Message);
                    break;
                case RowsUnderWay left:
                    QueueWarning(left.Message);
                    break;
                default:
                    break;
            }
        }

        if (uploaded + kept > 0)
        {
            QueueProgress(new ProgressRecord(2, "Uploading pictures", "Done") { RecordType = ProgressRecordType.Completed });
            QueueVerbose($"{uploaded} picture(s) uploaded, {kept} still there from before.");
        }

        QueueVerbose($"{Rows} row(s): {accepted} accepted in {tasks} task(s), {earlier} accepted earlier, {Invalid} invalid, {failed} not accepted, {unknown} of unknown outcome; {Requests} request(s), {watch.Elapsed.TotalSeconds:0.0} s.");
    }
}
