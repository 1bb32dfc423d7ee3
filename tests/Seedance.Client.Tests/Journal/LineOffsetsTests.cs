using System.Globalization;
using Seedance.Client.Tests.Simulation;

namespace Seedance.Client.Tests.Journal;

/// <summary>A session that reads only where the table of offsets says knows what one knows that reads everything.</summary>
public sealed class LineOffsetsTests : IDisposable
{
    private static readonly string[] s_accounts = ["account", "other"];

    private readonly TemporaryFolder _folder = new();

    private string JournalPath => _folder.File("journal.jsonl");

    private string OffsetsPath => _folder.File("journal.jsonl.offsets");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task It_knows_the_same(int seed)
    {
        var history = new RandomHistory(new Dice((ulong)seed), account => Open(account, 1));
        var lasting = s_accounts.Select(account => Open(account, 2000)).ToList();
        for (var session = 0; session < 6; session++)
        {
            await history.WriteAsync(25);
            for (var i = 0; i < s_accounts.Length; i++)
            {
                await using var whole = Open(s_accounts[i], long.MaxValue);
                await using var tail = Open(s_accounts[i], 12_000);
                await using var table = Open(s_accounts[i], 1);
                await AssertSameAsync(history, whole, tail);
                await AssertSameAsync(history, whole, table);
                await AssertSameAsync(history, whole, lasting[i]);
            }
        }

        foreach (var journal in lasting)
        {
            await journal.DisposeAsync();
        }

        Assert.True(File.Exists(OffsetsPath));
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Fact]
    public async Task Of_a_long_journal_it_reads_what_is_asked_for()
    {
        await WriteAsync(300);
        await using (var first = Open("account", 1))
        {
            Assert.NotNull(await first.FindAsync("https://e.com/8", new AvatarGroup { Name = "cast" }));
        }

        var file = new CountingJournalFile(new DiskJournalFile(JournalPath, TimeProvider.System));
        await using var journal = new FileJournal(file, new JournalAccount("account"), TimeProvider.System, 1);
        var length = new FileInfo(JournalPath).Length;
        Assert.Equal(JournalState.Accepted, (await journal.FindAsync("https://e.com/8", new AvatarGroup { Name = "cast" }))!.State);
        Assert.NotNull(Assert.Single(await journal.FindTasksAsync(["task_211"], Cancelled)));
        Assert.InRange(file.BytesRead, 1, length / 2);
    }

    [Fact]
    public async Task A_table_that_is_damaged_anywhere_is_made_anew()
    {
        await WriteAsync(20);
        await ReadAsync();
        var table = await File.ReadAllBytesAsync(OffsetsPath, Cancelled);
        for (var i = 0; i < table.Length; i += 13)
        {
            var damaged = table.ToArray();
            damaged[i] ^= 0x55;
            await File.WriteAllBytesAsync(OffsetsPath, i % 2 == 0 ? damaged : damaged[..i], Cancelled);
            await ReadAsync();
            Assert.Equal(table, await File.ReadAllBytesAsync(OffsetsPath, Cancelled));
        }
    }

    [Fact]
    public async Task A_table_of_another_journal_is_not_believed()
    {
        await WriteAsync(20);
        await ReadAsync();
        File.Move(OffsetsPath, _folder.File("kept"));
        File.Delete(JournalPath);
        await WriteAsync(20, first: 100);
        File.Move(_folder.File("kept"), OffsetsPath, overwrite: true);
        await using var journal = Open("account", 1);
        Assert.Null(await journal.FindAsync("https://e.com/7", new AvatarGroup { Name = "cast" }));
        Assert.NotNull(await journal.FindAsync("https://e.com/107", new AvatarGroup { Name = "cast" }));
    }

