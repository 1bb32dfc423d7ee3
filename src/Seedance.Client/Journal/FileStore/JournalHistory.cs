using System.Runtime.CompilerServices;

namespace Seedance.Journal.FileStore;

/// <summary>Reads tasks and assets back out of the journal, in one pass, holding only what has not ended yet.</summary>
internal static class JournalHistory
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
                    yield return JournalMapper.Restore(line.Task, task.Intent, task.Group, line);
                    break;
                default:
                    break;
            }
        }

        foreach (var (taskId, task) in accepted)
        {
            yield return JournalMapper.Restore(taskId, task.Intent, task.Group, final: null);
        }
    }

    /// <summary>The account's reviewed assets, each once.</summary>
    public static IEnumerable<SeedanceAsset> Assets(IJournalFile file, string account)
    {
        var seen = new SeenSet();
        foreach (var (_, line) in Lines(file, IsFinal))
        {
            if (line.Type == JournalLineType.Final && line.Account == account && line.Task is not null && seen.Add(Fingerprint(line.Task)))
            {
                foreach (var asset in JournalMapper.Assets(line))
                {
                    yield return asset;
                }
            }
        }
    }

    // FNV-1a: sixteen bytes a task are held, where its id takes six times as many and keeps the collector busy. Compiled
    // well at once: a hundred thousand ids would have passed before the runtime gets to it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static UInt128 Fingerprint(string id)
    {
        var prime = new UInt128(0x0000000001000000, 0x000000000000013B);
        var hash = new UInt128(0x6C62272E07BB0142, 0x62B821756295C58D);
        foreach (var letter in id)
        {
            hash = (hash ^ letter) * prime;
        }

        return hash;
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
            throw JournalErrors.NotReadable(file.Name, e);
        }

        return new JournalFileReader(file).Read(wanted);
    }
}
