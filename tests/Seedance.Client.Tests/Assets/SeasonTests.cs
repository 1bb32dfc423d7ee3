namespace Seedance.Client.Tests.Assets;

/// <summary>
/// One table, submitted again every night: keys are rotated, addresses signed anew, and pictures that failed are replaced.
/// <c>SEEDANCE_SEASON=90x5000</c> plays so many nights and rows; without it, fewer.
/// </summary>
public sealed class SeasonTests
{
    private const int NightsAKey = 30;
    private const int FailsOneIn = 33;

    private static readonly AvatarGroup s_cast = new() { Name = "cast" };
    private readonly ClientFixture _bench = new() { JournalFile = new FakeJournalFile() };

    [Fact]
    public void Every_picture_is_paid_for_once_and_the_journal_tells_what_the_server_counted()
    {
        var (nights, rows) = Environment.GetEnvironmentVariable("SEEDANCE_SEASON")?.Split('x') is [var a, var b]
            ? (int.Parse(a, null), int.Parse(b, null)) : (35, 200);
        var (sent, listed) = (0, 0);
        for (var night = 0; night < nights; night++)
        {
            // The table grows, and what failed last night has another picture by now.
            var (before, count) = (night == 0 ? 0 : CountAt(night - 1), CountAt(night));
            var run = Submit(night, [.. Enumerable.Range(0, count).Select(i => Row(i, isReplaced: i < before, night))]);
            var toSend = Enumerable.Range(before, count - before).Count() + Enumerable.Range(night > 1 ? CountAt(night - 2) : 0, before - (night > 1 ? CountAt(night - 2) : 0)).Count(Fails);
            Assert.Equal((count, toSend, count - toSend), (run.Rows, run.Accepted, run.AcceptedEarlier));
            (sent, listed) = (sent + toSend, listed + count);
        }

        var tally = _bench.Network.Sandbox.Tally;
        Assert.Equal((sent, 0), (tally.RowsAccepted, tally.DuplicateRows));
        var (assets, runs) = _bench.Time.Run(async () => (
            await Journal(nights).ReadAssetsAsync(JournalQuery.All).ToListAsync(), await Journal(nights).ReadRunsAsync(JournalQuery.All).ToListAsync()));
        Assert.Equal(rows, assets.Count);
        Assert.Equal(Enumerable.Range(CountAt(nights - 2), rows - CountAt(nights - 2)).Count(Fails), assets.Count(asset => !asset.IsUsable));
        Assert.Equal((nights, sent, listed), (runs.Count, runs.Sum(run => run.Accepted), runs.Sum(run => run.Rows)));
        Assert.Equal(sent, runs.Sum(run => run.Usable + run.Failed));

        int CountAt(int night) => (rows / 2) + (rows / 2 * night / (nights - 1));
    }

    private static bool Fails(int row) => row % FailsOneIn == 1;

    // Rows that may be replaced have an id of their own; the others are known by their address.
    private static AssetSource Row(int i, bool isReplaced, int night) =>
        new($"https://bucket.s3.amazonaws.com/{(Fails(i) && !isReplaced ? "reject" : "cast")}-{i}.png?X-Amz-Date=202601{night:00}&X-Amz-Signature={night:x8}")
        {
            Name = $"cast-{i}",
            RowId = Fails(i) ? $"id-{i}" : null,
            Group = s_cast,
            Row = i + 1,
        };

    private Run Submit(int night, AssetSource[] rows)
    {
        Run? ended = null;
        _bench.Time.Run(async () =>
        {
            var tasks = new List<SeedanceTask>();
            var options = new SubmitOptions { Resume = true, RetryFailed = true, RunName = $"night {night}" };
            await foreach (var next in new AssetSubmitter(_bench.Client, Journal(night), _bench.Time.Clock).SubmitAsync(rows, options))
            {
                if (next is TaskAccepted { Resumed: false } accepted)
                {
                    tasks.Add(accepted.Task);
                }
                else if (next is RunEnded { Run: var run })
                {
                    ended = run;
                }
            }

            await foreach (var next in new TaskWaiter(_bench.Client, Journal(night), _bench.Time.Clock).WaitAsync(tasks))
            {
                Assert.True(next is not TaskNotEnded);
            }

            return 0;
        });
        return ended!;
    }

    // Each night is a process of its own, and every so many nights the key is another.
    private FileJournal Journal(int night) => new(
        _bench.JournalFile!, JournalAccount.Create("studio", $"sk-{night / NightsAKey}", new Uri("https://api.example.com/")), _bench.Time.Clock);
}
