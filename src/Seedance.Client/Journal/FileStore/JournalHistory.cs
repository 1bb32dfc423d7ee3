namespace Seedance.Journal.FileStore;

/// <summary>Reads tasks and assets back out of the journal, in one pass, holding only what has not ended yet.</summary>
internal sealed class JournalHistory(IJournalFile file, JournalAccount account)
{
    private readonly AccountLedger _ledger = new(account);

    /// <summary>The account's tasks: each as it ended last, in that order, then those whose end was not seen, as accepted.</summary>
    public IEnumerable<SeedanceTask> ReadTasks(JournalQuery query)
    {
        using var view = Open();
        if (view is null)
        {
            yield break;
        }

        var superseded = new SupersededResults(view, file.Name);
        var sent = new Dictionary<string, JournalLine>(StringComparer.Ordinal);
        var accepted = new Dictionary<string, (JournalLine Intent, AvatarGroup? Group)>(StringComparer.Ordinal);
        var runs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (_, line) in new JournalFileReader(file.Name).Read(view))
        {
            _ledger.Apply(line);
            switch (line.Type)
            {
                case JournalLineType.Run when line is { Run: not null, RunName: not null }:
                    runs[line.Run] = line.RunName;
                    break;
                case JournalLineType.Intent when line is { Intent: not null, Cleared: null } && _ledger.IsOurs(line.Account):
                    line.RunName = line.Run is null ? null : runs.GetValueOrDefault(line.Run);
                    sent[line.Intent] = line;
                    break;
                case JournalLineType.Outcome or JournalLineType.Settled when line is { Intent: not null, Task: not null } && sent.Remove(line.Intent, out var intent):
                    var group = line.GroupId is null ? intent.Group : (intent.Group ?? new AvatarGroup()) with { GroupId = line.GroupId };
                    accepted[line.Task] = (intent, group);
                    break;
                case JournalLineType.Outcome when line is { Intent: not null, State: JournalState.Unsent or JournalState.Refused }:
                    sent.Remove(line.Intent);
                    break;
                default:
                    break;
            }

            // What was found in the library is accepted and ended in one.
            if (IsEnd(line) && !superseded.HasLaterEnd(line.Task!) && accepted.Remove(line.Task!, out var task))
            {
                var ended = superseded.Changes.Apply(JournalMapper.Restore(line.Task!, task.Intent, task.Group, line));
                if (query.Matches(ended))
                {
                    yield return ended;
                }
            }
        }

        foreach (var (taskId, task) in accepted)
        {
            var open = JournalMapper.Restore(taskId, task.Intent, task.Group, final: null);
            if (query.Matches(open))
            {
                yield return open;
            }
        }
    }

    /// <summary>The account's reviewed assets, as the last end of their task told them; of a row the last, unless all are wanted.</summary>
    public IEnumerable<SeedanceAsset> ReadAssets(JournalQuery query)
    {
        using var view = Open();
        if (view is null)
        {
            yield break;
        }

        var superseded = new SupersededResults(view, file.Name);
        foreach (var (_, line) in new JournalFileReader(file.Name).Read(view, IsWanted))
        {
            _ledger.Apply(line);
            if (!IsEnd(line) || line.Cleared == true || !_ledger.IsOurs(line.Account)
                || superseded.HasLaterEnd(line.Task!) || !query.Matches(line.Group, line.Project, line.Sent ?? line.Created ?? line.At))
            {
                continue;
            }

            foreach (var asset in JournalMapper.Assets(line).Select(superseded.Changes.Apply))
            {
                var isSuperseded = superseded.Contains(line.Task!, asset.SourceIndex);
                if (!isSuperseded || query.IncludeSuperseded)
                {
                    yield return isSuperseded ? asset with { IsSuperseded = true } : asset;
                }
            }
        }
    }

    /// <summary>The requests of a run that were not accepted, or not as far as is known.</summary>
    public IEnumerable<JournalIntent> ReadWithoutTask(string runId)
    {
        using var view = Open();
        if (view is null)
        {
            yield break;
        }

        var sent = new Dictionary<string, (int Place, JournalLine Line)>(StringComparer.Ordinal);
        var place = 0;
        foreach (var (_, line) in new JournalFileReader(file.Name).Read(view))
        {
            _ledger.Apply(line);
            if (line is { Type: JournalLineType.Intent, Intent: not null, Cleared: null } && line.Run == runId && _ledger.IsOurs(line.Account))
            {
                sent[line.Intent] = (place++, line);
            }
            else if (line is { Type: JournalLineType.Outcome or JournalLineType.Settled, Intent: not null } && (line.Task is not null || line.State == JournalState.Accepted))
            {
                sent.Remove(line.Intent);
            }
        }

        foreach (var (_, line) in sent.Values.OrderBy(one => one.Place))
        {
            yield return JournalMapper.Restore(line, line.Group);
        }
    }

    private static bool IsEnd(JournalLine line) => line is { Type: JournalLineType.Final or JournalLineType.Settled, Task: not null };

    // Ends, and in a journal of an earlier format what tells whose they are.
    private static bool IsWanted(ReadOnlyMemory<byte> line) =>
        line.Span.StartsWith("{\"type\":\"Final\""u8) || line.Span.StartsWith("{\"type\":\"Settled\""u8) || line.Span.StartsWith("{\"type\":\"Account\""u8);

    private IJournalView? Open() => Open(file, _ledger);

    /// <summary>Opens the file for one pass from its beginning; null if there is none.</summary>
    /// <exception cref="SeedanceException">It cannot be read.</exception>
    public static IJournalView? Open(IJournalFile file, AccountLedger ledger)
    {
        try
        {
            var view = file.Open();
            _ = view?.Length;
            if (view is not null)
            {
                ledger.ReadLegacy(view, file.Name);
            }

            return view;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw JournalErrors.NotReadable(file.Name, e);
        }
    }
}
