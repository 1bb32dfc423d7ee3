namespace Seedance.Client.Tests.Journal;

/// <summary>The journal on a real disk, with several writers.</summary>
public sealed class DiskJournalTests : IDisposable
{
    private static readonly AvatarGroup s_cast = new() { Name = "cast" };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task File_lock_and_folder_are_their_users_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps the user's data folder to the user.");
        await using var journal = Open("new/journal.jsonl");
        await journal.BeginAsync(JournalRecords.Intent("1", s_cast, "https://example.com/a"));

        const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(File | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(_folder.File("new")));
            foreach (var file in Directory.GetFiles(_folder.File("new")))
            {
                Assert.Equal(File, System.IO.File.GetUnixFileMode(file));
            }
        }
    }

    [Fact]
    public async Task What_one_run_has_written_the_next_one_reads()
    {
        await using (var first = Open())
        {
            await first.BeginAsync(JournalRecords.Intent("1", s_cast, "https://example.com/a"));
            await first.EndAsync("1", JournalState.Accepted, "task_1");
        }

        await using var second = Open();
        Assert.Equal((JournalState.Accepted, "task_1"), await second.FindAsync("https://example.com/a", s_cast) is { } match ? (match.State, match.TaskId) : default);
        Assert.Null(await second.FindAsync("https://example.com/b", s_cast));
    }

    [Fact]
    public async Task Looking_at_a_journal_makes_none()
    {
        await using var journal = Open();
        Assert.Null(await journal.FindAsync("https://example.com/a", s_cast));
        Assert.Empty(journal.ReadTasks());
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Two_writers_lose_no_line_of_each_other()
    {
        const int Each = 300;
        await using var one = Open();
        await using var two = Open();
        await Task.WhenAll(WriteAsync(one, "one"), WriteAsync(two, "two"));

        await using var reader = Open();
        var tasks = reader.ReadTasks().Select(task => task.TaskId).ToHashSet();
        Assert.Equal(2 * Each, tasks.Count);
        Assert.Equal((4 * Each) + 1, (await File.ReadAllLinesAsync(_folder.File("journal.jsonl"), TestContext.Current.CancellationToken)).Length);

        static Task WriteAsync(FileJournal journal, string name) => Task.WhenAll(Enumerable.Range(0, Each).Select(async i =>
        {
            await journal.BeginAsync(JournalRecords.Intent($"{name}-{i}", s_cast, $"https://example.com/{name}/{i}"));
            await journal.EndAsync($"{name}-{i}", JournalState.Accepted, $"task_{name}_{i}");
        }));
    }

    [Fact]
    public async Task A_row_that_two_writers_claim_is_given_to_exactly_one()
    {
        const int Rows = 300;
        await using var one = Open();
        await using var two = Open();
        var given = new int[Rows];
        await Task.WhenAll(ClaimAsync(one, "one", Enumerable.Range(0, Rows)), ClaimAsync(two, "two", Enumerable.Range(0, Rows).Reverse()));

        Assert.All(given, count => Assert.Equal(1, count));
        await using var reader = Open();
        foreach (var row in (int[])[0, Rows / 2, Rows - 1])
        {
            Assert.Equal(JournalState.Unknown, (await reader.FindAsync($"https://example.com/{row}", s_cast))!.State);
        }

        Task ClaimAsync(FileJournal journal, string name, IEnumerable<int> rows) => Task.WhenAll(rows.Select(async row =>
        {
            var taken = await journal.BeginAsync(JournalRecords.Intent($"{name}-{row}", s_cast, $"https://example.com/{row}"), claim: true);
            if (taken.Count == 0)
            {
                Interlocked.Increment(ref given[row]);
            }
        }));
    }

    [Fact]
    public async Task Claims_of_one_write_see_each_other()
    {
        await using var journal = Open();
        var claims = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => journal.BeginAsync(JournalRecords.Intent($"{i}", s_cast, "https://example.com/a"), claim: true)));

        Assert.Single(claims, taken => taken.Count == 0);
    }

    [Fact]
    public async Task A_claim_that_follows_what_its_caller_saw_is_given()
    {
        await using var journal = Open();
        await journal.BeginAsync(JournalRecords.Intent("1", s_cast, "https://example.com/a"));
        var again = JournalRecords.Intent("2", s_cast, "https://example.com/a");
        Assert.Equal([0], await journal.BeginAsync(again, claim: true));

        var row = again.Rows[0] with { Supersedes = "1" };
        Assert.Empty(await journal.BeginAsync(again with { Rows = [row] }, claim: true));
        Assert.Equal([0], await journal.BeginAsync(again with { IntentId = "3", Rows = [row] }, claim: true));
    }

    private FileJournal Open(string name = "journal.jsonl") => new(new DiskJournalFile(_folder.File(name), TimeProvider.System), new JournalAccount("account"), TimeProvider.System);
}
