using System.Diagnostics;
using System.Management.Automation;
using System.Threading.Channels;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Uploads pictures to addresses that are public for 72 hours, and gives the addresses out.</para>
/// </summary>
[Cmdlet(VerbsCommunications.Send, "SeedanceImage", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(UploadedImage))]
public sealed class SendSeedanceImageCommand : AsyncCommand
{
    private readonly Channel<string> _paths = Channel.CreateBounded<string>(new BoundedChannelOptions(256) { SingleReader = true });
    private bool _asks;

    /// <summary>Pictures: JPEG, PNG, WebP or GIF by their content, up to 20 MB each. Wildcards are allowed.</summary>
    [Parameter(ParameterSetName = "Path", Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Path { get; set; }

    /// <summary>Pictures by their exact names.</summary>
    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>Uploads a picture again that is still there from an earlier time: its 72 hours begin anew.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Uploads at once.</summary>
    [Parameter]
    [ValidateRange(1, 32)]
    public int ThrottleLimit { get; set; } = 4;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _asks = Confirmation.IsWanted(this, ConfirmImpact.Medium);
        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var isLiteral = ParameterSetName == "LiteralPath";
        foreach (var path in (isLiteral ? LiteralPath : Path) ?? [])
        {
            IReadOnlyList<string> files;
            try
            {
                files = LocalPaths.Resolve(this, path, isLiteral);
            }
            catch (SeedanceException e)
            {
                WriteError(ErrorRecords.From(e, path));
                continue;
            }

            foreach (var file in files)
            {
                if (!_asks || ShouldProcess(file, "Upload to a public address"))
                {
                    Post(_paths.Writer, file);
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _paths.Writer.Complete();
        base.EndProcessing();
    }

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var (sent, reused, failed, told) = (0, 0, 0, TimeSpan.Zero);
        await foreach (var next in Connected.CreateImageSender(OnRequest).SendAsync(_paths.Reader, new UploadOptions { Force = Force, ThrottleLimit = ThrottleLimit }, cancellationToken))
        {
            switch (next)
            {
                case ImageUploaded uploaded:
                    sent += uploaded.Image.IsReused ? 0 : 1;
                    reused += uploaded.Image.IsReused ? 1 : 0;
                    QueueObject(uploaded.Image);
                    break;
                case ImageNotUploaded unsent:
                    failed++;
                    QueueError(unsent.Error, unsent.Path);
                    break;
                case UploadWarning notice:
                    QueueWarning(notice.Message);
                    break;
                case UploadProgress progress when progress.IsEnded || watch.Elapsed - told > s_progressEvery:
                    told = watch.Elapsed;
                    QueueProgress(Record(progress));
                    break;
                default:
                    break;
            }
        }

        QueueVerbose($"{sent} picture(s) uploaded, {reused} still there from before, {failed} not uploaded; {Requests} request(s), {watch.Elapsed.TotalSeconds:0.0} s.");
    }

    private static readonly TimeSpan s_progressEvery = TimeSpan.FromMilliseconds(100);

    private static ProgressRecord Record(UploadProgress progress) =>
        new(200 + progress.Slot, $"Uploading {progress.FileName}", $"{progress.Bytes / 1e6:0.0} of {progress.Total / 1e6:0.0} MB")
        {
            PercentComplete = progress.Total == 0 ? -1 : (int)(100 * progress.Bytes / progress.Total),
            RecordType = progress.IsEnded ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        };
}
