namespace Seedance.Journal.FileStore;

/// <summary>
/// Puts two journals together: every record in its place in time, each once. Which record supersedes which is found anew,
/// since a request may come to lie before one that it knew nothing of.
/// </summary>
/// <param name="own">Reads the lines of the journal.</param>
/// <param name="imported">Reads the lines that are taken in.</param>
internal sealed class JournalMerge(Func<IEnumerable<JournalLine>> own, Func<IEnumerable<JournalLine>> imported)
{
    private readonly Dictionary<string, bool> _imported = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _replaced = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JournalIndex> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (JournalIndex Account, bool IsImported, int Twice)> _requests = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (JournalLine Line, bool IsImported)> _outcomes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private JournalLine _header = new() { Type = JournalLineType.Journal, Version = JournalLine.FormatVersion };
    private long _offset;

    /// <summary>What was taken in so far.</summary>
    public JournalTransfer Transfer { get; private set; } = new() { Journal = string.Empty };

    /// <summary>The lines of both, beginning with the one that says what the file is.</summary>
    public IEnumerable<JournalLine> Merge()
    {
        Compare();
        yield return _header;
        using var ours = Timed(own(), identity => !_replaced.Contains(identity)).GetEnumerator();
        using var theirs = Timed(imported(), identity => !_known.Contains(identity)).GetEnumerator();
        for (bool hasOurs = ours.MoveNext(), hasTheirs = theirs.MoveNext(); hasOurs || hasTheirs;)
        {
            var isImported = !hasOurs || (hasTheirs && theirs.Current.At < ours.Current.At);
            var line = (isImported ? theirs : ours).Current.Line;
            Apply(line, isImported);
            yield return line;
            if (isImported)
            {
                hasTheirs = theirs.MoveNext();
            }
            else
            {
                hasOurs = ours.MoveNext();
            }
        }

        Transfer = Transfer with { AccountNames = [.. _names.Order(StringComparer.Ordinal)] };
    }

    // What both have stays as it is here, but for what was cleared here and is whole there.
    private void Compare()
    {
        foreach (var line in imported())
        {
            TakeHeader(line);
            if (Identity(line) is { } identity)
            {
                _imported[identity] = line.Cleared == true;
            }
        }

        foreach (var line in own())
        {
            TakeHeader(line);
            if (Identity(line) is { } identity && _imported.TryGetValue(identity, out var isCleared))
            {
                var isReplaced = line.Cleared == true && !isCleared;
                (isReplaced ? _replaced : _known).Add(identity);
                if (!isReplaced && line.Type == JournalLineType.Intent)
                {
                    Transfer = Transfer with { AlreadyKnown = Transfer.AlreadyKnown + 1 };
                }
            }
        }
    }

    // The journal's own, of the older format of both: its lines are of that one or a later one.
    private void TakeHeader(JournalLine line)
    {
        if (line.Type == JournalLineType.Journal)
        {
            _header = line with { Version = Math.Min(line.Version ?? JournalLine.FormatVersion, _header.Version!.Value) };
        }
    }

    // A line that bears no time lies where the one before it does, and no line before the one that it was written behind.
    private static IEnumerable<(DateTimeOffset At, JournalLine Line)> Timed(IEnumerable<JournalLine> lines, Func<string, bool> isWanted)
    {
        var at = DateTimeOffset.MinValue;
        foreach (var line in lines)
        {
            // The first line tells when the file was made, which may be long after what it holds.
            if (Identity(line) is { } identity)
            {
                at = line.At > at ? line.At.Value : at;
                if (isWanted(identity))
                {
                    yield return (at, line);
                }
            }
        }
    }

    private void Apply(JournalLine line, bool isImported)
    {
        if (isImported)
        {
            Count(line);
        }

        if (line is { Type: JournalLineType.Outcome or JournalLineType.Settled, Intent: { } settled } && _requests.TryGetValue(settled, out var request))
        {
            CountOutcome(line, settled, request.Twice, isImported);
            Index(request.Account, line, []);
        }
        else if (line.Account is { } name)
        {
            if (!_accounts.TryGetValue(name, out var account))
            {
                _accounts[name] = account = new JournalIndex(_ => true, _ => false);
            }

            (int Row, JournalKey Key)[] keys = line.Type != JournalLineType.Intent ? []
                : [.. (line.Rows ?? []).Select((row, i) => (i, JournalKey.Restore(row.ContentHash(), line.Group)))];
            if (line is { Type: JournalLineType.Intent, Intent: { } intent })
            {
                var twice = keys.Count(one => account.Find(one.Key) is { State: JournalState.Accepted } before && _requests[before.IntentId].IsImported != isImported);
                _requests[intent] = (account, isImported, twice);
            }

            Index(account, line, keys);
        }
    }

    private void Index(JournalIndex account, JournalLine line, IEnumerable<(int Row, JournalKey Key)> keys)
    {
        account.MarkSuperseding(line, keys);
        account.Apply(_offset++, line);
    }

    private void Count(JournalLine line)
    {
        if (line.Type == JournalLineType.Intent)
        {
            _names.Add(line.Account ?? string.Empty);
            Transfer = Transfer with { Requests = Transfer.Requests + 1, Rows = Transfer.Rows + (line.Rows?.Count ?? 0) };
        }
        else if (line.Type == JournalLineType.Run)
        {
            Transfer = Transfer with { Runs = Transfer.Runs + 1 };
        }
    }

    private void CountOutcome(JournalLine line, string intent, int twice, bool isImported)
    {
        if (line.State == JournalState.Accepted)
        {
            Transfer = Transfer with { AcceptedTwice = Transfer.AcceptedTwice + twice };
        }

        if (_imported.ContainsKey($"Intent {intent}") && line.State is not (null or JournalState.Unknown))
        {
            if (_outcomes.TryGetValue(intent, out var before) && before.IsImported != isImported && Contradicts(before.Line, line))
            {
                Transfer = Transfer with { Contradictions = Transfer.Contradictions + 1 };
            }

            _outcomes[intent] = (line, isImported);
        }
    }

    // What one machine heard from the API and another found in the library is one task under two ids.
    private static bool Contradicts(JournalLine one, JournalLine other) =>
        one.State != other.State || (one.Task != other.Task && !IsFromLibrary(one) && !IsFromLibrary(other));

    private static bool IsFromLibrary(JournalLine line) => line.Task is { } task && SeedanceTask.IsLibraryId(task);

    private static string? Identity(JournalLine line) => line.Type switch
    {
        JournalLineType.Journal => null,
        JournalLineType.Intent or JournalLineType.Settled => $"{line.Type} {line.Intent}",
        JournalLineType.Outcome => $"{line.Type} {line.Intent} {line.At:O}",
        JournalLineType.Final => $"{line.Type} {line.Task} {line.At:O}",
        JournalLineType.Run or JournalLineType.RunEnd => $"{line.Type} {line.Run}",
        JournalLineType.Account => $"{line.Type} {line.Account} {line.Key} {line.Endpoint} {line.Legacy}",
        _ => $"{line.Type} {line.Account} {line.Hash} {line.At:O}",
    };
}
