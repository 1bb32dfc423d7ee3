using Seedance.Runs;

namespace Seedance;

/// <summary>Makes the rows of a report of tasks and assets.</summary>
public static class ReportRows
{
    private const string NotSent = "The journal knows of no request that this row was sent with.";
    private const string Submit = "Submit it. What was accepted is left out with -Resume.";
    private const string UnderWay = "A run that is still going has it.";
    private const string Cleared = "It was accepted before, and what came of it was cleared from the journal.";
    private const string NoResult = "The review ended without a result for this row.";
    private const string MayCome = "It may still come: wait for the task again.";
    private const string WhichResult = "The review ended, and which of its results is this row's is not known.";
    private const string SendAgain = "Submit it again with -Resume -RetryFailed.";
    private const string SeeTask = "Look at the results of its task, and submit again what none of them is of.";

    /// <summary>Returns a row for each row of a task, in the order of submission, and one for each result that has no row.</summary>
    /// <param name="task">The task: accepted or ended.</param>
    /// <param name="includeThumbnails">False where nobody looks at them: no file is read then.</param>
    public static IEnumerable<ReportRow> From(SeedanceTask task, bool includeThumbnails = true)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task switch
        {
            { Kind: TaskKind.IdentitySession or TaskKind.IdentityResult } => [],
            { Kind: TaskKind.Video } or { Videos.Count: > 0 } => [Video(task, includeThumbnails)],
            { Sources.Count: 0, Assets.Count: 0 } => [Whole(task)],
            _ => Reviewed(task, includeThumbnails),
        };
    }

    /// <summary>Returns the row of an asset.</summary>
    /// <inheritdoc cref="From(SeedanceTask, bool)"/>
    public static ReportRow From(SeedanceAsset asset, bool includeThumbnails = true)
    {
        ArgumentNullException.ThrowIfNull(asset);
        return Asset(asset, asset.Source, includeThumbnails);
    }

    /// <summary>Returns what an error says of the row that it is about, beside which row that is.</summary>
    public static ReportRow From(SeedanceException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new ReportRow
        {
            // What was answered so that nobody can tell what became of it was sent all the same.
            State = error is { Delivery: Delivery.Unknown } or { Delivery: Delivery.Refused, Kind: SeedanceErrorKind.InvalidAnswer } ? ReportRowState.Unknown
                : error is { Kind: SeedanceErrorKind.InvalidInput, Delivery: Delivery.NotSent } ? ReportRowState.Invalid
                : ReportRowState.NotAccepted,
            Error = error.Message,
            Advice = error.RecommendedAction,
            IsLasting = error is { Delivery: Delivery.Refused, IsTransient: false },
        };
    }

    /// <summary>Returns the row of material that an error is about.</summary>
    /// <inheritdoc cref="From(SeedanceTask, bool)"/>
    public static ReportRow From(AssetSource source, SeedanceException error, bool includeThumbnails = true)
    {
        ArgumentNullException.ThrowIfNull(source);
        var told = From(error);
        return Described(source, includeThumbnails) with { State = told.State, Error = told.Error, Advice = told.Advice, IsLasting = told.IsLasting };
    }

    /// <summary>Returns the row of material that has no task, by what a journal knows of it.</summary>
    /// <param name="source">The row.</param>
    /// <param name="match">What the journal knows; null if it was never sent.</param>
    /// <param name="includeThumbnails">False where nobody looks at them: no file is read then.</param>
    internal static ReportRow From(AssetSource source, JournalMatch? match, bool includeThumbnails)
    {
        var row = Described(source, includeThumbnails) with { Tries = match?.Requests };
        return match switch
        {
            null or { State: JournalState.Unsent } => row with { State = ReportRowState.NotAccepted, Error = match?.Message ?? NotSent, Advice = Submit },
            { State: JournalState.Refused } => From(source, PriorOutcomes.Refused(source, match), includeThumbnails) with { Tries = match.Requests, Error = match.Message, IsLasting = !match.IsPassing },
            { State: JournalState.Unknown } => From(source, PriorOutcomes.Unknown(source, match), includeThumbnails) with { Tries = match.Requests },
            { State: JournalState.UnderWay or JournalState.Queued } => row with { State = ReportRowState.UnderWayElsewhere, Error = UnderWay },
            _ => row with { State = ReportRowState.AcceptedEarlier, Error = match.IsCleared ? Cleared : null },
        };
    }

    private static IEnumerable<ReportRow> Reviewed(SeedanceTask task, bool includeThumbnails)
    {
        var withoutRow = task.Assets.Where(asset => asset.SourceIndex < 0 || asset.SourceIndex >= task.Sources.Count).ToList();
        var resultOf = task.Assets.Except(withoutRow).ToLookup(asset => asset.SourceIndex);
        for (var i = 0; i < task.Sources.Count; i++)
        {
            var source = task.Sources[i];
            var row = resultOf[i].FirstOrDefault() is { } asset ? Asset(asset, source, includeThumbnails) : Sent(task, source, withoutRow.Count > 0, includeThumbnails);
            yield return Of(task, row);
        }

        foreach (var asset in withoutRow)
        {
            yield return Of(task, Asset(asset, asset.Source, includeThumbnails));
        }
    }

    private static ReportRow Video(SeedanceTask task, bool includeThumbnails)
    {
        var video = task.Videos.Count > 0 ? task.Videos[0] : null;
        return Whole(task) with
        {
            Type = ReportRowType.GeneratedVideo,
            Thumbnail = includeThumbnails ? ReportThumbnail.FromAddress(video?.ThumbnailUrl) : null,
            VideoUrl = video?.Url,
            VideoExpiresAt = video?.ExpiresAt,
        };
    }

    private static ReportRow Whole(SeedanceTask task) => Of(task, Described(task.Sources.Count > 0 ? task.Sources[0] : null, includeThumbnails: false) with
    {
        State = task.Status switch
        {
            SeedanceTaskStatus.Completed => ReportRowState.Usable,
            SeedanceTaskStatus.Failed or SeedanceTaskStatus.Cancelled => ReportRowState.Failed,
            _ => ReportRowState.Accepted,
        },
        Type = Type(task.AssetType),
        Cost = task.Cost,
    });

    private static ReportRow Asset(SeedanceAsset asset, AssetSource? source, bool includeThumbnails) => Described(source, includeThumbnails) with
    {
        State = asset.IsUsable ? ReportRowState.Usable : asset.Status == SeedanceAsset.UnderReview ? ReportRowState.Accepted : ReportRowState.Failed,
        Type = Type(source?.AssetType ?? asset.AssetType),
        Name = asset.Name ?? source?.Name,
        AssetUrl = asset.AssetUrl,
        MatchedBy = asset.MatchedBy,
        TaskId = asset.TaskId,
        Duration = Positive(asset.ReviewedAt - asset.SubmittedAt),
        Error = asset.IsUsable ? null : asset.Error?.ToString(),
        Advice = asset.IsUsable ? null : asset.Error?.Explanation,
        IsLasting = !asset.IsUsable && asset.Error is { IsPassing: false },
    };

    private static ReportRow Sent(SeedanceTask task, AssetSource source, bool isUnclear, bool includeThumbnails)
    {
        var row = Described(source, includeThumbnails);
        return !task.IsFinal ? row with { State = ReportRowState.Accepted }
            : isUnclear ? row with { State = ReportRowState.Unknown, Error = WhichResult, Advice = SeeTask }
            : task.Status is SeedanceTaskStatus.Completed ? row with { State = ReportRowState.Accepted, Error = NoResult, Advice = MayCome }
            : row with { State = ReportRowState.Failed, Error = task.Error is null ? NoResult : null, Advice = task.Error is null ? SendAgain : null };
    }

    /// <summary>Returns what a row says of itself.</summary>
    internal static ReportRow Described(AssetSource? source, bool includeThumbnails) => new()
    {
        State = ReportRowState.Accepted,
        Type = Type(source?.AssetType),
        Row = source is { Row: > 0 } ? source.Row : null,
        RowId = source?.RowId,
        Name = source is { IsNameGenerated: true } ? FileName(source) : source?.Name,
        KeptColumns = [.. (source?.Kept ?? new Dictionary<string, string>()).Select(column => KeyValuePair.Create(column.Key, (string?)column.Value))],
        Thumbnail = includeThumbnails && source is { AssetType: AssetType.Image } ? Thumbnail(source) : null,
    };

    // What the task says of itself holds for its rows, where they have nothing better.
    private static ReportRow Of(SeedanceTask task, ReportRow row) => row with
    {
        TaskId = task.TaskId,
        Duration = row.State is ReportRowState.Accepted ? null : Positive(task.CompletedAt - (task.CreatedAt ?? task.SubmittedAt)),
        Error = row.Error ?? (row.State is ReportRowState.Failed ? task.Error?.ToString() : null),
        Advice = row.Advice ?? (row.State is ReportRowState.Failed ? task.Error?.Explanation : null),

        // By this the journal decides what is sent again.
        IsLasting = row.IsLasting || (row.State is ReportRowState.Failed && task.Error is { IsPassing: false }),
    };

    // An address of which the query is missing does not lead to the picture.
    private static ReportThumbnail? Thumbnail(AssetSource source) =>
        source.Path is { } path ? ReportThumbnail.FromFile(path)
        : source.IsUrlCut && source.Address == source.SourceUrl ? null
        : ReportThumbnail.FromAddress(source.Address);

    private static string? FileName(AssetSource source) => source.Path is { } path ? System.IO.Path.GetFileName(path) : source.Name;

    // Where one of the two times is ours, clocks may disagree by more than a review takes.
    private static TimeSpan? Positive(TimeSpan? span) => span >= TimeSpan.Zero ? span : null;

    private static ReportRowType Type(AssetType? type) => type switch
    {
        AssetType.Video => ReportRowType.Video,
        AssetType.Audio => ReportRowType.Audio,
        _ => ReportRowType.Image,
    };
}
