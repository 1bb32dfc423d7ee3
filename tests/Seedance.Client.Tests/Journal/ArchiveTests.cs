using System.Text.Json;

namespace Seedance.Client.Tests.Journal;

/// <summary>Records travel between journals, and are cleared, without a row being sent twice or an outcome lost.</summary>
public sealed class ArchiveTests : IDisposable
{
    private static readonly AvatarGroup s_cast = new() { Name = "cast" };
    private readonly TemporaryFolder _folder = new();
    private readonly ClientFixture _bench = new() { JournalFile = new FakeJournalFile() };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_exported_is_known_on_another_machine()
    {
        Deliver([.. ClientFixture.Rows(25, s_cast), .. ClientFixture.Rows(2, s_cast, prefix: "reject")]);
        var assets = Assets();
        var exported = Export("out.jsonl");
        Assert.Equal((2, 27, 1), (exported.Requests, exported.Rows, exported.Runs));
        Assert.Equal(new FileInfo(_folder.File("out.jsonl")).Length, exported.Size);

        _bench.JournalFile = new FakeJournalFile();
        var taken = Import("out.jsonl");
        Assert.Equal((2, 27, 1, 0, 0), (taken.Requests, taken.Rows, taken.Runs, taken.AlreadyKnown, taken.AcceptedTwice));
        Assert.Equal(["account"], taken.AccountNames);
        Assert.Equal(assets, Assets());
        Assert.Equal(0, Sent(() => Deliver([.. ClientFixture.Rows(25, s_cast), .. ClientFixture.Rows(2, s_cast, prefix: "reject")], resume: true)));
    }

    [Fact]
    public void What_is_known_is_taken_in_once()
    {
        Deliver(ClientFixture.Rows(3, s_cast));
        Export("out.jsonl");
        var before = Content();
        var again = Import("out.jsonl");
        Assert.Equal((0, 1, 0), (again.Requests, again.AlreadyKnown, again.Runs));
        Assert.Equal(before, Content());
    }

    /// <summary>On one machine the review failed, on the other, later, it passed: whichever takes in the other's records, the later counts.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_last_outcome_is_the_last_of_both(bool isLaterIntoEarlier)
    {
        var row = ClientFixture.Rows(1, s_cast)[0] with { RowId = "7" };
        var earlier = _bench.JournalFile;
        Deliver([row with { Address = "https://example.com/reject-1.png" }]);
        var later = _bench.JournalFile = new FakeJournalFile();
        _bench.Time.Advance(TimeSpan.FromHours(1));
        Deliver([row]);

        _bench.JournalFile = isLaterIntoEarlier ? later : earlier;
        Export("out.jsonl");
        _bench.JournalFile = isLaterIntoEarlier ? earlier : later;
        var taken = Import("out.jsonl");

        Assert.Equal((1, 0), (taken.Requests, taken.AcceptedTwice));
        Assert.True(Assert.Single(_bench.OpenJournal().ReadAssets()).IsUsable);
        Assert.Equal(2, _bench.OpenJournal().ReadAssets(new JournalQuery { IncludeSuperseded = true }).Count());
        Assert.Equal(0, Sent(() => Deliver([row], resume: true)));
    }

    [Fact]
    public void What_was_accepted_on_both_machines_is_counted_and_both_are_kept()
    {
        Deliver(ClientFixture.Rows(3, s_cast));
        Export("out.jsonl");
        _bench.JournalFile = new FakeJournalFile();
        Deliver([.. ClientFixture.Rows(2, s_cast), .. ClientFixture.Rows(4, s_cast, prefix: "b")]);

        Assert.Equal(2, Import("out.jsonl").AcceptedTwice);
        Assert.Equal(7, _bench.OpenJournal().ReadAssets().Count());
        Assert.Equal(9, _bench.OpenJournal().ReadAssets(new JournalQuery { IncludeSuperseded = true }).Count());
    }

