using System.Text;

namespace Seedance.Client.Tests.Journal;

/// <summary>A line that a crash cut off hides nothing that came before it, and nothing that comes after.</summary>
public sealed class TornJournalTests
{
    private static readonly AvatarGroup s_cast = new() { Name = "Ensemble d’été 春" };

    [Fact]
    public async Task A_journal_cut_at_any_byte_keeps_its_whole_lines_and_goes_on_with_a_line_of_its_own()
    {
        var whole = await WholeAsync();
        var bytes = Encoding.UTF8.GetBytes(whole.Text);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            await CheckAsync(bytes.AsMemory(0, cut), cut == 0 ? 0 : bytes.AsSpan(0, cut).Count((byte)'\n'), $"cut at {cut}");
        }
    }

    [Fact]
    public async Task Zeros_at_the_end_as_some_file_systems_leave_them_hide_nothing()
    {
        var whole = await WholeAsync();
        var bytes = Encoding.UTF8.GetBytes(whole.Text);
        for (var cut = whole.Lines[0].Length + 1; cut <= bytes.Length; cut += 7)
        {
            await CheckAsync((byte[])[.. bytes[..cut], .. new byte[100]], bytes.AsSpan(0, cut).Count((byte)'\n'), $"zeros from {cut}");
        }
    }

    [Fact]
    public async Task A_line_that_only_lacks_its_end_counts_once_the_next_is_written()
    {
        var whole = await WholeAsync();
        var file = new FakeJournalFile(whole.Text.TrimEnd('\n'));
        var journal = new FileJournal(file, new JournalAccount("account"), TimeProvider.System);
        Assert.Equal(JournalState.Unknown, (await journal.FindAsync("https://example.com/b", s_cast))!.State);
        await journal.BeginAsync(JournalRecords.Intent("new", s_cast, "https://example.com/new"));

        Assert.Equal(JournalState.Accepted, (await journal.FindAsync("https://example.com/b", s_cast))!.State);
    }

    /// <param name="content">What is left of the journal.</param>
    /// <param name="kept">How many lines are whole, the header among them.</param>
    /// <param name="where">Which case this is.</param>
    private static async Task CheckAsync(ReadOnlyMemory<byte> content, int kept, string where)
    {
        var file = new MemoryJournalFile();
        await file.WriteAsync(0, content);
        JournalState?[] expected = kept switch
        {
            <= 1 => [null, null],
            2 => [JournalState.Unknown, null],
            3 => [JournalState.Accepted, null],
            4 => [JournalState.Accepted, JournalState.Unknown],
            _ => [JournalState.Accepted, JournalState.Accepted],
        };
        Assert.True(Enumerable.SequenceEqual(expected, await StatesAsync(file)), where);

        var writer = new FileJournal(file, new JournalAccount("account"), TimeProvider.System);
        await writer.BeginAsync(JournalRecords.Intent("new", s_cast, "https://example.com/new"));
        await writer.EndAsync("new", JournalState.Accepted, "task_new");
        var reader = new FileJournal(file, new JournalAccount("account"), TimeProvider.System);
        Assert.True((await reader.FindAsync("https://example.com/new", s_cast)) is { TaskId: "task_new", State: JournalState.Accepted }, where);

        // A line that lacked its end alone is whole now; the others are as they were.
        var after = await StatesAsync(file);
        Assert.True(after.Zip(expected).All(pair => pair.First == pair.Second || pair.First > pair.Second || pair.Second is null), $"{where}: {string.Join(',', after)}");
        Assert.True(reader.ReadTasks().Count(task => task.TaskId == "task_new") == 1, where);
        Assert.Empty(reader.ReadAssets());
    }

    private static async Task<JournalState?[]> StatesAsync(IJournalFile file)
    {
        var journal = new FileJournal(file, new JournalAccount("account"), TimeProvider.System);
        return [(await journal.FindAsync("https://example.com/a", s_cast))?.State, (await journal.FindAsync("https://example.com/b", s_cast))?.State];
    }

    /// <summary>Header, intent and outcome of a, intent and outcome of b.</summary>
    private static async Task<FakeJournalFile> WholeAsync()
    {
        var file = new FakeJournalFile();
        var journal = new FileJournal(file, new JournalAccount("account"), TimeProvider.System);
        foreach (var name in (string[])["a", "b"])
        {
            await journal.BeginAsync(JournalRecords.Intent(name, s_cast, $"https://example.com/{name}"));
            await journal.EndAsync(name, JournalState.Accepted, $"task_{name}", "group_1");
        }

        return file;
    }
}
