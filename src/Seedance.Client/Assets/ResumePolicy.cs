using System.Globalization;
using Seedance.Journal;
using Seedance.Runs;
using Seedance.Settling;

namespace Seedance.Assets;

/// <summary>A row that is to be sent.</summary>
/// <param name="Source">The row.</param>
/// <param name="Group">The group it goes to.</param>
/// <param name="Key">What the journal finds it by.</param>
/// <param name="Supersedes">The last request that it went out with, if it was sent before.</param>
internal sealed record PlannedRow(AssetSource Source, AvatarGroup Group, JournalKey Key, string? Supersedes)
{
    /// <summary>Gets whether it is not known what came of it, and it is sent all the same.</summary>
    public bool IsUnknown { get; init; }
}

/// <summary>Rows with what the journal knows of them, and what is to become of each.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Matches">What is recorded of each; null for one that was never sent.</param>
/// <param name="Actions">What is to become of each.</param>
/// <param name="Tasks">The tasks to give out again.</param>
internal sealed record LookedUpRows(List<PlannedRow> Rows, IReadOnlyList<JournalMatch?> Matches, List<ResumeAction> Actions, IReadOnlyList<SeedanceTask> Tasks);

/// <summary>
/// Decides for every row whether it is to be sent: what repeats a row of this run, is settled by an earlier one or is
/// under way in another is not. Rows are planned by the run's intake and planned again by its senders, at the same time.
/// </summary>
internal sealed class ResumePolicy(IJournal journal, SubmitOptions options, TimeProvider time, RequestSettler settler, RunTally tally, Action<SubmitEvent> publish)
{
    private readonly object _gate = new();
    private readonly SeenSet _seen = new();
    private readonly HashSet<string> _givenOut = new(StringComparer.Ordinal);
    private int _cleared;
    private readonly LastingFailures _lasting = new();
    private readonly RepeatNotice? _repeats = options.Resume ? null : new(publish);
    private readonly Dictionary<string, Finding> _findings = new(StringComparer.Ordinal);
    private readonly List<PlannedRow> _unknown = [];
    private ResumeRules? _rules;
    private AvatarGroup? _implied;

    /// <summary>Has the run begin, if it has not: what others send from now on, they send beside it.</summary>
    public async ValueTask BeginAsync(CancellationToken cancellationToken) => _rules ??= await RulesAsync(cancellationToken);

    /// <summary>Asks the journal about rows that came in. Some may be asked about at once, and are planned in the order in which they came.</summary>
    public Task<LookedUpRows> LookUpAsync(IReadOnlyList<AssetSource> rows, CancellationToken cancellationToken)
    {
        var planned = new List<PlannedRow>(rows.Count);
        foreach (var row in rows)
        {
            var source = Complete(row);
            var key = KeyOf(source, options.MatchBy);
            if (_seen.Add(key.ToRunHash()))
            {
                tally.Add();
                planned.Add(new PlannedRow(source, source.Group!, key, Supersedes: null));
            }
            else
            {
                publish(new SubmitWarning($"{row} repeats an earlier row of this run (same address, group, project and type); it is sent once."));
            }
        }

        return LookUpAsync(planned, cancellationToken);
    }

    /// <summary>The rows that are to be sent, of those that were asked about; what else becomes of them is published.</summary>
    public List<PlannedRow> Plan(LookedUpRows lookedUp)
    {
        var (rows, matches, actions) = (lookedUp.Rows, lookedUp.Matches, lookedUp.Actions);
        SetAside(rows, matches, actions);
        AdoptImplied(matches);
        GiveOut(lookedUp.Tasks);

        var toSend = new List<PlannedRow>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            tally.Count(actions[i]);
            if (actions[i] == ResumeAction.GiveOut && matches[i]!.IsCleared)
            {
                Interlocked.Increment(ref _cleared);
            }

            switch (actions[i])
            {
                case ResumeAction.Send or ResumeAction.GiveOutAndSend:
                    _repeats?.Add(rows[i].Source, matches[i]);
                    var group = rows[i].Group.IsImplied ? Implied() : rows[i].Group;
                    toSend.Add(new PlannedRow(rows[i].Source with { Group = group, RecordedHash = rows[i].Key.ContentHash }, group, rows[i].Key with { Group = group }, matches[i]?.LastIntentId)
                    {
                        IsUnknown = matches[i] is { State: JournalState.Unknown },
                    });
                    break;
                case ResumeAction.ReportUnknown:
                    publish(new RowFailed(rows[i].Source, PriorOutcomes.Unknown(rows[i].Source, matches[i]!, _findings.GetValueOrDefault(matches[i]!.IntentId)?.Message)));
                    break;
                case ResumeAction.ReportRefused:
                    publish(new RowFailed(rows[i].Source, PriorOutcomes.Refused(rows[i].Source, matches[i]!)));
                    break;
                case ResumeAction.GiveOutRefused:
                    _lasting.Add(matches[i]!);
                    break;
                case ResumeAction.GiveOutUnclear:
                    publish(new RowFailed(rows[i].Source, PriorOutcomes.Unclear(rows[i].Source, matches[i]!)));
                    break;
                default:
                    break;
            }
        }

