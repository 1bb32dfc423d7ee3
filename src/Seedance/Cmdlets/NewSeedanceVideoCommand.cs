using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Threading.Channels;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Orders videos from prompts and approved assets, and gives each task out as it is accepted. Videos are billed.</para>
/// </summary>
[Cmdlet(VerbsCommon.New, "SeedanceVideo", SupportsShouldProcess = true)]
[OutputType(typeof(SeedanceTask), typeof(List))]
public sealed class NewSeedanceVideoCommand : AsyncCommand
{
    private readonly Channel<VideoRequest> _requests = Channel.CreateBounded<VideoRequest>(new BoundedChannelOptions(256) { SingleReader = true });
    private readonly RowProgress _progress = new(5, "Ordering videos", "videos", TimeProvider.System);
    private VideoRows _inputs = new();
    private bool _asks;
    private bool _isSimulated;
    private RowParameters _parameters = new(new Dictionary<string, object>());
    private PropertyKeeper? _kept;
    private IReadOnlyDictionary<string, object?>? _additional;
    private int _empty;
    private int _invalid;
    private int _row;

    /// <summary>What is to be seen, up to 4000 characters. Needed where there is no picture or clip.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    public string? Prompt { get; set; }

    /// <summary>The model. By default one that fits the material: a -face one where a real person is shown.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VideoModelCompleter))]
    public string? Model { get; set; }

    /// <summary>Seconds: 4 to 15 with the 2.0 models, 4 to 30 with 2.5, where -1 leaves it to the model. The API's default is 5 with 2.0.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [WholeSeconds]
    public int? Duration { get; set; }

    /// <summary>The shape: 16:9, 9:16, 1:1, 4:3, 3:4, 21:9 or adaptive.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VideoSizeCompleter))]
    public string? Size { get; set; }

    /// <summary>480p, 720p, 1080p or 4k; the fast models go up to 720p, and 2.5 up to 1080p.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VideoResolutionCompleter))]
    public string? Resolution { get; set; }

    /// <summary>Decides what is left to chance: the same number, the same video, as nearly as the model allows.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public long? Seed { get; set; }

    /// <summary>A video with sound; -GenerateAudio:$false for one without. Without it the API decides.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter GenerateAudio { get; set; }

    /// <summary>The last frame is wanted as a picture too.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter ReturnLastFrame { get; set; }

    /// <summary>The model may search the web.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter WebSearch { get; set; }

    /// <summary>What to do with the material: Auto, Reference, Edit or Extend. With 2.5 only; Edit and Extend need -ReferenceVideo, and Edit -Duration -1.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VideoTaskTypeCompleter))]
    public string? TaskType { get; set; }

    /// <summary>The format of the file: mp4 or mov. With 2.5 only.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VideoFormatCompleter))]
    public string? OutputFormat { get; set; }

    /// <summary>A video with a watermark; -Watermark:$false for one without. With 2.5 only; without it the API decides.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter Watermark { get; set; }

    /// <summary>Has prompt and material checked first: what is found unsafe is refused, and not billed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter CheckContent { get; set; }

    /// <summary>Fields of the request that this version does not know, sent as they are.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public IDictionary? AdditionalField { get; set; }