    [Fact]
    public async Task A_journal_that_was_changed_in_its_midst_stops_the_session_once()
    {
        await WriteAsync(300);
        await ReadAsync();

        // To the same length. A sample may show one of these, and hardly all three.
        var keys = new[] { 57, 107, 157 }.Select(number => JournalRecords.Key($"https://e.com/{number}", new AvatarGroup { Name = "cast" })).ToList();
        var text = await File.ReadAllTextAsync(JournalPath, Cancelled);
        foreach (var key in keys)
        {
            text = text.Replace(key.ContentHash.ToString("x32", CultureInfo.InvariantCulture), new string('0', 32), StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(JournalPath, text, Cancelled);
        await using (var journal = Open("account", long.MaxValue / 2))
        {
            Assert.All(await journal.FindAsync(keys, Cancelled), Assert.Null);
        }

        await using (var journal = Open("account", 1))
        {
            var error = await Assert.ThrowsAsync<SeedanceException>(async () => await journal.FindAsync(keys, Cancelled));
            Assert.Equal(SeedanceErrorKind.JournalUnavailable, error.Kind);
            Assert.All(await journal.FindAsync(keys, Cancelled), Assert.Null);
        }
    }

    [Fact]
    public async Task Where_no_table_can_be_written_the_whole_is_read()
    {
        await WriteAsync(20);
        Directory.CreateDirectory(OffsetsPath);
        await ReadAsync();
        Assert.True(Directory.Exists(OffsetsPath));
    }

    [Fact]
    public async Task A_journal_of_the_first_format_has_no_table()
    {
        const string Old = """{"type":"Intent","intent":"old","at":"2026-01-01T00:00:00Z","account":"0123456789ABCDEF","kind":"Asset","rows":[]}""";
        await File.WriteAllTextAsync(JournalPath, $$"""{"type":"Journal","version":1,"at":"2026-01-01T00:00:00Z"}{{"\n"}}{{Old}}{{"\n"}}""", Cancelled);
        await WriteAsync(5);
        await ReadAsync();
        Assert.False(File.Exists(OffsetsPath));
    }

    [Fact]
    public async Task What_is_cleared_takes_its_table_with_it()
    {
        await WriteAsync(20);
        await ReadAsync();
        await using var journal = Open("account", long.MaxValue);
        await ((IJournalArchive)journal).ClearAsync(DateTimeOffset.UtcNow.AddDays(1), isRehearsal: false, Cancelled);
        Assert.False(File.Exists(OffsetsPath));
        await ReadAsync();
    }

    private FileJournal Open(string account, long offsetsStep) =>
        new(new DiskJournalFile(JournalPath, TimeProvider.System), new JournalAccount(account), TimeProvider.System, offsetsStep);

    private async Task WriteAsync(int requests, int first = 0)
    {
        await using var journal = Open("account", long.MaxValue);
        for (var i = first; i < first + requests; i++)
        {
            await journal.BeginAsync(JournalRecords.Intent($"intent_{i}", new AvatarGroup { Name = "cast" }, $"https://e.com/{i}", $"https://e.com/{i}/more"));
            await journal.EndAsync($"intent_{i}", JournalState.Accepted, $"task_{i}", "group-1");
            await journal.RecordFinalAsync(Ended($"task_{i}", i % 7 == 0), Cancelled);
        }
    }

    private async Task ReadAsync()
    {
        await using var journal = Open("account", 1);
        Assert.Equal(JournalState.Accepted, (await journal.FindAsync("https://e.com/3", new AvatarGroup { Name = "cast" }))!.State);
        Assert.Equal(JournalState.ReviewFailed, (await journal.FindAsync("https://e.com/0", new AvatarGroup { GroupId = "group-1" }))!.State);
    }

    private static SeedanceTask Ended(string taskId, bool hasFailed, string? groupId = "group-1") => new()
    {
        TaskId = taskId,
        Kind = TaskKind.Asset,
        Status = hasFailed ? SeedanceTaskStatus.Failed : SeedanceTaskStatus.Completed,
        Error = hasFailed ? new TaskError("task_failed", "no") : null,
        Group = new AvatarGroup { GroupId = groupId },
        Assets = hasFailed ? [] : [new SeedanceAsset { AssetId = $"asset_{taskId}", AssetUrl = $"asset://{taskId}", IsUsable = true, TaskId = taskId, SourceIndex = 0, MatchedBy = MatchedBy.Position }],
    };

    private static async Task AssertSameAsync(RandomHistory history, FileJournal whole, FileJournal table)
    {
        Assert.Equal(await OpenAsync(whole), await OpenAsync(table));

        // In another order than that of the file, and some of them more than once.
        var keys = history.Shuffled(RandomHistory.Keys).ToList();
        foreach (var few in keys.Chunk(7))
        {
            Assert.Equal(await whole.FindAsync(few, Cancelled), await table.FindAsync(few, Cancelled));
        }

        foreach (var few in history.Shuffled(history.Tasks).Chunk(3))
        {
            Assert.Equal((await whole.FindTasksAsync(few, Cancelled)).Select(Say), (await table.FindTasksAsync(few, Cancelled)).Select(Say));
        }

        foreach (var hash in RandomHistory.Uploads)
        {
            Assert.Equal(await whole.FindUploadAsync(hash, Cancelled), await table.FindUploadAsync(hash, Cancelled));
        }
    }

    private static async Task<List<string>> OpenAsync(FileJournal journal)
    {
        var open = new List<string>();
        await foreach (var request in journal.ReadOpenAsync(Cancelled))
        {
            open.Add($"{request.Intent.IntentId} {request.Intent.Group} {request.IsUnderWay} {request.RunName} {request.Message} {request.Intent.Rows.Count}");
        }

        return open;
    }

    private static string Say(SeedanceTask? task) => task is null ? "none"
        : $"{task.TaskId} {task.Status} {task.Group} {task.RunName} {task.Error?.Message} {string.Join(',', task.Sources.Select(source => source.SourceUrl))} {string.Join(',', task.Assets.Select(asset => $"{asset.AssetId} {asset.Status} {asset.Name} {asset.IsUsable}"))}";

    /// <summary>What runs write who get every kind of answer, some of them late, twice, or for a task that there was before.</summary>
    private sealed class RandomHistory(Dice dice, Func<string, FileJournal> open)
    {
        public static readonly string[] Uploads = ["hash-1", "hash-2", "hash-3"];

        private static readonly AvatarGroup?[] s_groups =
        [
            null, new() { Name = "cast" }, new() { GroupId = "group-1" }, new() { Name = "cast", GroupId = "group-1" }, new() { Name = "crew" },
            new() { GroupId = "group-2" }, new() { Name = "Ann", GroupId = "group-3", IsRealPerson = true }, new() { Name = "ann", IsImplied = true },
        ];

        private readonly List<string> _intents = [];
        private int _number;

        public List<string> Tasks { get; } = [];

        public static IEnumerable<JournalKey> Keys =>
            from number in Enumerable.Range(0, 30)
            from @group in s_groups
            from older in (string?[])[null, $"https://e.com/{number + 1}"]
            select JournalKey.Create("Image", "default", $"https://e.com/{number}", @group, older, number % 3 == 0 ? $"name {number}" : null);

        public IEnumerable<T> Shuffled<T>(IEnumerable<T> items) => items.Select(item => (item, dice.Fraction())).ToList().OrderBy(one => one.Item2).Select(one => one.item);

        public async Task WriteAsync(int steps)
        {
            var journals = s_accounts.ToDictionary(account => account, open);
            for (var step = 0; step < steps; step++)
            {
                await StepAsync(journals[s_accounts[dice.Between(0, 1)]]);
            }

            foreach (var journal in journals.Values)
            {
                await journal.DisposeAsync();
            }
        }

        private async Task StepAsync(FileJournal journal)
        {
            switch (dice.Between(0, 9))
            {
                case <= 3:
                    await BeginAsync(journal);
                    break;
                case <= 5 when _intents.Count > 0:
                    var state = dice.Pick(JournalState.Accepted, JournalState.Accepted, JournalState.Unknown, JournalState.Refused, JournalState.Unsent);
                    await journal.EndAsync(new JournalOutcome
                    {
                        IntentId = dice.Pick<string>([.. _intents]),
                        State = state,
                        TaskId = state == JournalState.Accepted ? NextTask() : null,
                        GroupId = state == JournalState.Accepted ? dice.Pick<string?>(null, "group-1", "group-2") : null,
                        Message = state.ToString(),
                    }, Cancelled);
                    break;
                case 6 when Tasks.Count > 0:
                    await journal.RecordFinalAsync(Ended(dice.Pick<string>([.. Tasks]), dice.Happens(0.3), dice.Pick<string?>(null, "group-1", "group-4")), Cancelled);
                    break;
                case 7 when _intents.Count > 0:
                    await journal.SettleAsync(dice.Pick<string>([.. _intents]), Ended(NextTask(), dice.Happens(0.2)), Cancelled);
                    break;
                case 8:
                    await journal.RecordUploadAsync(new JournalUpload(dice.Pick<string>(Uploads), $"https://u.example/{_number++}", null, DateTimeOffset.UnixEpoch.AddDays(30000 + _number)), Cancelled);
                    break;
                default:
                    if (Tasks.Count > 0)
                    {
                        await journal.RecordChangesAsync([new JournalAssetChange { AssetId = $"asset_{dice.Pick<string>([.. Tasks])}", Name = $"renamed {_number++}" }], Cancelled);
                    }

                    break;
            }
        }

        private async Task BeginAsync(FileJournal journal)
        {
            var id = $"intent_{_number++}";
            var run = dice.Happens(0.5) ? $"run_{_number}" : null;
            if (run is not null)
            {
                await (await journal.BeginRunAsync(new JournalRun(run, $"nightly {_number}"), Cancelled)).DisposeAsync();
            }

            var urls = Enumerable.Range(0, dice.Between(1, 3)).Select(_ => dice.Between(0, 29)).Select(number => dice.Happens(0.1) ? $"library:name {number}" : $"https://e.com/{number}").Distinct().ToArray();
            await journal.BeginAsync(JournalRecords.Intent(id, dice.Pick<AvatarGroup?>(s_groups), urls) with { RunId = run });
            _intents.Add(id);
        }

        // A sandbox that begins anew gives the same ids again.
        private string NextTask()
        {
            if (Tasks.Count > 0 && dice.Happens(0.2))
            {
                return dice.Pick<string>([.. Tasks]);
            }

            Tasks.Add($"task_{_number++}");
            return Tasks[^1];
        }
    }
}
