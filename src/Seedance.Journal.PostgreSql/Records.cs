using System.Buffers;
using System.Text;
using System.Text.Json;
using Seedance.Journal.FileStore;

namespace Seedance.Journal.PostgreSql;

/// <summary>
/// Records as the database keeps them: lines of the journal's file format, so that a record means the same wherever it
/// lies and is put together by the same code.
/// </summary>
internal sealed class Records(string name)
{
    public static string Write(JournalLine line)
    {
        var buffer = new ArrayBufferWriter<byte>();
        JournalLineWriter.Write(buffer, line);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public JournalLine Read(string record)
    {
        try
        {
            return new JournalLineReader().Read(Encoding.UTF8.GetBytes(record)) ?? throw DatabaseErrors.Damaged(name);
        }
        catch (JsonException)
        {
            throw DatabaseErrors.Damaged(name);
        }
    }
}