    [Fact]
    public async Task Outcomes_that_contradict_each_other_are_counted_and_the_later_counts()
    {
        await Begin("1", "https://example.com/a");
        Export("out.jsonl");
        await _bench.OpenJournal().EndAsync("1", JournalState.Refused, null);
        var refused = _bench.JournalFile;
        _bench.JournalFile = new FakeJournalFile();
        Import("out.jsonl");
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        await _bench.OpenJournal().EndAsync("1", JournalState.Accepted, "task_1");
        Export("accepted.jsonl");

        _bench.JournalFile = refused;
        Assert.Equal(1, Import("accepted.jsonl").Contradictions);
        Assert.Equal(JournalState.Accepted, (await _bench.OpenJournal().FindAsync("https://example.com/a", s_cast))!.State);
    }

    /// <summary>One machine lost the answer and found the row in the library, the other heard its task's id: both are right.</summary>
    [Fact]
    public async Task What_the_library_showed_of_an_accepted_request_contradicts_nothing()
    {
        await Begin("1", "https://example.com/a");
        Export("out.jsonl");
        await _bench.OpenJournal().EndAsync("1", JournalState.Accepted, SeedanceTask.LibraryId("1"));
        var settled = _bench.JournalFile;
        _bench.JournalFile = new FakeJournalFile();
        Import("out.jsonl");
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        await _bench.OpenJournal().EndAsync("1", JournalState.Accepted, "task_1");
        Export("accepted.jsonl");

        _bench.JournalFile = settled;
        Assert.Equal(0, Import("accepted.jsonl").Contradictions);
    }

    [Fact]
    public async Task A_journal_that_corrected_itself_contradicts_nothing()
    {
        await Begin("1", "https://example.com/a");
        await _bench.OpenJournal().EndAsync("1", JournalState.Refused, null);
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        await _bench.OpenJournal().EndAsync("1", JournalState.Accepted, "task_1");
        Export("out.jsonl");
        _bench.JournalFile = new FakeJournalFile();
        await Begin("2", "https://example.com/b");
        var taken = Import("out.jsonl");
        Assert.Equal((1, 0), (taken.Requests, taken.Contradictions));
    }

    [Fact]
    public void Records_are_taken_over_as_another_account()
    {
        Deliver(ClientFixture.Rows(3, s_cast));
        Export("out.jsonl");
        _bench.JournalFile = new FakeJournalFile();
        Assert.Equal(["studio"], Import("out.jsonl", "studio").AccountNames);
        Assert.Empty(_bench.OpenJournal().ReadAssets());
        Assert.Equal(3, _bench.OpenJournal("studio").ReadAssets().Count());
    }

    [Fact]
    public void A_rehearsal_counts_and_changes_nothing()
    {
        Deliver(ClientFixture.Rows(3, s_cast));
        var before = Content();
        Assert.Equal(3, Clear(isRehearsal: true).Rows);
        Export("out.jsonl");
        Assert.Equal(before, Content());
        _bench.JournalFile = new FakeJournalFile();
        Assert.Equal(3, Import("out.jsonl", isRehearsal: true).Rows);
        Assert.Equal(string.Empty, Content());
    }