    /// <summary>Pictures, up to 9, all for one video: assets, asset://… or addresses. Excludes -FirstFrame, -LastFrame and -Reference. With 2.5 up to 30, beside anything.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("AssetUrl")]
    [AllowNull]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(MaterialCompleter))]
    public object?[]? Image { get; set; }

    /// <summary>The picture that the video begins with. Excludes -Image, -ReferenceVideo and -ReferenceAudio.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [ArgumentCompleter(typeof(MaterialCompleter))]
    public object? FirstFrame { get; set; }

    /// <summary>The picture that the video ends with. Excludes -Image, -ReferenceVideo and -ReferenceAudio.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [ArgumentCompleter(typeof(MaterialCompleter))]
    public object? LastFrame { get; set; }

    /// <summary>Pictures of what is to be seen, all for one video. Excludes -Image.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(MaterialCompleter))]
    public object?[]? Reference { get; set; }

    /// <summary>Clips to go by: up to 3, 15 seconds in all, and never beside -FirstFrame and -LastFrame; with 2.5 up to 10, 30 seconds, beside anything.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(MaterialCompleter))]
    public object?[]? ReferenceVideo { get; set; }

    /// <summary>Voices to go by: up to 3, 15 seconds in all, only beside a picture or clip, and never beside -FirstFrame and -LastFrame; with 2.5 up to 10, 30 seconds, beside anything or alone.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(MaterialCompleter))]
    public object?[]? ReferenceAudio { get; set; }

    /// <summary>A name for the video, by which it is recalled and saved; not sent.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Name { get; set; }

    /// <summary>The row's own id in your table: it is the same row from run to run, whatever is changed in it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? RowId { get; set; }

    /// <summary>Columns of your own that are remembered with each row, by their names.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? KeepProperty { get; set; }

    /// <summary>An asset, of which one video is made; a list of assets, for one video of all of them; a row with these columns; or a prompt.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>Requests at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>The most that this run may cost, in US dollars. What it has ordered counts with the most that it can cost; the rest is not ordered.</summary>
    [Parameter]
    [ValidateRange(0.0, 1_000_000.0)]
    public decimal? MaxCost { get; set; }

    /// <summary>A name for this run, by which it is found again.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunNameCompleter))]
    public string? RunName { get; set; }

    /// <summary>Skips videos that the journal has as ordered, and gives their tasks out again.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>With -Resume: orders again what was refused or ended as failed for a reason that may pass by itself, or for none; with -Force, for any.</summary>
    [Parameter]
    public SwitchParameter RetryFailed { get; set; }

    /// <summary>With -RetryFailed: whatever the reason was.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>With -Resume: orders again what may or may not have been accepted, under its first idempotency key. Where the API does not honour that, it may be billed twice.</summary>
    [Parameter]
    public SwitchParameter RetryUnknown { get; set; }

    /// <summary>Queues the orders in a list for runners to send, instead of sending them. Needs a journal in a database.</summary>
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
        Resume = Resume || RetryFailed || RetryUnknown;
        RetrySwitches.Check(this, RetryFailed, Force);
        (_asks, _isSimulated) = (Confirmation.IsWanted(this, ConfirmImpact.Medium), Confirmation.IsSimulated(this));
        _parameters = new RowParameters(MyInvocation.BoundParameters);
        _kept = new PropertyKeeper(KeepProperty, WriteWarning);
        _inputs = new VideoRows(KeepProperty);
        _additional = PlainValues.From(AdditionalField);
        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        _row++;
        VideoRow row;
        try
        {
            var input = MyInvocation.ExpectingInput || InputObject is not null ? _inputs.Read(InputObject, WriteWarning) : null;
            if (input?.Table is { IsEmpty: true })
            {
                _empty++;
                return;
            }

            row = Fill(input);
        }
        catch (SeedanceException e)
        {
            _invalid++;
            WriteError(ErrorRecords.From(e, InputObject));
            return;
        }

        var (request, problems) = VideoRules.Read(row);
        if (problems.Count > 0)
        {
            _invalid++;
            WriteError(ErrorRecords.From(VideoRules.Refuse(request, problems), request));
            return;
        }

        if (string.IsNullOrWhiteSpace(Model) && request.Model == VideoRules.FaceModel)
        {
            WriteVerbose($"{request} shows a real person, so the model {request.Model} is used; -Model chooses another.");
        }

        if (!_asks || IsConfirmed($"POST /v1/videos/generations {request.ToDisplayJson()} ({Price(request.EstimateCost())})"))
        {
            _progress.AddTotal(1);
            Post(_requests.Writer, request);
        }

        bool IsConfirmed(string description) => ShouldProcess(description, $"Order this video? It is billed.\n{description}", "New-SeedanceVideo");
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_empty > 0)
        {
            WriteVerbose($"{_empty} row(s) with nothing in any cell passed over.");
        }

        _progress.CompleteTotal();
        _requests.Writer.Complete();
        base.EndProcessing();
    }

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        var options = new VideoOptions
        {
            ThrottleLimit = ThrottleLimit,
            Resume = Resume,
            RetryFailed = RetryFailed,
            RetryRefused = Force,
            RetryUnknown = RetryUnknown,
            MaxCost = MaxCost,
            RunName = RunName,
            ListName = ListName,

            // What is only shown is no run.
            CountInvalid = _isSimulated ? null : () => _invalid,
        };
        var (ordered, cost, unpriced) = (0, 0m, 0);
        using var bar = Show(_progress);
        QueueVerbose($"Ordering from {Connected}, account {Connected.AccountName}, recorded in {Connected.GetJournal().Name}.");
        await foreach (var next in Connected.CreateVideoSubmitter(OnRequest).SubmitAsync(_requests.Reader, options, cancellationToken))
        {
            switch (next)
            {
                case TaskAccepted accepted:
                    _progress.Add(1, 0);
                    ordered += accepted.Resumed ? 0 : 1;
                    cost += accepted.Resumed ? 0 : accepted.Task.EstimatedCost ?? 0;
                    unpriced += !accepted.Resumed && accepted.Task.EstimatedCost is null ? 1 : 0;
                    QueueObject(accepted.Task);
                    break;
                case RowsQueued queued:
                    _progress.Add(queued.Count, 0);
                    break;
                case VideoFailed video:
                    _progress.Add(1, 1);
                    QueueError(video.Error, video.Request);
                    break;
                case BudgetReached reached:
                    QueueError(reached.Error, null);
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

        if (ordered > 0)
        {
            QueueVerbose($"What was ordered: {(unpriced < ordered ? Price(cost) : Price(null))}{(unpriced > 0 && unpriced < ordered ? $", and {unpriced} video(s) of unknown price" : string.Empty)}.");
        }
    }

    private static string Price(decimal? most) => most is null ? "its price is not known"
        : string.Create(CultureInfo.InvariantCulture, $"at most USD {most:0.00##} by the prices of {VideoRules.PricesAsOf:yyyy-MM-dd}");

    /// <summary>The video, with what the input leaves out from the command line.</summary>
    private VideoRow Fill(VideoInput? input)
    {
        var table = input?.Table;
        var piped = input?.Materials ?? [];

        // An asset goes beside the pictures of the command line; the one that a row names for itself, in their place.
        var replaces = input is { IsAsset: false } && table?["Image"] is null && piped.Any(IsImage);
        return new VideoRow
        {
            Name = Text(nameof(Name), Name),
            Prompt = input?.Prompt ?? Text(nameof(Prompt), Prompt),
            Model = Text(nameof(Model), Model),
            Duration = Text(nameof(Duration), Duration),
            Size = Text(nameof(Size), Size),
            Resolution = Text(nameof(Resolution), Resolution),
            Seed = Text(nameof(Seed), Seed),
            GenerateAudio = Flag(nameof(GenerateAudio), GenerateAudio),
            ReturnLastFrame = Flag(nameof(ReturnLastFrame), ReturnLastFrame),
            WebSearch = Flag(nameof(WebSearch), WebSearch),
            TaskType = Text(nameof(TaskType), TaskType),
            OutputFormat = Text(nameof(OutputFormat), OutputFormat),
            Watermark = Flag(nameof(Watermark), Watermark),
            CheckContent = Flag(nameof(CheckContent), CheckContent),
            AdditionalFields = _additional,
            Images = [.. replaces ? [] : Material(nameof(Image), Image), .. piped.Where(IsImage)],
            FirstFrame = Material(nameof(FirstFrame), FirstFrame),
            LastFrame = Material(nameof(LastFrame), LastFrame),
            References = Material(nameof(Reference), Reference),
            ReferenceVideos = [.. Material(nameof(ReferenceVideo), ReferenceVideo), .. piped.Where(material => material.AssetType == AssetType.Video)],
            ReferenceAudios = [.. Material(nameof(ReferenceAudio), ReferenceAudio), .. piped.Where(material => material.AssetType == AssetType.Audio)],
            Row = MyInvocation.ExpectingInput ? _row : 0,

            // An asset's id is that of its own row: of one asset there may be many videos.
            RowId = input is { IsAsset: true } && !_parameters.IsComputed(nameof(RowId)) ? (_parameters.IsGiven(nameof(RowId)) ? RowId : null) : Text(nameof(RowId), RowId),
            Kept = input is null ? null : _kept!.Read(table, InputObject, null),
            InputObject = InputObject?.BaseObject is PSCustomObject ? InputObject : InputObject?.BaseObject,
        };

        static bool IsImage(VideoMaterial material) => material.AssetType is null or AssetType.Image;

        // Of a row, the cell as it is written: the binder passes over what it cannot convert, in silence.
        string? Text(string name, object? bound) =>
            _parameters.Choose(name, Convert.ToString(bound, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null, table?.Text(name));

        string? Flag(string name, SwitchParameter bound) => table?.Text(name) ?? (_parameters.IsGiven(name) ? bound.ToString() : null);

        IReadOnlyList<VideoMaterial> Material(string name, object? bound) => [.. Materials.From(_parameters.Choose(name, bound, table?[name]))];
    }
}
