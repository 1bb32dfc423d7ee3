using System.Globalization;
using Seedance.Journal;

namespace Seedance.Assets;

/// <summary>A row that is to be sent.</summary>
/// <param name="Source">The row.</param>
/// <param name="Group">The group it goes to.</param>
/// <param name="Key">What the journal finds it by.</param>
/// <param name="Supersedes">The request that it is meant to follow, if it was sent before.</param>
internal sealed record PlannedRow(AssetSource Source, AvatarGroup Group, JournalKey Key, string? Supersedes);

/// <summary>Decides for every row whether it is to be sent: what repeats a row of this run, or is settled by an earlier one, is not.</summary>
internal sealed class ResumePolicy(IJournal journal, SubmitOptions options, TimeProvider time, Action<SubmitEvent> publish)
{
    private readonly SeenSet _seen = new();
    private readonly HashSet<string> _givenOut = new(StringComparer.Ordinal);
    private AvatarGroup? _implied;

    /// <summary>The rows that are to be sent, of those that came in.</summary>
    public async ValueTask<IReadOnlyList<PlannedRow>> PlanAsync(IReadOnlyList<AssetSource> rows, CancellationToken cancellationToken)
    {
        var planned = new List<PlannedRow>(rows.Count);
        foreach (var row in rows)
        {
            var group = row.Group ?? options.Group ?? Implied();
            var source = row with { Group = group, ProjectName = row.ProjectName ?? group.ProjectName ?? AvatarGroup.DefaultProject };
            var key = JournalKey.Create(source.AssetType.ToString(), source.ProjectName, source.Identity, group);
            if (_seen.Add(key.Places()[0]))
            {
                planned.Add(new PlannedRow(source, group, key, Supersedes: null));
            }
            else
            {
                publish(new SubmitNotice($"{row} repeats an earlier row of this run (same address, group, project and type); it is sent once."));
            }
        }

        return options.Resume ? await SettleAsync(planned, cancellationToken) : planned;
    }

    /// <summary>What is left to send of a batch of which another runner has taken some rows.</summary>
    public async ValueTask<List<PlannedRow>> ReplanAsync(List<PlannedRow> batch, IReadOnlyList<int> taken, CancellationToken cancellationToken)
    {
        var free = batch.Where((_, i) => !taken.Contains(i)).ToList();
        free.AddRange(await SettleAsync([.. taken.Select(i => batch[i])], cancellationToken));
        return free;
    }

    private async ValueTask<List<PlannedRow>> SettleAsync(List<PlannedRow> rows, CancellationToken cancellationToken)
    {
        var matches = await journal.FindAsync([.. rows.Select(row => row.Key)], cancellationToken);

        // A run that names no group goes on with the one that its earlier run described.
        if (_implied is { GroupId: null } && matches.LastOrDefault(match => match?.Group is { IsImplied: true })?.Group is { } earlier)
        {
            _implied = earlier;
        }

        var toSend = new List<PlannedRow>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            if (matches[i] is not { } match || await IsToBeSentAsync(rows[i].Source, match, cancellationToken))
            {
                var group = rows[i].Group.IsImplied ? Implied() : rows[i].Group;
                toSend.Add(rows[i] with
                {
                    Group = group,
                    Key = rows[i].Key with { Group = group },
                    Source = rows[i].Source with { Group = group },
                    Supersedes = matches[i]?.IntentId,
                });
            }
        }

        return toSend;
    }

    private async ValueTask<bool> IsToBeSentAsync(AssetSource row, JournalMatch match, CancellationToken cancellationToken)
    {
        switch (match.State)
        {
            case JournalState.Accepted or JournalState.ReviewFailed:
                if (match.TaskId is not null && _givenOut.Add(match.TaskId) && await journal.FindTaskAsync(match.TaskId, cancellationToken) is { } task)
                {
                    publish(new TaskAccepted(task, Resumed: true));
                }

                return match.State == JournalState.ReviewFailed && options.RetryFailed;
            case JournalState.Unknown when !options.RetryUnknown:
                publish(new RowFailed(row, Unknown(row, match)));
                return false;
            case JournalState.Refused when !options.RetryFailed:
                publish(new RowFailed(row, Refused(row, match)));
                return false;
            default:
                return true;
        }
    }

    private AvatarGroup Implied() => _implied ??= new AvatarGroup
    {
        Name = time.GetLocalNow().ToString("'seedance-'yyyyMMdd'-'HHmmss", CultureInfo.InvariantCulture),
        IsImplied = true,
    };

    private static SeedanceException Unknown(AssetSource row, JournalMatch match) =>
        new(SeedanceErrorKind.InvalidAnswer, Delivery.Unknown,
            $"{row} was sent before, and whether it was accepted is not known; it was not sent again. Then: {match.Message ?? "the run was cut off, or it is still under way."}")
        {
            RecommendedAction = "Look at the account. If it was not accepted, run again with -Resume -RetryUnknown.",
        };

    private static SeedanceException Refused(AssetSource row, JournalMatch match) =>
        new(SeedanceErrorKind.InvalidRequest, Delivery.Refused, $"{row} was refused before and was not sent again. Then: {match.Message}")
        {
            RecommendedAction = "Correct what the message names; to send it as it is, run again with -Resume -RetryFailed.",
        };
}
