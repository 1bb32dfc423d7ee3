using Seedance.Client.Tests.Files;
using Seedance.Client.Tests.Journal;

namespace Seedance.Client.Tests.Reports;

public sealed class RowsWithoutTaskTests : IAsyncDisposable
{
    private const string Host = "https://a.example/";

    private static readonly AvatarGroup s_group = new("cast");

    private readonly TemporaryFolder _folder = new();
    private readonly MemoryJournalFile _file = new();
    private readonly IJournal _journal;
    private readonly ReportFileWriter _report;

    public RowsWithoutTaskTests()
    {
        _journal = new FileJournal(_file, new JournalAccount("account"), TimeProvider.System);
        _report = ReportFileWriter.Open(_folder.File("report.html"), journal: _journal);
    }

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _report.DisposeAsync();
        await _journal.DisposeAsync();
        _file.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_row_of_a_table_has_a_tile_whatever_became_of_it()
    {
        await SendAsync("1", JournalState.Accepted, "passed.png", "failed.png");
        await _journal.RecordFinalAsync(Ended("task_1", ("passed.png", true), ("failed.png", false)), CancellationToken);
        await SendAsync("2", JournalState.Refused, "refused.png");
        await SendAsync("3", JournalState.Unknown, "unknown.png");
        await SendAsync("4", JournalState.Unsent, "unsent.png");
        await SendAsync("5", JournalState.Accepted, "waiting.png");
        await using var run = await _journal.BeginRunAsync(new JournalRun("live"), CancellationToken);
        await _journal.BeginAsync(JournalRecords.Intent("6", s_group, $"{Host}live.png") with { RunId = "live" });

        string[] names = ["passed", "failed", "refused", "unknown", "unsent", "waiting", "live", "never"];
        foreach (var (place, name) in names.Index())
        {
            await _report.AddAsync(Row(place + 1, name), cancellationToken: CancellationToken);
        }

        var report = await CompleteAsync();
        Assert.Equal(
            [
                "passed Usable 1", "failed Failed 1", "refused NotAccepted 1", "unknown Unknown 1", "unsent NotAccepted 1", "waiting.png Accepted 1", "live UnderWayElsewhere 1", "never NotAccepted 0",
            ],
            report.Rows.OrderBy(row => row.GetProperty("row").GetInt32()).Select(row => $"{Text(row, "name")} {Text(row, "state")} {(row.TryGetProperty("tries", out var tries) ? tries.GetInt32() : 0)}"));
        Assert.All(report.Rows.Where(row => Text(row, "state") is "NotAccepted" or "Unknown"), row => Assert.NotEmpty(Text(row, "advice")!));
        Assert.Equal("413 is too much.", Text(Named(report, "refused"), "error"));
        Assert.Contains("is not known", Text(Named(report, "unknown"), "error"), StringComparison.Ordinal);
        Assert.Contains("knows of no request", Text(Named(report, "never"), "error"), StringComparison.Ordinal);
        AssertCountsAreTiles(report);
    }

    [Fact]
    public async Task A_row_at_hand_has_its_whole_address_and_its_columns()
    {
        await SendAsync("1", JournalState.Accepted, "a.png");
        var kept = new Dictionary<string, string> { ["Team"] = "x" };
        await _report.AddAsync(new AssetSource($"{Host}a.png?X-Amz-Signature=1") { Name = "a", Group = s_group, Row = 7, Kept = kept }, cancellationToken: CancellationToken);
        var row = Assert.Single((await CompleteAsync()).Rows);
        Assert.Equal(($"{Host}a.png?X-Amz-Signature=1", "task_1", 7, "x"), (Text(row, "thumbnail"), Text(row, "task"), row.GetProperty("row").GetInt32(), row.GetProperty("columns")[0][1].GetString()));
    }

    [Fact]
    public async Task A_picture_of_this_machine_is_shown_though_it_was_never_sent()
    {
        var path = _folder.File("ann.gif");
        await File.WriteAllBytesAsync(path, TestImages.Gif(40, 40), CancellationToken);
        _report.AddError(new AssetSource(null) { Path = path, IsNameGenerated = true, Name = "x" }, Refusal());
        var row = Assert.Single((await CompleteAsync()).Rows);
        Assert.Equal(("image/gif", "ann.gif", "Invalid"), (Text(row, "thumbnailType"), Text(row, "name"), Text(row, "state")));
    }

