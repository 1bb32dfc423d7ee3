namespace Seedance;

/// <summary>Reads tasks and assets back out of the journal, in one pass, holding only what has not ended yet.</summary>
internal static class JournalRecall
{
    /// <summary>The account's tasks: each as it ended, in that order, then those whose end was not seen, as accepted.</summary>
    public static IEnumerable<SeedanceTask> Tasks(IJournalFile file, string account)
    {
        var sent = new Dictionary<string, JournalLine>(StringComparer.Ordinal);
        var accepted = new Dictionary<string, (JournalLine Intent, AvatarGroup? Group)>(StringComparer.Ordinal);
        foreach (var (_, line) in Lines(file))
        {
            switch (line.Type)
            {
                case JournalLineType.Intent when line.Account == account && line.Intent is not null:
                    sent[line.Intent] = line;
                    break;
                case JournalLineType.Outcome when line.Intent is not null && sent.Remove(line.Intent, out var intent):
                    if (line.Task is not null)
                    {
                        var group = line.GroupId is null ? intent.Group : (intent.Group ?? new AvatarGroup()) with { GroupId = line.GroupId };
                        accepted[line.Task] = (intent, group);
                    }

                    break;
                case JournalLineType.Final when line.Task is not null && accepted.Remove(line.Task, out var task):
                    yield return JournalTasks.Restore(line.Task, task.Intent, task.Group, line);
                    break;
                default:
                    break;
            }
        }

        foreach (var (taskId, task) in accepted)
        {
            yield return JournalTasks.Restore(taskId, task.Intent, task.Group, final: null);
        }
    }

    /// <summary>The account's reviewed assets, each once.</summary>
    public static IEnumerable<SeedanceAsset> Assets(IJournalFile file, string account)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, line) in Lines(file, IsFinal))
        {
            if (line.Type == JournalLineType.Final && line.Account == account && line.Task is not null && seen.Add(line.Task))
            {
                foreach (var asset in JournalTasks.Assets(line))
                {
                    yield return asset;
                }
            }
        }
    }

    private static bool IsFinal(ReadOnlyMemory<byte> line) => line.Span.StartsWith("{\"type\":\"Final\""u8);

    private static IEnumerable<(long Offset, JournalLine Line)> Lines(IJournalFile file, Func<ReadOnlyMemory<byte>, bool>? wanted = null)
    {
        try
        {
            _ = file.Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw JournalFailures.NotReadable(file.Name, e);
        }

        return new JournalScan(file).Read(wanted);
    }
}