        return toSend;
    }

    /// <summary>Whether a row would be sent now.</summary>
    public async ValueTask<bool> IsToBeSentAsync(AssetSource row, CancellationToken cancellationToken)
    {
        var match = (await journal.FindAsync([KeyOf(Complete(row), options.MatchBy)], cancellationToken))[0];
        return (await RulesAsync(cancellationToken)).Decide(match, isVideo: false) is ResumeAction.Send or ResumeAction.GiveOutAndSend;
    }

    /// <summary>What is left to send of a batch of which another runner has taken some rows.</summary>
    public async ValueTask<List<PlannedRow>> ReplanAsync(List<PlannedRow> batch, IReadOnlyList<int> taken, CancellationToken cancellationToken)
    {
        var free = batch.Where((_, i) => !taken.Contains(i)).ToList();
        free.AddRange(Plan(await LookUpAsync([.. taken.Select(i => batch[i])], cancellationToken)));
        return free;
    }

    /// <summary>
    /// Looks in the library for the rows whose outcome is not known, and returns those that are to be sent all the same.
    /// For when all else has been sent and answered: what is under way might be taken for what is looked for.
    /// </summary>
    public async ValueTask<List<PlannedRow>> SettleAsync(CancellationToken cancellationToken)
    {
        List<PlannedRow> unknown;
        lock (_gate)
        {
            unknown = [.. _unknown];
        }

        if (unknown.Count == 0)
        {
            return [];
        }

        publish(new RowsLookedUp(unknown.Count));
        var intents = (await journal.FindAsync([.. unknown.Select(row => row.Key)], cancellationToken)).Select(match => match?.IntentId).ToHashSet();
        foreach (var finding in await settler.SettleAsync(request => intents.Contains(request.Intent.IntentId), isRehearsal: false, cancellationToken))
        {
            _findings[finding.Request.Intent.IntentId] = finding;
        }

        lock (_gate)
        {
            _unknown.Clear();
        }

        return Plan(await LookUpAsync(unknown, cancellationToken));
    }

    /// <summary>Publishes, once, how many rows are left to other runs, or as they failed. Rows that the library was not asked about, since the run was called off, stay unknown.</summary>
    public void Complete()
    {
        _unknown.ForEach(_ => tally.Count(ResumeAction.ReportUnknown));
        if (_lasting.Summarize() is { } lasting)
        {
            publish(lasting);
        }

        if (_cleared > 0)
        {
            publish(PriorOutcomes.Cleared(_cleared));
        }

        if (tally.UnderWayElsewhere is > 0 and var count)
        {
            publish(PriorOutcomes.UnderWay(count));
        }
    }

    /// <summary>What the journal finds a row by.</summary>
    public static JournalKey KeyOf(AssetSource source, MatchBy matchBy)
    {
        var (identity, older) = RowIdentity.Of(source, matchBy);
        return JournalKey.Create(source.AssetType.ToString(), source.ProjectName, identity, source.Group, older, source.Name);
    }

    private async Task<LookedUpRows> LookUpAsync(List<PlannedRow> rows, CancellationToken cancellationToken)
    {
        var matches = await journal.FindAsync([.. rows.Select(row => row.Key)], cancellationToken);
        var actions = matches.Select(match => _rules!.Value.Decide(match, isVideo: false)).ToList();
        List<string> taskIds;
        lock (_gate)
        {
            taskIds = [.. matches.Where((_, i) => IsGivenOut(actions[i])).Select(match => match!.TaskId).OfType<string>().Distinct().Where(id => !_givenOut.Contains(id))];
        }

        var tasks = taskIds.Count == 0 ? [] : await journal.FindTasksAsync(taskIds, cancellationToken);
        return new LookedUpRows(rows, matches, actions, [.. tasks.OfType<SeedanceTask>()]);
    }

    // What the library has not been asked about yet, waits until it is.
    private void SetAside(List<PlannedRow> rows, IReadOnlyList<JournalMatch?> matches, List<ResumeAction> actions)
    {
        for (var i = 0; options.Resume && i < actions.Count; i++)
        {
            if (matches[i] is { State: JournalState.Unknown } match && !_findings.ContainsKey(match.IntentId))
            {
                lock (_gate)
                {
                    _unknown.Add(rows[i]);
                }

                actions[i] = ResumeAction.Wait;
            }
        }
    }

    private static bool IsGivenOut(ResumeAction action) =>
        action is ResumeAction.GiveOut or ResumeAction.GiveOutAndSend or ResumeAction.GiveOutRefused or ResumeAction.GiveOutUnclear;

    private void GiveOut(IReadOnlyList<SeedanceTask> tasks)
    {
        foreach (var task in tasks)
        {
            bool isFirst;
            lock (_gate)
            {
                isFirst = _givenOut.Add(task.TaskId);
            }

            if (isFirst)
            {
                publish(new TaskAccepted(task, Resumed: true));
            }
        }
    }

    // A run that names no group goes on with the one that its earlier run described.
    private void AdoptImplied(IReadOnlyList<JournalMatch?> matches)
    {
        if (options.Resume && matches.LastOrDefault(match => match?.Group is { IsImplied: true })?.Group is { } earlier)
        {
            lock (_gate)
            {
                _implied = _implied is { GroupId: not null } ? _implied : earlier;
            }
        }
    }

    private async ValueTask<ResumeRules> RulesAsync(CancellationToken cancellationToken) =>
        new(options.Resume, options.RetryFailed, options.RetryUnknown, await journal.GetPositionAsync(cancellationToken)) { RetryRefused = options.RetryRefused };

    private AssetSource Complete(AssetSource row)
    {
        var group = row.Group ?? options.Group ?? Implied();
        return row with { Group = group, ProjectName = row.ProjectName ?? group.ProjectName ?? AvatarGroup.DefaultProject };
    }

    private AvatarGroup Implied()
    {
        lock (_gate)
        {
            return _implied ??= new AvatarGroup
            {
                Name = time.GetLocalNow().ToString("'seedance-'yyyyMMdd'-'HHmmss", CultureInfo.InvariantCulture),
                IsImplied = true,
            };
        }
    }
}