    [Theory]
    [InlineData(SeedanceErrorKind.InvalidInput, Delivery.NotSent, ReportRowState.Invalid, false)]
    [InlineData(SeedanceErrorKind.InvalidRequest, Delivery.Refused, ReportRowState.NotAccepted, true)]
    [InlineData(SeedanceErrorKind.ConnectionFailed, Delivery.NotSent, ReportRowState.NotAccepted, false)]
    [InlineData(SeedanceErrorKind.TimedOut, Delivery.Unknown, ReportRowState.Unknown, false)]
    public async Task An_error_is_a_tile_in_the_state_that_it_tells_of(SeedanceErrorKind kind, Delivery delivery, ReportRowState expected, bool isLasting)
    {
        _report.AddError(Row(3, "a"), new SeedanceException(kind, delivery, "No.") { RecommendedAction = "Do." });
        await _report.EndRowsAsync(CancellationToken);
        Assert.Equal((1L, isLasting), (_report.Head.Counts![expected], _report.Head.HasLastingFailure));
        var row = Assert.Single((await CompleteAsync()).Rows);
        Assert.Equal(("a", "No.", "Do."), (Text(row, "name"), Text(row, "error"), Text(row, "advice")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_row_that_has_a_task_by_now_has_no_tile_for_an_earlier_error(bool isErrorFirst)
    {
        await SendAsync("1", JournalState.Accepted, "a.png", "b.png");
        var task = (await _journal.FindTaskAsync("task_1", CancellationToken))!;
        var error = new SeedanceException(SeedanceErrorKind.InvalidRequest, Delivery.Refused, "No.");
        if (isErrorFirst)
        {
            _report.AddError(Row(1, "a"), error);
        }

        await _report.AddAsync(Row(2, "b"), cancellationToken: CancellationToken);
        await _report.AddAsync(task, CancellationToken);
        if (!isErrorFirst)
        {
            _report.AddError(Row(1, "a"), error);
        }

        await _report.AddAsync(Row(1, "a"), cancellationToken: CancellationToken);
        var report = await CompleteAsync();
        Assert.Equal(["a.png", "b.png"], report.Rows.Select(row => Text(row, "name")).Order());
        AssertCountsAreTiles(report);
    }

    [Fact]
    public async Task A_row_that_its_table_and_its_error_tell_of_is_one_tile_with_the_error()
    {
        _report.AddError(Row(1, "a"), new SeedanceException(SeedanceErrorKind.FileUnavailable, Delivery.NotSent, "The disk is gone."));
        await _report.AddAsync(Row(1, "a"), cancellationToken: CancellationToken);
        await _report.AddAsync(Row(2, "a"), cancellationToken: CancellationToken);
        var report = await CompleteAsync();
        Assert.Equal("The disk is gone.", Text(report.Rows[0], "error"));
        Assert.Equal(2, report.Rows.Length);
    }

    [Fact]
    public async Task Rows_without_an_address_are_told_apart_by_their_places()
    {
        for (var place = 1; place <= 3; place++)
        {
            _report.AddError(new AssetSource(null) { Row = place }, Refusal());
        }

        Assert.Equal([1, 2, 3], (await CompleteAsync()).Rows.Select(row => row.GetProperty("row").GetInt32()));
    }

    [Fact]
    public async Task A_run_shows_what_it_sent_that_nobody_accepted_and_counts_what_left_nothing()
    {
        await SendAsync("1", JournalState.Accepted, "a.png");
        await SendAsync("2", JournalState.Refused, "b.png", "c.png");
        await SendAsync("3", JournalState.Unknown, "d.png");
        await SendAsync("4", JournalState.Accepted, "c.png");
        var run = new Run { RunId = "run", Rows = 7, Accepted = 2, NotAccepted = 1, Unknown = 1, Invalid = 2, AcceptedEarlier = 1 };
        await _report.AddAsync(run, _journal.ReadTasksAsync(new JournalQuery { RunId = "run" }, CancellationToken), CancellationToken);
        Assert.Equal(7, _report.Head.Counts!.Values.Sum());
        Assert.Equal((2, 2, 1, 1, 1), Of(_report.Head));

        // A row that its error brings is one of those two.
        _report.AddError(Row(5, "invalid"), Refusal());
        await _report.EndRowsAsync(CancellationToken);
        Assert.Equal((2, 2, 1, 1, 1), Of(_report.Head));

        var report = await CompleteAsync();
        Assert.Equal(
            ["a.png Accepted 1", "b.png NotAccepted 1", "c.png Accepted 2", "d.png Unknown 1", "invalid Invalid 0"],
            report.Rows.Select(row => $"{Text(row, "name")} {Text(row, "state")} {(row.TryGetProperty("tries", out var tries) ? tries.GetInt32() : 0)}").Order(StringComparer.Ordinal));

        static (long, long, long, long, long) Of(ReportHead head) => (
            head.Counts![ReportRowState.Accepted], head.Counts[ReportRowState.Invalid], head.Counts[ReportRowState.NotAccepted], head.Counts[ReportRowState.Unknown], head.Counts[ReportRowState.AcceptedEarlier]);
    }

    [Fact]
    public async Task A_task_that_travelled_is_looked_up_for_how_often_its_rows_were_sent()
    {
        await SendAsync("1", JournalState.Unsent, "a.png");
        await SendAsync("2", JournalState.Accepted, "a.png", "b.png");
        await _report.AddAsync(Ended("task_2", ("a.png", true), ("b.png", true)), CancellationToken);
        await _report.AddAsync(new SeedanceAsset { AssetId = "x", AssetUrl = "asset://x", TaskId = "task_2", SourceIndex = 0 }, CancellationToken);
        Assert.Equal([2, 1, 2], (await CompleteAsync()).Rows.Select(row => row.GetProperty("tries").GetInt32()));
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_takes_no_row_that_is_known_without_it()
    {
        await SendAsync("1", JournalState.Accepted, "a.png");
        var task = (await _journal.FindTaskAsync("task_1", CancellationToken))!;
        _file.Truncate(1);
        await _report.AddAsync(task, CancellationToken);
        Assert.Single((await CompleteAsync()).Rows);
        Assert.Equal(SeedanceErrorKind.JournalUnavailable, _report.JournalFailure?.Kind);
    }

    private static AssetSource Row(int place, string name) => new($"{Host}{name}.png") { Name = name, Group = s_group, Row = place };

    private static SeedanceException Refusal() => new(SeedanceErrorKind.InvalidInput, Delivery.NotSent, "Column Url: no.") { RecommendedAction = "Correct it." };

    private static System.Text.Json.JsonElement Named(WrittenReport report, string name) => report.Rows.Single(row => Text(row, "name") == name);

    private static string? Text(System.Text.Json.JsonElement row, string member) => row.TryGetProperty(member, out var value) ? value.GetString() : null;

    private static void AssertCountsAreTiles(WrittenReport report) => Assert.Equal(
        report.Rows.GroupBy(row => Text(row, "state")!).Select(state => (state.Key, (long)state.Count())).Order(),
        report.Totals.GetProperty("states").EnumerateArray().Select(state => (state.GetProperty("state").GetString()!, state.GetProperty("count").GetInt64())).Where(state => state.Item2 > 0).Order());

    private static SeedanceTask Ended(string taskId, params (string Name, bool IsUsable)[] results) => new()
    {
        TaskId = taskId,
        Kind = TaskKind.Asset,
        Status = SeedanceTaskStatus.Completed,
        Group = s_group,
        Sources = [.. results.Select(result => new AssetSource(Host + result.Name) { Name = result.Name })],
        Assets = [.. results.Select((result, place) => new SeedanceAsset
        {
            AssetId = result.Name, AssetUrl = $"asset://{result.Name}", IsUsable = result.IsUsable, Name = result.Name.Split('.')[0], MatchedBy = MatchedBy.Name, SourceIndex = place, TaskId = taskId,
        })],
    };

    private async Task SendAsync(string id, JournalState state, params string[] files)
    {
        Assert.Empty(await _journal.BeginAsync(JournalRecords.Intent(id, s_group, [.. files.Select(file => Host + file)]) with { RunId = "run" }));
        await _journal.EndAsync(
            new JournalOutcome { IntentId = id, State = state, TaskId = state == JournalState.Accepted ? $"task_{id}" : null, Message = state == JournalState.Refused ? "413 is too much." : null }, CancellationToken);
    }

    private async Task<WrittenReport> CompleteAsync()
    {
        await _report.EndRowsAsync(CancellationToken);
        var file = await _report.CompleteAsync(_report.Head with { Title = "A report" }, CancellationToken);
        return new WrittenReport(await File.ReadAllTextAsync(file.FullName, CancellationToken));
    }
}
