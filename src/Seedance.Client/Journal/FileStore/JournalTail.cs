using System.Text;
using System.Text.Json;

namespace Seedance.Journal.FileStore;

/// <summary>Reads the ids and names of late from the end of the file only, so that it takes no longer when the journal has grown for years.</summary>
internal static class JournalTail
{
    // Some hundred requests of 20 rows, in a few milliseconds.
    public const int TailLength = 256 * 1024;

    /// <summary>What the end of the file tells; nothing if it is missing, damaged or no journal of this version. Never throws.</summary>
    public static JournalNames Read(IJournalFile file, JournalAccount account)
    {
        try
        {
            using var view = file.Open();
            return view is not null && IsReadable(view) ? Collect(Tail(view), new AccountLedger(account)) : JournalNames.None;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whoever types gets no completion. What is wrong is told by the cmdlet that needs the journal.
            return JournalNames.None;
        }
    }

    private static bool IsReadable(IJournalView file)
    {
        var head = new byte[64];
        var text = Encoding.UTF8.GetString(head.AsSpan(0, file.Read(0, head))).TrimStart('\uFEFF');
        return Enumerable.Range(1, JournalLine.FormatVersion).Any(version => text.StartsWith($"{{\"type\":\"Journal\",\"version\":{version},", StringComparison.Ordinal));
    }

    private static ReadOnlyMemory<byte> Tail(IJournalView file)
    {
        var start = Math.Max(0, file.Length - TailLength);
        var bytes = new byte[TailLength];

        // The first line is likely cut in two; and what follows the last end of a line is still being written.
        var tail = bytes.AsMemory(0, file.Read(start, bytes));
        var first = start == 0 ? 0 : tail.Span.IndexOf((byte)'\n') + 1;
        return tail[first..Math.Max(first, tail.Span.LastIndexOf((byte)'\n') + 1)];
    }

    private static JournalNames Collect(ReadOnlyMemory<byte> tail, AccountLedger ledger)
    {
        var tasks = new Latest();
        var groupIds = new Latest();
        var groupNames = new Latest();
        var projects = new Latest();
        var runs = new Latest();
        var assets = new List<SeedanceAsset>();
        var changes = new AssetChanges();
        var sent = new Dictionary<string, JournalLine>(StringComparer.Ordinal);
        var reader = new JournalLineReader();
        for (int end; (end = tail.Span.IndexOf((byte)'\n')) >= 0; tail = tail[(end + 1)..])
        {
            if (ReadLine(reader, tail.Span[..end]) is not { } line)
            {
                continue;
            }

            ledger.Apply(line);

            if (line.Type == JournalLineType.Run && ledger.IsOurs(line.Account))
            {
                runs.Add(line.RunName, TaskKind.Unknown, $"begun {line.At?.LocalDateTime:g}");
            }

            if (ledger.IsOurs(line.Account))
            {
                CollectAssets(line, assets, changes);
            }

            // An outcome stands beside its intent, which tells the account and the rest.
            if (line is { Type: JournalLineType.Outcome or JournalLineType.Settled, Intent: not null } && sent.Remove(line.Intent, out var intent))
            {
                line = intent with { Task = line.Task, GroupId = line.GroupId ?? intent.GroupId, At = line.At };
            }
            else if (line is { Type: JournalLineType.Intent, Intent: not null })
            {
                sent[line.Intent] = line;
            }

            if (!ledger.IsOurs(line.Account) || line.Type is not (JournalLineType.Intent or JournalLineType.Final))
            {
                continue;
            }

            var kind = line.Kind ?? TaskKind.Unknown;
            tasks.Add(line.Task, kind, $"{kind}, {line.Status?.ToString() ?? "accepted"}, {line.At?.LocalDateTime:g}{(line.GroupName is null ? "" : $", {line.GroupName}")}");
            var used = $"last used {line.At?.LocalDateTime:g}";
            groupIds.Add(line.GroupId, kind, $"{line.GroupName ?? "a group"}, {used}");
            groupNames.Add(line.GroupName, kind, $"{line.GroupId ?? "a group"}, {used}");
            projects.Add(line.Project, kind, $"a project, {used}");
        }

        return new JournalNames
        {
            TaskIds = tasks.ToList(),
            GroupIds = groupIds.ToList(),
            GroupNames = groupNames.ToList(),
            ProjectNames = projects.ToList(),
            RunNames = runs.ToList(),
            Assets = [.. assets.AsEnumerable().Reverse().DistinctBy(asset => asset.AssetId).Select(changes.Apply)],
        };
    }

    private static void CollectAssets(JournalLine line, List<SeedanceAsset> assets, AssetChanges changes)
    {
        if (line.Type is JournalLineType.Final or JournalLineType.Settled)
        {
            assets.AddRange(JournalMapper.Assets(line));
        }
        else if (line.Type == JournalLineType.Changes)
        {
            JournalMapper.Changes(line).ForEach(changes.Add);
        }
    }

    // A line that cannot be read is of no use here.
    private static JournalLine? ReadLine(JournalLineReader reader, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return bytes.IsEmpty ? null : reader.Read(bytes);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed class Latest
    {
        private readonly Dictionary<string, (JournalName Name, int Order)> _names = new(StringComparer.Ordinal);
        private int _order;

        public void Add(string? value, TaskKind kind, string hint)
        {
            if (!string.IsNullOrEmpty(value))
            {
                _names[value] = (new JournalName(value, kind, hint), _order++);
            }
        }

        public IReadOnlyList<JournalName> ToList() => [.. _names.Values.OrderByDescending(name => name.Order).Select(name => name.Name)];
    }
}
