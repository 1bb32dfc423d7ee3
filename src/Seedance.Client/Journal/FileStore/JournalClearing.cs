namespace Seedance.Journal.FileStore;

/// <summary>
/// Clears an account's old requests of what only people need: names, addresses, columns, ids and links. Hashes, outcomes
/// and what tells which rows failed stay, so that the rows are known for ever. What has no certain end stays whole.
/// </summary>
/// <param name="lines">Reads the lines of the journal.</param>
/// <param name="mine">Tells which lines are the account's, in their order; made anew for each reading.</param>
/// <param name="before">What was sent before then is old.</param>
/// <param name="now">What could be fetched until before then can be fetched no more.</param>
internal sealed class JournalClearing(Func<IEnumerable<JournalLine>> lines, Func<AccountLines> mine, DateTimeOffset before, DateTimeOffset now)
{
    private readonly HashSet<string> _requests = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tasks = new(StringComparer.Ordinal);
    private readonly HashSet<string> _runs = new(StringComparer.Ordinal);

    /// <summary>What was cleared.</summary>
    public JournalTransfer Transfer { get; private set; } = new() { Journal = string.Empty };

    /// <summary>The lines as they are to be.</summary>
    public IEnumerable<JournalLine> Clear()
    {
        Choose();
        var own = mine();
        foreach (var line in lines())
        {
            if (!own.Contains(line))
            {
                yield return line;
            }
            else if (Cleared(line) is { } left)
            {
                yield return left;
            }
        }
    }

    // Old, and with an outcome that nothing will change: not accepted, or accepted and ended.
    private void Choose()
    {
        var (own, old) = (mine(), new Dictionary<string, int>(StringComparer.Ordinal));
        var (intentOfTask, sent) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var line in lines())
        {
            if (!own.Contains(line))
            {
                continue;
            }

            switch (line)
            {
                case { Type: JournalLineType.Run, Run: { } run } when line.At < before:
                    _runs.Add(run);
                    break;
                case { Type: JournalLineType.Intent, Intent: { } intent }:
                    sent[intent] = line.Run ?? string.Empty;
                    if (line.At < before && line.Cleared is null)
                    {
                        old[intent] = line.Rows?.Count ?? 0;
                    }

                    break;
                case { Type: JournalLineType.Outcome, State: JournalState.Refused or JournalState.Unsent, Intent: { } refused } when old.ContainsKey(refused):
                    _requests.Add(refused);
                    break;
                case { Type: JournalLineType.Outcome, Task: { } task, Intent: { } accepted } when old.ContainsKey(accepted):
                    _requests.Remove(accepted);
                    intentOfTask[task] = accepted;
                    break;
                case { Type: JournalLineType.Settled, Task: { } task, Intent: { } settled } when old.ContainsKey(settled):
                    End(settled, task);
                    break;
                case { Type: JournalLineType.Final, Task: { } task } when intentOfTask.TryGetValue(task, out var ended):
                    End(ended, task);
                    break;
                default:
                    break;
            }

            void End(string intent, string task)
            {
                // One that may still go on is not over.
                if (line.Status is SeedanceTaskStatus.Completed or SeedanceTaskStatus.Failed or SeedanceTaskStatus.Cancelled)
                {
                    _requests.Add(intent);
                    _tasks.Add(task);
                }
            }
        }

        _runs.ExceptWith(sent.Where(one => !_requests.Contains(one.Key)).Select(one => one.Value));
        Transfer = Transfer with { Requests = _requests.Count, Rows = _requests.Sum(intent => old[intent]), Runs = _runs.Count };
    }

    private JournalLine? Cleared(JournalLine line) => line.Type switch
    {
        JournalLineType.Run or JournalLineType.RunEnd when _runs.Contains(line.Run!) => null,
        JournalLineType.Upload when line.At < before && !(line.Expires >= now) => null,
        JournalLineType.Intent when _requests.Contains(line.Intent!) => line with
        {
            Cleared = true,
            Run = null,
            Rows = [.. (line.Rows ?? []).Select(row => new JournalLine.LineRow { Key = row.Key, Supersedes = row.Supersedes, SupersedesRow = row.SupersedesRow })],
        },
        JournalLineType.Final or JournalLineType.Settled when line.Task is not null && _tasks.Contains(line.Task) => line with
        {
            Cleared = true,
            RunName = null,
            Assets = line.Assets is null ? null : [.. line.Assets.Select(asset => new JournalLine.LineAsset { Row = asset.Row, Usable = asset.Usable, Status = asset.Status, By = asset.By })],
        },
        _ => line,
    };
}