    [Fact]
    public void What_was_cleared_is_not_sent_again_and_comes_back_with_an_import()
    {
        AssetSource[] rows = [.. ClientFixture.Rows(20, s_cast), .. ClientFixture.Rows(20, s_cast, prefix: "b")];
        rows = [.. rows.Select(row => row with { Kept = new Dictionary<string, string> { ["Scene"] = "a secret place" } })];
        Deliver(rows);
        var assets = Assets();
        Export("out.jsonl");
        _bench.Time.Advance(TimeSpan.FromDays(1));
        var cleared = Clear();

        Assert.Equal((2, 40, 1), (cleared.Requests, cleared.Rows, cleared.Runs));
        Assert.Equal(Content().Length, cleared.Size);
        Assert.DoesNotContain("example.com", Content(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", Content(), StringComparison.Ordinal);
        Assert.Empty(_bench.OpenJournal().ReadAssets());
        Assert.Empty(_bench.OpenJournal().ReadTasks());
        List<SubmitEvent> events = [];
        Assert.Equal(0, Sent(() => events = Deliver(rows, resume: true)));
        Assert.Empty(events.OfType<TaskAccepted>());
        Assert.Contains("40 row(s)", Assert.Single(events.OfType<SubmitWarning>()).Message, StringComparison.Ordinal);
        Assert.Equal((0, 0), (Clear().Requests, Clear().Rows));

        Assert.Equal(2, Import("out.jsonl").Requests);
        Assert.Equal(assets, Assets());
        Assert.Equal(0, Sent(() => events = Deliver(rows, resume: true)));
        Assert.Equal(2, events.OfType<TaskAccepted>().Count());
    }

    [Fact]
    public void Of_what_was_cleared_the_rows_that_failed_are_retried_and_no_others()
    {
        AssetSource[] rows = [.. ClientFixture.Rows(5, s_cast), .. ClientFixture.Rows(2, s_cast, prefix: "reject")];
        Deliver(rows);
        _bench.Time.Advance(TimeSpan.FromDays(1));
        Clear();
        var sent = Sent(() => _bench.Submit(rows, new() { Resume = true, RetryFailed = true, RetryRefused = true, ThrottleLimit = 1 }));
        Assert.Equal(2, sent);
    }

    [Fact]
    public async Task What_is_not_over_or_not_old_stays_whole()
    {
        await Begin("unknown", "https://example.com/unknown");
        _bench.Submit(ClientFixture.Rows(2, s_cast));
        _bench.Time.Advance(TimeSpan.FromDays(1));
        var between = _bench.Time.Clock.GetUtcNow();
        Deliver(ClientFixture.Rows(3, s_cast, prefix: "late"));
        var before = Content();

        Assert.Equal(0, Run(archive => archive.ClearAsync(between, isRehearsal: false, TestContext.Current.CancellationToken)).Requests);
        Assert.Equal(before, Content());
    }

    [Fact]
    public async Task Nothing_is_put_in_place_while_a_run_is_going()
    {
        Deliver(ClientFixture.Rows(2, s_cast));
        Export("out.jsonl");
        var lease = await _bench.OpenJournal().BeginRunAsync(new JournalRun("night", "night"), TestContext.Current.CancellationToken);
        var before = Content();
        Assert.Contains("'night'", Assert.Throws<SeedanceException>(() => Clear()).Message, StringComparison.Ordinal);
        Assert.Contains("'night'", Assert.Throws<SeedanceException>(() => Import("out.jsonl")).Message, StringComparison.Ordinal);
        Assert.Equal(before, Content());
        await lease.DisposeAsync();
        Assert.Equal(2, Clear().Rows);
    }

    [Fact]
    public async Task On_a_disk_the_journal_is_replaced_whole_or_not_at_all()
    {
        var path = _folder.File("journal.jsonl");
        _bench.JournalFile = new DiskJournalFile(path, TimeProvider.System);
        await Begin("1", "https://example.com/a");
        await _bench.OpenJournal().EndAsync("1", JournalState.Refused, null);
        Export("out.jsonl");
        var before = File.ReadAllText(path);
        File.WriteAllText(_folder.File("bad.jsonl"), File.ReadAllText(_folder.File("out.jsonl")) + "no line\n");
        Assert.Throws<SeedanceException>(() => Import("bad.jsonl"));
        Assert.Equal(before, File.ReadAllText(path));

        Assert.Equal(1, Run(archive => archive.ClearAsync(DateTimeOffset.MaxValue, isRehearsal: false, TestContext.Current.CancellationToken)).Rows);
        Assert.Equal(JournalState.Refused, (await _bench.OpenJournal().FindAsync("https://example.com/a", s_cast))!.State);
        Assert.Equal(["bad.jsonl", "journal.jsonl", "out.jsonl"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File("out.jsonl")));
        }
    }

    [Fact]
    public void A_session_goes_on_in_the_journal_that_it_has_replaced_and_another_one_stops()
    {
        Deliver(ClientFixture.Rows(3, s_cast));
        var (own, other) = ((FileJournal)_bench.OpenJournal(), _bench.OpenJournal());
        Assert.NotNull(Find(own));
        Assert.NotNull(Find(other));
        _bench.Time.Advance(TimeSpan.FromDays(1));
        _bench.Time.Run(async () => await own.ClearAsync(_bench.Time.Clock.GetUtcNow(), isRehearsal: false, TestContext.Current.CancellationToken));

        Assert.True(Find(own)!.IsCleared);
        Assert.Throws<SeedanceException>(() => Find(other));

        JournalMatch? Find(IJournal journal) => _bench.Time.Run(async () => await journal.FindAsync("https://example.com/a-1.png", s_cast));
    }

    [Theory]
    [InlineData("missing.jsonl", "There is no file")]
    [InlineData("other.txt", "is not a Seedance journal")]
    public void A_file_that_is_none_changes_nothing(string name, string message)
    {
        File.WriteAllText(_folder.File("other.txt"), "Url,Name\n");
        Assert.Contains(message, Assert.Throws<SeedanceException>(() => Import(name)).Message, StringComparison.Ordinal);
        Assert.Equal(string.Empty, Content());
    }

    [Fact]
    public void A_file_that_is_there_is_kept()
    {
        File.WriteAllText(_folder.File("out.jsonl"), "mine");
        Assert.Contains("-Force", Assert.Throws<SeedanceException>(() => Export("out.jsonl")).RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_folder.File("out.jsonl")));
        Export("out.jsonl", canOverwrite: true);
        Assert.StartsWith("{\"type\":\"Journal\"", File.ReadAllText(_folder.File("out.jsonl")), StringComparison.Ordinal);
    }

