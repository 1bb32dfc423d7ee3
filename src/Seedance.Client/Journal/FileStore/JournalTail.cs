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
        var names = new LateNames(ledger.IsOurs);
        var reader = new JournalLineReader();
        for (int end; (end = tail.Span.IndexOf((byte)'\n')) >= 0; tail = tail[(end + 1)..])
        {
            if (ReadLine(reader, tail.Span[..end]) is { } line)
            {
                ledger.Apply(line);
                names.Add(line);
            }
        }

        return names.ToNames();
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
}
