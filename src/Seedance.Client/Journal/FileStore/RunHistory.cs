namespace Seedance.Journal.FileStore;

/// <summary>Reads runs out of the journal in one pass: what each sent, and what became of it by now.</summary>
internal sealed class RunHistory(IJournalFile file, JournalAccount account, TimeProvider time)
{
    private readonly AccountLedger _ledger = new(account);
    private readonly List<(RunSummary Run, string? Place)> _runs = [];
    private readonly Dictionary<string, RunSummary> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RunSummary> _byIntent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _intentOfTask = new(StringComparer.Ordinal);

    /// <summary>The account's runs, oldest first.</summary>
    public IEnumerable<Run> ReadRuns(JournalQuery query)
    {
        using (var view = JournalHistory.Open(file, _ledger))
        {
            if (view is null)
            {
                return [];
            }

            foreach (var (_, line) in new JournalFileReader(file.Name).Read(view))
            {
                _ledger.Apply(line);
                Apply(line);
            }
        }

        var now = time.GetUtcNow();
        return _runs.Select(one => one.Run.ToRun(isLive: one.Place is not null && file.IsRunHeld(one.Place), now)).Where(query.Matches);
    }

    private void Apply(JournalLine line)
    {
        switch (line.Type)
        {
            case JournalLineType.Run when line.Run is not null && _ledger.IsOurs(line.Account) && !_byId.ContainsKey(line.Run):
                var begun = new RunSummary(new JournalRun(line.Run, line.RunName) { Computer = line.Computer, ProcessId = line.Process }, line.At);
                _byId[line.Run] = begun;
                _runs.Add((begun, line.Path));
                break;
            case JournalLineType.RunEnd when line.Run is not null && _byId.TryGetValue(line.Run, out var run):
                run.End(JournalMapper.RunEnd(line), line.At);
                break;
            case JournalLineType.Intent when line is { Run: not null, Intent: not null } && _byId.TryGetValue(line.Run, out var run):
                run.Begin(line.Intent, line.Kind ?? TaskKind.Unknown, line.Group, [.. (line.Rows ?? []).Select(row => row.ContentHash())], line.At);
                _byIntent[line.Intent] = run;
                break;
            case JournalLineType.Outcome or JournalLineType.Settled when line.Intent is not null && _byIntent.TryGetValue(line.Intent, out var run):
                run.Settle(line.Intent, line.State ?? JournalState.Unknown, line.At);
                if (line.Task is not null)
                {
                    _intentOfTask[line.Task] = line.Intent;
                }

                if (line is { Type: JournalLineType.Settled, Status: SeedanceTaskStatus.Completed or SeedanceTaskStatus.Failed })
                {
                    Finish(line, line.Intent);
                }

                break;
            case JournalLineType.Final when line.Task is not null && _intentOfTask.TryGetValue(line.Task, out var intent):
                Finish(line, intent);
                break;
            default:
                break;
        }
    }

    private void Finish(JournalLine line, string intent)
    {
        var usable = line.Assets?.Count(asset => asset.Usable) ?? 0;
        _byIntent[intent].Finish(intent, line.Status, usable, (line.Assets?.Count ?? 0) - usable, line.Cost);
    }
}