    private List<SubmitEvent> Deliver(AssetSource[] rows, bool resume = false)
    {
        var events = _bench.Submit(rows, new() { Resume = resume, ThrottleLimit = 1 }).Events;
        foreach (var accepted in events.OfType<TaskAccepted>().Where(accepted => !accepted.Task.IsFinal).ToList())
        {
            _bench.Wait(accepted.Task);
        }

        return events;
    }

    /// <summary>How many rows left while something was done.</summary>
    private int Sent(Action work)
    {
        var before = _bench.Network.Posts.Count();
        work();
        return _bench.Network.Posts.Skip(before).Sum(post => JsonDocument.Parse(post.Body!).RootElement.GetProperty("assets").GetArrayLength());
    }

    private async Task Begin(string id, string url) => await _bench.OpenJournal().BeginAsync(JournalRecords.Intent(id, s_cast, url));

    private string[] Assets() => [.. _bench.OpenJournal().ReadAssets().Select(asset => $"{asset.AssetId} {asset.Name} {asset.Status} {asset.SourceUrl} {asset.IsUsable} {asset.MatchedBy}")];

    private string Content()
    {
        using var view = _bench.JournalFile!.Open();
        var bytes = new byte[view?.Length ?? 0];
        _ = view?.Read(0, bytes);
        return System.Text.Encoding.UTF8.GetString(bytes);
    }

    private JournalTransfer Export(string name, bool canOverwrite = false) =>
        Run(archive => archive.ExportAsync(_folder.File(name), canOverwrite, TestContext.Current.CancellationToken));

    private JournalTransfer Import(string name, string? account = null, bool isRehearsal = false) =>
        Run(archive => archive.ImportAsync(_folder.File(name), account, isRehearsal, TestContext.Current.CancellationToken));

    private JournalTransfer Clear(bool isRehearsal = false) =>
        Run(archive => archive.ClearAsync(_bench.Time.Clock.GetUtcNow() + TimeSpan.FromSeconds(1), isRehearsal, TestContext.Current.CancellationToken));

    private JournalTransfer Run(Func<IJournalArchive, ValueTask<JournalTransfer>> work) =>
        work((IJournalArchive)_bench.OpenJournal()).AsTask().GetAwaiter().GetResult();
}
