namespace Seedance.Client.Tests.Journal;

/// <summary>A journal that cannot be trusted or written: a clear error, nothing sent, nothing overwritten.</summary>
public sealed class BadJournalTests
{
    private const string Header = """{"type":"Journal","version":1,"at":"2026-01-01T00:00:00+00:00"}""" + "\n";

    [Theory]
    [InlineData("{\"type\":\"Journal\",\"version\":3}\n", "of format 3", "Update the module")]
    [InlineData("{\"type\":\"Journal\",\"version\":0}\n", "of format 0", "name another path")]
    [InlineData("{\"type\":\"Journal\"}\n", "not a Seedance journal", "-JournalPath")]
    [InlineData("{\"type\":\"Intent\",\"intent\":\"1\"}\n", "not a Seedance journal", "-JournalPath")]
    [InlineData("{}\n", "", "-JournalPath")]
    [InlineData("null\n", "not a Seedance journal", "-JournalPath")]
    [InlineData("\n\n\n", "not a Seedance journal", "-JournalPath")]
    [InlineData("Url,Name\nhttps://example.com/a.png,a\n", "", "-JournalPath")]
    [InlineData("Url,Name", "not a Seedance journal", "-JournalPath")]
    [InlineData("{\"some\":\"json without an end", "not a Seedance journal", "-JournalPath")]
    [InlineData("\0\0\0\0\0\0", "not a Seedance journal", "-JournalPath")]
    [InlineData("\u001b[0m\ufffd\u0003 garbage \n garbage", "", "-JournalPath")]
    public void A_file_that_is_no_journal_of_this_version_is_left_alone(string content, string said, string remedy)
    {
        foreach (var resume in (bool[])[false, true])
        {
            var file = new FakeJournalFile(content);
            var bench = new ClientFixture { JournalFile = file };
            var (events, end) = bench.Submit(ClientFixture.Rows(50, new AvatarGroup { Name = "cast" }), new() { Resume = resume });

            var failure = Assert.IsType<SeedanceException>(end);
            Assert.Equal(("Seedance.JournalUnavailable", Delivery.NotSent), (failure.ErrorId, failure.Delivery));
            Assert.Contains(file.Name, failure.Message, StringComparison.Ordinal);
            Assert.Contains(said, failure.Message, StringComparison.Ordinal);
            Assert.Contains(remedy, failure.RecommendedAction, StringComparison.Ordinal);
            Assert.Empty(events);
            Assert.Empty(bench.Network.Calls);
            Assert.Throws<SeedanceException>(() => bench.OpenJournal().ReadTasks().ToList());
            Assert.Throws<SeedanceException>(() => bench.OpenJournal().ReadAssets().ToList());
            Assert.Equal(content, file.Text);
        }
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("[1,2]")]
    [InlineData("{\"type\":\"Nonsense\"}")]
    [InlineData("{\"type\":\"Intent\",\"rows\":7}")]
    [InlineData("}{")]
    public void A_line_that_no_crash_explains_is_named_and_nothing_is_resumed_on_top_of_it(string line)
    {
        var content = $"{Header}{line}\n";
        var file = new FakeJournalFile(content);
        var bench = new ClientFixture { JournalFile = file };
        var (_, end) = bench.Submit(ClientFixture.Rows(5, new AvatarGroup { Name = "cast" }), new() { Resume = true });

        Assert.Contains("damaged at line 2", Assert.IsType<SeedanceException>(end).Message, StringComparison.Ordinal);
        Assert.Empty(bench.Network.Calls);
        Assert.Equal(content, file.Text);
        Assert.Throws<SeedanceException>(() => bench.OpenJournal().ReadTasks().ToList());
    }

    [Theory]
    [InlineData("file.txt/journal.jsonl")]
    [InlineData("folder")]
    public async Task A_place_that_no_file_can_be_made_in_is_a_clear_error(string path)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "file.txt"), "text", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(folder.Path, "folder"));
        await RefusesAsync(Path.Combine(folder.Path, path));
    }

    [Fact]
    public async Task A_folder_that_may_not_be_written_is_a_clear_error()
    {
        // The kernel's own folder lets nobody write, not even a superuser.
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has a folder that nobody may write to.");
        await RefusesAsync("/sys/journal.jsonl");
    }

    private static async Task RefusesAsync(string path)
    {
        await using var journal = new FileJournal(new DiskJournalFile(path, TimeProvider.System), new JournalAccount("account"), TimeProvider.System);
        var failure = await Assert.ThrowsAsync<SeedanceException>(() => journal.BeginAsync(JournalRecords.Intent("1", null, "https://example.com/a")));

        Assert.Equal(SeedanceErrorKind.JournalUnavailable, failure.Kind);
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        Assert.Contains("not sent", failure.Message, StringComparison.Ordinal);
    }
}
