using System.Text.Json;

namespace Seedance.Client.Tests.Journal;

/// <summary>Promise 2: an intent before a request leaves, its outcome after, each on the disk before anything goes on.</summary>
public sealed class FileJournalTests : IDisposable
{
    private static readonly AvatarGroup s_cast = new() { Name = "cast" };
    private readonly FakeJournalFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task The_first_line_says_what_the_file_is()
    {
        await Open().BeginAsync(JournalRecords.Intent("1", s_cast, "https://example.com/a"));
        await Open().EndAsync("1", JournalState.Accepted, "task_1");

        Assert.Equal(["Journal", "Intent", "Outcome"], _file.Lines.Select(Type));
        Assert.Equal(JournalLine.FormatVersion, JsonDocument.Parse(_file.Lines[0]).RootElement.GetProperty("version").GetInt32());
        Assert.EndsWith("\n", _file.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_intent_is_written_before_its_request_leaves_and_the_outcome_before_the_task_is_given_out()
    {
        var bench = new ClientFixture { JournalFile = _file };
        var before = new List<string[]>();
        bench.Network.Script = _ =>
        {
            before.Add(_file.Lines);
            return null;
        };
        var after = new List<string[]>();
        bench.Time.Finish(bench.Time.Begin(async () =>
        {
            await foreach (var next in new AssetSubmitter(bench.Client, bench.OpenJournal(), bench.Time.Clock).SubmitAsync(ClientFixture.Rows(40, s_cast), new() { ThrottleLimit = 1 }, TestContext.Current.CancellationToken).Where(next => next is not RunEnded))
            {
                Assert.IsType<TaskAccepted>(next);
                after.Add(_file.Lines);
            }
        }));

        Assert.Equal(["Journal", "Run", "Intent"], before[0].Select(Type));
        Assert.Equal(["Journal", "Run", "Intent", "Outcome", "Intent"], before[1].Select(Type));
        Assert.Equal("Outcome", Type(after[0][3]));
        Assert.Equal(["Journal", "Run", "Intent", "Outcome", "Intent", "Outcome", "RunEnd"], _file.Lines.Select(Type));
        Assert.Equal("Outcome", Type(after[1][5]));
        Assert.Contains("\"a-1\"", before[0][2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_goes_on_before_its_record_is_on_the_disk()
    {
        var disk = new TaskCompletionSource();
        _file.Wait = () => disk.Task;
        var begin = Open().BeginAsync(JournalRecords.Intent("1", s_cast, "https://example.com/a"));
        Assert.False(begin.IsCompleted);
        disk.SetResult();
        Assert.Empty(await begin);
        Assert.Equal(2, _file.Lines.Length);
    }

    [Fact]
    public async Task Records_that_come_while_one_is_being_written_share_the_next_write()
    {
        var disk = new TaskCompletionSource();
        _file.Wait = () => disk.Task;
        var journal = Open();
        var begins = Enumerable.Range(0, 100).Select(i => journal.BeginAsync(JournalRecords.Intent($"{i}", s_cast, $"https://example.com/{i}"))).ToArray();
        Assert.Equal(1, _file.Writes);
        disk.SetResult();
        await Task.WhenAll(begins);

        Assert.Equal(2, _file.Writes);
        Assert.Equal(101, _file.Lines.Length);
    }

    /// <summary>What it wrote itself it knows; what others wrote between is read, and nothing of either is missed.</summary>
    [Fact]
    public async Task A_session_does_not_read_what_it_wrote()
    {
        var (one, other) = (Open(), Open());
        await one.BeginAsync(JournalRecords.Intent("first", s_cast, "https://example.com/first"));
        var before = _file.BytesRead;
        for (var i = 0; i < 100; i++)
        {
            await one.BeginAsync(JournalRecords.Intent($"{i}", s_cast, [$"https://example.com/{i}", .. Enumerable.Range(0, 19).Select(row => $"https://example.com/{i}-{row}/{new string('x', 1000)}")]));
            await one.EndAsync($"{i}", JournalState.Accepted, $"task_{i}");
        }

        // The last bytes before the end are looked at each time: the file could be another by now.
        Assert.InRange(_file.BytesRead - before, 0, _file.Length / 4);
        await other.BeginAsync(JournalRecords.Intent("other", s_cast, "https://example.com/other"));
        await one.EndAsync("first", JournalState.Refused, null);
        string[] urls = ["https://example.com/first", .. Enumerable.Range(0, 100).Select(i => $"https://example.com/{i}"), "https://example.com/other"];
        var keys = urls.Select(url => JournalRecords.Intent("x", s_cast, url).Rows[0].Key).ToArray();
        var known = await one.FindAsync(keys, TestContext.Current.CancellationToken);
        Assert.Equivalent(await Open().FindAsync(keys, TestContext.Current.CancellationToken), known, strict: true);
        Assert.Equal([JournalState.Refused, .. Enumerable.Repeat(JournalState.Accepted, 100), JournalState.Unknown], known.Select(match => match!.State));
    }

    [Fact]
    public void A_run_needs_far_fewer_writes_than_it_has_records()
    {
        var bench = new ClientFixture { JournalFile = _file };
        bench.Network.Sandbox.AddGroup("group_1", "known");
        _file.Wait = () => Task.Delay(TimeSpan.FromMilliseconds(2), bench.Time.Clock, TestContext.Current.CancellationToken);
        var running = bench.Time.Begin(() => bench.SubmitAsync([], ClientFixture.Rows(2_000, new AvatarGroup { GroupId = "group_1" }), new() { BatchSize = 1, ThrottleLimit = 100 }, TestContext.Current.CancellationToken));
        bench.Time.Finish(running);

        Assert.Equal(4_003, _file.Lines.Length);
        Assert.InRange(_file.Writes, 1, 400);
    }

    [Fact]
    public async Task A_failed_write_fails_all_who_share_it_and_leaves_the_file_as_it_was()
    {
        var journal = Open();
        await journal.BeginAsync(JournalRecords.Intent("1", s_cast, "https://example.com/1"));
        var before = _file.Text;
        _file.FullAfter = 30;
        var disk = new TaskCompletionSource();
        _file.Wait = () => disk.Task;
        Task[] begins = [.. Enumerable.Range(2, 3).Select(i => journal.BeginAsync(JournalRecords.Intent($"{i}", s_cast, $"https://example.com/{i}"), claim: true))];
        disk.SetResult();

        foreach (var begin in begins)
        {
            var failure = await Assert.ThrowsAsync<SeedanceException>(() => begin);
            Assert.Equal((SeedanceErrorKind.JournalUnavailable, Delivery.NotSent, true), (failure.Kind, failure.Delivery, failure.StopsTheRun));
            Assert.Contains("No space left on device", failure.Message, StringComparison.Ordinal);
            Assert.NotEmpty(failure.RecommendedAction);
        }

        Assert.Equal(before, _file.Text);

        // With room again it goes on, and what failed was not claimed.
        _file.FullAfter = -1;
        Assert.Empty(await journal.BeginAsync(JournalRecords.Intent("5", s_cast, "https://example.com/2"), claim: true));
        Assert.Equal(["Journal", "Intent", "Intent"], _file.Lines.Select(Type));
    }

    [Fact]
    public void What_cannot_be_recorded_is_not_sent()
    {
        var bench = new ClientFixture { JournalFile = _file };
        _file.FullAfter = 0;
        var (events, end) = bench.Submit(ClientFixture.Rows(50, s_cast));

        Assert.Equal(SeedanceErrorKind.JournalUnavailable, Assert.IsType<SeedanceException>(end).Kind);
        Assert.Empty(events);
        Assert.Empty(bench.Network.Calls);
        Assert.Empty(_file.Text);
    }

    [Fact]
    public void What_was_accepted_is_given_out_even_if_that_cannot_be_recorded_and_the_run_stops()
    {
        var bench = new ClientFixture { JournalFile = _file };
        bench.Network.Script = _ =>
        {
            _file.FullAfter = 10;
            return null;
        };
        var (events, end) = bench.Submit(ClientFixture.Rows(50, s_cast), new() { ThrottleLimit = 1 });

        Assert.Equal(SeedanceErrorKind.JournalUnavailable, Assert.IsType<SeedanceException>(end).Kind);
        Assert.Single(events.OfType<TaskAccepted>());
        Assert.Single(bench.Network.Posts);
    }

    [Fact]
    public void Neither_key_nor_query_nor_password_is_ever_in_the_file()
    {
        var bench = new ClientFixture { JournalFile = _file };
        var signed = ClientFixture.Rows(60, s_cast).Select(row => row with { Address = $"https://me:password@example.com/{row.Row}.png?signature=s3cret#f4agment" });
        bench.Network.Script = call => call.Number switch
        {
            1 => Answers.Error(400, $"no access to https://example.com/1.png?signature=s3cret for {ClientFixture.Key}"),
            2 => Answers.Error(500, $"https://example.com/1.png?signature=s3cret timed out, key '{ClientFixture.Key}'"),
            _ => null,
        };
        var (events, _) = bench.Submit(signed);
        var task = bench.Wait(events.OfType<TaskAccepted>().First().Task);

        Assert.True(task.IsFinal);
        Assert.Equal(["Run", "Intent", "Outcome", "RunEnd", "Final"], _file.Lines[1..].Select(Type).Distinct());
        foreach (var secret in (string[])[ClientFixture.Key, "s3cret", "f4agment", "password", "Bearer"])
        {
            Assert.DoesNotContain(secret, _file.Text, StringComparison.Ordinal);
            Assert.All(events.OfType<RowFailed>(), failed => Assert.DoesNotContain(secret, failed.Error.ToString() + failed.Error.ApiMessage, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_journal_is_readable_by_people_in_every_script()
    {
        await Open().BeginAsync(JournalRecords.Intent("1", new AvatarGroup { Name = "春季演员" }, "https://example.com/é.png"));
        Assert.Contains("春季演员", _file.Text, StringComparison.Ordinal);
        Assert.Contains("é.png", _file.Text, StringComparison.Ordinal);
    }

    private FileJournal Open() => new(_file, new JournalAccount("account"), TimeProvider.System);

    private static string Type(string line) => JsonDocument.Parse(line).RootElement.GetProperty("type").GetString()!;
}
