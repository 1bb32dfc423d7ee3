namespace Seedance.Client.Tests.Tasks;

/// <summary>Ends are noticed soon, with few looks, whether a review takes seconds or minutes: the waiter learns which.</summary>
public sealed class PollScheduleTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(2, 4, 0, true)]
    [InlineData(2, 4, 0, false)]
    [InlineData(2, 4, 0.5, true)]
    [InlineData(2, 4, 0.5, false)]
    [InlineData(60, 180, 0, true)]
    [InlineData(60, 180, 0, false)]
    [InlineData(60, 180, 5, true)]
    [InlineData(60, 180, 5, false)]
    [InlineData(20, 20, 1, false)]
    public void An_end_is_noticed_within_a_tenth_of_its_time_with_eight_looks(double from, double to, double every, bool isEstimated)
    {
        var (late, looks) = Measure(from, to, every, isEstimated);
        Assert.True(late <= 0.10, $"{late:P1} late");
        Assert.True(looks <= 8, $"{looks:F1} looks a task");
    }

    [Theory]
    [InlineData(600, 900, 10, 0.05)]
    [InlineData(1, 300, 5, 0.17)]
    public void Tasks_that_take_very_long_or_anything_at_all_are_still_noticed_with_few_looks(double from, double to, double every, double most)
    {
        var (late, looks) = Measure(from, to, every, isEstimated: false);
        Assert.True(late <= most, $"{late:P1} late");
        Assert.True(looks <= 12, $"{looks:F1} looks a task");
    }

    private (double Late, double Looks) Measure(double from, double to, double every, bool isEstimated)
    {
        double late = 0, looks = 0, worst = 0;
        const int Tasks = 100, Seeds = 5;
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var bench = new ClientFixture();
            var reviews = new Reviews(bench, new Random(seed), from, to, isEstimated);
            var watch = Watch.Begin(bench, CancellationToken.None);
            for (var i = 0; i < Tasks; i++)
            {
                watch.Add(reviews.Submit());
                bench.Time.Advance(TimeSpan.FromSeconds(every));
            }

            watch.Complete();
            bench.Time.Finish(watch.Running);
            Assert.Equal(Tasks, watch.Ended.Count);
            var shares = watch.Ended.Select(ended => reviews.Lateness(ended.Task.TaskId, ended.At)).ToList();
            late += shares.Sum();
            worst = Math.Max(worst, shares.Max());
            looks += bench.Network.Calls.Count;
        }

        late /= Tasks * Seeds;
        looks /= Tasks * Seeds;
        output.WriteLine($"{from}-{to} s, one every {every} s, {(isEstimated ? "with" : "without")} estimate: noticed {late:P1} late on average ({worst:P0} at worst), {looks:F1} looks a task");
        return (late, looks);
    }

    [Fact]
    public void A_look_is_never_further_off_than_two_minutes_nor_nearer_than_a_tenth_of_a_second()
    {
        for (var seed = 1; seed <= 1_000; seed++)
        {
            var random = new Random(seed);
            var schedule = new PollSchedule();
            for (var learned = random.Next(200); learned > 0; learned--)
            {
                var from = Age(random);
                schedule.Learn(TaskKind.Asset, from, from + Age(random), random.Next(3) == 0);
            }

            TimeSpan? estimate = random.Next(2) == 0 ? null : TimeSpan.FromSeconds(random.Next(1_000_000));
            Assert.InRange(schedule.Next(TaskKind.Asset, Age(random), estimate, random.Next(100)), TimeSpan.FromSeconds(0.1), TimeSpan.FromMinutes(2));
        }

        static TimeSpan Age(Random random) => random.Next(10) == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Pow(10, 9 * random.NextDouble()) / 1_000);
    }

    [Fact]
    public void Kinds_do_not_learn_from_each_other()
    {
        var schedule = new PollSchedule();
        for (var i = 0; i < 10; i++)
        {
            schedule.Learn(TaskKind.Video, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(4), hasEnded: true);
        }

        Assert.Equal(TimeSpan.FromMinutes(3), schedule.Typical(TaskKind.Video));
        Assert.Null(schedule.Typical(TaskKind.Asset));
        Assert.Equal(TimeSpan.FromSeconds(1), schedule.Next(TaskKind.Asset, TimeSpan.Zero, null, 0));
    }

    /// <summary>Reviews that end at known moments; their answers tell whole seconds, as the API's do.</summary>
    private sealed class Reviews
    {
        private readonly ClientFixture _bench;
        private readonly Random _random;
        private readonly double _from;
        private readonly double _to;
        private readonly Dictionary<string, (DateTimeOffset Began, DateTimeOffset Ends)> _tasks = [];

        public Reviews(ClientFixture bench, Random random, double from, double to, bool isEstimated)
        {
            (_bench, _random, _from, _to) = (bench, random, from, to);
            bench.Network.Script = call =>
            {
                var (began, ends) = _tasks[call.Address.Segments[^1]];
                var now = bench.Time.World.GetUtcNow();
                return Answers.Task(now >= ends ? "completed" : "processing",
                    $",\"created\":{began.ToUnixTimeSeconds()}" + (isEstimated ? $",\"estimated_time\":{(int)Math.Ceiling(to)}" : ""));
            };
        }

        public SeedanceTask Submit()
        {
            var now = _bench.Time.World.GetUtcNow();
            var id = $"task_{_tasks.Count}";
            _tasks[id] = (now, now + TimeSpan.FromSeconds(_from + ((_to - _from) * _random.NextDouble())));
            return new SeedanceTask { TaskId = id, Kind = TaskKind.Asset, Status = SeedanceTaskStatus.Processing, SubmittedAt = now };
        }

        /// <summary>How late an end was noticed, as a share of the time the task took.</summary>
        public double Lateness(string taskId, DateTimeOffset noticed) =>
            (noticed - _tasks[taskId].Ends) / (_tasks[taskId].Ends - _tasks[taskId].Began);
    }
}
