using Seedance.Journal.FileStore;
using static Seedance.Journal.PostgreSql.Tests.StoreTesting;

namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>Records go from a file into a database and back, and are cleared there, by the rules of the file.</summary>
public sealed class DatabaseArchiveTests(PostgreSqlServer server) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("seedance-archive-").FullName;
    private JournalAddress _address = null!;
    private int _tasks;

    public async ValueTask InitializeAsync()
    {
        _address = await server.CreateDatabaseAsync();
        await InstallAsync(_address);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task From_a_file_into_the_database_and_back_everything_is_as_it_was()
    {
        await using var first = File("first.jsonl");
        await LiveAsync(first, "a");
        var told = await TellAsync(first);
        var exported = await ((IJournalArchive)first).ExportAsync(Path("out.jsonl"), canOverwrite: false, Cancelled);

        await using var database = Open(new PostgreSqlJournalOptions(_address));
        var taken = await database.ImportAsync(Path("out.jsonl"), null, isRehearsal: false, Cancelled);
        Assert.Equal((exported.Requests, exported.Rows, exported.Runs, 0, 0), (taken.Requests, taken.Rows, taken.Runs, taken.AlreadyKnown, taken.AcceptedTwice));
        Assert.Equal(told, await TellAsync(database));

        var back = await database.ExportAsync(Path("back.jsonl"), canOverwrite: false, Cancelled);
        Assert.Equal((exported.Requests, exported.Rows, exported.Runs), (back.Requests, back.Rows, back.Runs));
        await using var second = File("second.jsonl");
        await ((IJournalArchive)second).ImportAsync(Path("back.jsonl"), null, isRehearsal: false, Cancelled);
        Assert.Equal(told, await TellAsync(second));

        // What is known is taken in once.
        var again = await database.ImportAsync(Path("back.jsonl"), null, isRehearsal: false, Cancelled);
        Assert.Equal((0, exported.Requests, 0), (again.Requests, again.AlreadyKnown, again.Runs));
        Assert.Equal(told, await TellAsync(database));
    }

    [Fact]
    public async Task What_went_on_in_the_database_goes_back_to_the_file_that_it_came_from()
    {
        await using var file = File("first.jsonl");
        await LiveAsync(file, "a");
        await ((IJournalArchive)file).ExportAsync(Path("out.jsonl"), canOverwrite: false, Cancelled);
        await using var database = Open(new PostgreSqlJournalOptions(_address));
        await database.ImportAsync(Path("out.jsonl"), null, isRehearsal: false, Cancelled);

        // What was open comes to an end here, what was refused goes out again, and something new is sent.
        await database.EndAsync(new JournalOutcome { IntentId = "a_open", State = JournalState.Accepted, TaskId = "task_late" }, Cancelled);
        await AcceptAsync(database, "a_again", null, "a_refused");
        await LiveAsync(database, "b");
        var told = await TellAsync(database);
        await database.ExportAsync(Path("more.jsonl"), canOverwrite: false, Cancelled);
        var taken = await ((IJournalArchive)file).ImportAsync(Path("more.jsonl"), null, isRehearsal: false, Cancelled);
        Assert.Equal((0, 0), (taken.AcceptedTwice, taken.Contradictions));
        Assert.Equal(told, await TellAsync(file));
    }

    [Fact]
    public async Task What_is_older_than_what_is_there_comes_to_lie_before_it()
    {
        // Two machines had the same row accepted, the file's earlier than the database's.
        await using var file = File("first.jsonl");
        await AcceptAsync(file, "old_1", null, "row");
        await AcceptAsync(file, "old_2", null, "only_there");
        await ((IJournalArchive)file).ExportAsync(Path("out.jsonl"), canOverwrite: false, Cancelled);
        await using var database = Open(new PostgreSqlJournalOptions(_address));
        await AcceptAsync(database, "new_1", null, "row");
        await AcceptAsync(database, "new_2", null, "only_here");
        await database.CreateListAsync("list", mayExist: false, Cancelled);
        await database.EnqueueAsync("list", Intent("queued", null, "later"), "payload", Cancelled);

        var rehearsed = await database.ImportAsync(Path("out.jsonl"), null, isRehearsal: true, Cancelled);
        Assert.Null((await database.FindAsync([Key("only_there")], Cancelled))[0]);
        var taken = await database.ImportAsync(Path("out.jsonl"), null, isRehearsal: false, Cancelled);
        Assert.Equal((2, 2, 1), (taken.Requests, taken.Rows, taken.AcceptedTwice));
        Assert.Equal((rehearsed.Requests, rehearsed.Rows, rehearsed.AcceptedTwice), (taken.Requests, taken.Rows, taken.AcceptedTwice));

        var found = await database.FindAsync([Key("row"), Key("only_there"), Key("only_here"), Key("later")], Cancelled);
        Assert.Equal(["new_1", "old_2", "new_2", "queued"], found.Select(match => match?.LastIntentId));
        Assert.Equal(2, found[0]!.Requests);
        Assert.Equal(["row", "only_there", "row", "only_here"], (await database.ReadTasksAsync(JournalQuery.All, Cancelled).ToListAsync(Cancelled)).Select(task => task.RowNames()));
        Assert.Equal(3, (await database.ReadAssetsAsync(JournalQuery.All, Cancelled).ToListAsync(Cancelled)).Count);
        Assert.Equal(4, (await database.ReadAssetsAsync(new JournalQuery { IncludeSuperseded = true }, Cancelled).ToListAsync(Cancelled)).Count);

        // Claims go by what is last now, and what was queued is taken as it was.
        Assert.Equal([0], await database.BeginAsync(Intent("next", null, "row"), Cancelled));
        await using var runner = await database.BeginRunAsync(new JournalRun("runner") { ListName = "list" }, Cancelled);
        var work = await database.TakeAsync("runner", Cancelled);
        Assert.Equal(("queued", "payload"), (work.Intent?.IntentId, work.Payload));
    }

    [Fact]
    public async Task What_is_old_and_over_is_cleared_and_stays_known()
    {
        await using var file = File("first.jsonl");
        await LiveAsync(file, "a");
        await ((IJournalArchive)file).ExportAsync(Path("out.jsonl"), canOverwrite: false, Cancelled);
        await using var database = Open(new PostgreSqlJournalOptions(_address));
        await database.ImportAsync(Path("out.jsonl"), null, isRehearsal: false, Cancelled);
        var before = DateTimeOffset.UtcNow.AddMinutes(1);
        var rehearsed = await database.ClearAsync(before, isRehearsal: true, Cancelled);
        var cleared = await database.ClearAsync(before, isRehearsal: false, Cancelled);
        var ofFile = await ((IJournalArchive)file).ClearAsync(before, isRehearsal: false, Cancelled);
        Assert.Equal((ofFile.Requests, ofFile.Rows, ofFile.Runs), (cleared.Requests, cleared.Rows, cleared.Runs));
        Assert.Equal((rehearsed.Requests, rehearsed.Rows, rehearsed.Runs), (cleared.Requests, cleared.Rows, cleared.Runs));
        Assert.Equal(await TellAsync(file), await TellAsync(database));
        Assert.True((await database.FindAsync([Key("a_usable")], Cancelled))[0]!.IsCleared);
        await using var raw = new Database(new PostgreSqlJournalOptions(_address));
        Assert.Equal([false], await raw.QueryAsync("select bool_or(i.record::text || coalesce(i.final::text, '') like '%https:%') from seedance.intent i where i.intent_id = 'a_usable'", [], row => row.GetBoolean(0), TimeSpan.Zero, Cancelled));
        Assert.Equal((0, 0), ((await database.ClearAsync(before, isRehearsal: false, Cancelled)).Requests, (await database.ClearAsync(before, isRehearsal: false, Cancelled)).Runs));
    }

    [Fact]
    public async Task While_a_run_is_going_and_by_a_runner_nothing_is_taken_in_or_cleared()
    {
        await using var file = File("first.jsonl");
        await AcceptAsync(file, "one", null, "a");
        await ((IJournalArchive)file).ExportAsync(Path("out.jsonl"), canOverwrite: false, Cancelled);
        await PostgreSqlServer.ExecuteAsync(_address, "create role archive_runner login");
        await InstallAsync(_address, "archive_runner");
        await using var owner = Open(new PostgreSqlJournalOptions(_address));
        await using var runner = Open(new PostgreSqlJournalOptions(_address with { User = "archive_runner" }));
        await using var stranger = Open(new PostgreSqlJournalOptions(_address), "another");
        await AcceptAsync(runner, "two", null, "b");
        await AcceptAsync(stranger, "three", null, "c");
        Assert.Equal(1, (await runner.ExportAsync(Path("mine.jsonl"), canOverwrite: false, Cancelled)).Requests);
        foreach (var change in new Func<Task>[] { async () => await runner.ImportAsync(Path("out.jsonl"), null, isRehearsal: false, Cancelled), async () => await runner.ClearAsync(DateTimeOffset.UtcNow, isRehearsal: false, Cancelled) })
        {
            Assert.Contains("by its owner alone", (await Assert.ThrowsAsync<SeedanceException>(change)).Message, StringComparison.Ordinal);
        }

        await using (await runner.BeginRunAsync(new JournalRun("run_1", "nightly"), Cancelled))
        {
            Assert.Contains("'nightly'", (await Assert.ThrowsAsync<SeedanceException>(async () => await owner.ImportAsync(Path("out.jsonl"), null, isRehearsal: false, Cancelled))).Message, StringComparison.Ordinal);
            Assert.Null((await owner.FindAsync([Key("a")], Cancelled))[0]);
        }

        Assert.Equal(1, (await owner.ImportAsync(Path("out.jsonl"), null, isRehearsal: false, Cancelled)).Requests);
    }

    /// <summary>A run with every outcome that there is, and what came of it later.</summary>
    private async Task LiveAsync(IJournal journal, string of)
    {
        var run = await journal.BeginRunAsync(new JournalRun($"run_{of}", $"nightly_{of}"), Cancelled);
        await AcceptAsync(journal, $"{of}_usable", $"run_{of}", $"{of}_usable", $"{of}_usable_2");
        await AcceptAsync(journal, $"{of}_failed", $"run_{of}", isUsable: false, $"{of}_failed");
        await journal.BeginAsync(Intent($"{of}_refused", $"run_{of}", $"{of}_refused") with { }, Cancelled);
        await journal.EndAsync(new JournalOutcome { IntentId = $"{of}_refused", State = JournalState.Refused, Code = "Rejected", Message = "no" }, Cancelled);
        await journal.BeginAsync(Intent($"{of}_unknown", $"run_{of}", $"{of}_unknown"), Cancelled);
        await journal.EndAsync(new JournalOutcome { IntentId = $"{of}_unknown", State = JournalState.Unknown, Message = "lost" }, Cancelled);
        await journal.BeginAsync(Intent($"{of}_settled", $"run_{of}", $"{of}_settled"), Cancelled);
        Assert.True(await journal.SettleAsync($"{of}_settled", Ended($"library-{of}", isUsable: true, Intent("x", null, $"{of}_settled")), Cancelled));
        await journal.BeginAsync(Intent($"{of}_open", $"run_{of}", $"{of}_open"), Cancelled);
        await journal.BeginAsync(Intent($"{of}_unsent", $"run_{of}", $"{of}_unsent"), Cancelled);
        await journal.EndAsync(new JournalOutcome { IntentId = $"{of}_unsent", State = JournalState.Unsent }, Cancelled);
        await AcceptAsync(journal, $"{of}_once_more", $"run_{of}", $"{of}_unsent");
        await journal.RecordUploadAsync(new JournalUpload($"hash_{of}", "https://example.com/upload.png", "/pictures/upload.png", DateTimeOffset.UtcNow.AddHours(1)), Cancelled);
        await journal.RecordChangesAsync([new JournalAssetChange { AssetId = $"asset_{of}_usable_2_1", Status = "Deleted" }], Cancelled);
        await journal.EndRunAsync(new JournalRunEnd($"run_{of}") { Rows = 9, Invalid = 1 }, Cancelled);
        await run.DisposeAsync();
    }

    private Task AcceptAsync(IJournal journal, string id, string? run, params string[] names) => AcceptAsync(journal, id, run, isUsable: true, names);

    private async Task AcceptAsync(IJournal journal, string id, string? run, bool isUsable, params string[] names)
    {
        var found = await journal.FindAsync([.. names.Select(Key)], Cancelled);
        var intent = Intent(id, run, names);
        intent = intent with { Rows = [.. intent.Rows.Select((row, i) => row with { Supersedes = found[i]?.LastIntentId })] };
        Assert.Empty(await journal.BeginAsync(intent, Cancelled));
        var task = $"task_{++_tasks}_{id}";
        await journal.EndAsync(new JournalOutcome { IntentId = id, State = JournalState.Accepted, TaskId = task, GroupId = "group_1" }, Cancelled);
        await journal.RecordFinalAsync(Ended(task, isUsable, intent), Cancelled);
    }

    private static SeedanceTask Ended(string taskId, bool isUsable, JournalIntent intent) => new()
    {
        TaskId = taskId,
        Kind = TaskKind.Asset,
        Status = isUsable ? SeedanceTaskStatus.Completed : SeedanceTaskStatus.Failed,
        Group = Cast with { GroupId = "group_1" },
        AssetType = AssetType.Image,
        Sources = [.. intent.Rows.Select(row => row.Source)],
        Assets = [.. intent.Rows.Select((row, i) => new SeedanceAsset
        {
            AssetId = $"asset_{row.Source.Name}_{i}",
            AssetUrl = $"asset://asset_{row.Source.Name}_{i}",
            Status = isUsable ? "Active" : "Failed",
            IsUsable = isUsable,
            Name = row.Source.Name,
            Source = row.Source,
            SourceIndex = i,
            MatchedBy = MatchedBy.Position,
            TaskId = taskId,
        })],
    };

    /// <summary>Everything that the journal tells of the account, but for times, and in an order that stores agree on.</summary>
    private static async Task<string> TellAsync(IJournal journal)
    {
        var names = new[] { "a", "b" }.SelectMany(of => new[] { "usable", "usable_2", "failed", "refused", "unknown", "settled", "open", "unsent" }.Select(what => $"{of}_{what}")).ToArray();
        var found = await journal.FindAsync([.. names.Select(Key)], Cancelled);
        var tasks = await journal.ReadTasksAsync(JournalQuery.All, Cancelled).ToListAsync(Cancelled);
        var assets = await journal.ReadAssetsAsync(new JournalQuery { IncludeSuperseded = true }, Cancelled).ToListAsync(Cancelled);
        var open = await journal.ReadOpenAsync(Cancelled).ToListAsync(Cancelled);
        var runs = await journal.ReadRunsAsync(JournalQuery.All, Cancelled).ToListAsync(Cancelled);
        var without = new List<JournalIntent>();
        foreach (var run in runs)
        {
            without.AddRange(await journal.ReadWithoutTaskAsync(run.RunId, Cancelled).ToListAsync(Cancelled));
        }

        var upload = await journal.FindUploadAsync("hash_a", Cancelled);
        return string.Join('\n', [
            .. names.Zip(found, (name, match) => $"{name}: {match?.State}, {match?.IntentId}, {match?.LastIntentId}, {match?.TaskId}, {match?.Requests}, {match?.Code}, {match?.Message}, {match?.IsCleared}, {match?.Group?.GroupId}"),
            .. tasks.Select(task => $"task {task.TaskId}: {task.Status}, {task.RunName}, {task.RowNames()}, {task.Group?.GroupId}").Order(StringComparer.Ordinal),
            .. assets.Select(asset => $"asset {asset.AssetId}: {asset.Status}, {asset.IsUsable}, {asset.IsSuperseded}, {asset.Name}, {asset.TaskId}").Order(StringComparer.Ordinal),
            .. open.Select(request => $"open {request.Intent.IntentId}: {request.RunName}, {request.IsUnderWay}, {request.Message}"),
            .. runs.Select(run => $"run {run.RunId}: {run.RunName}, {run.Rows}, {run.Accepted}, {run.Unknown}, {run.NotAccepted}, {run.Usable}, {run.Failed}, {run.Invalid}, {run.Requests}, {run.IsUnderWay}"),
            .. without.Select(intent => $"without a task {intent.IntentId}"),
            $"upload {upload?.Url}, {upload?.Path}",
        ]);
    }

    private static FileJournal FileAt(string path) => new(new DiskJournalFile(path, TimeProvider.System), JournalAccount.Create("tests", "sk-tests", new Uri("https://example.com")), TimeProvider.System);

    private FileJournal File(string name) => FileAt(Path(name));

    private string Path(string name) => System.IO.Path.Combine(_folder, name);
}

internal static class TaskWords
{
    public static string RowNames(this SeedanceTask task) => string.Join(' ', task.Sources.Select(source => source.Name));
}
