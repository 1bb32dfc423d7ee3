using System.Threading.Channels;

namespace Seedance.Client.Tests.Videos;

/// <summary>A limit on what a run of orders may cost: each video here costs 0.71 dollars at most.</summary>
public sealed class RunBudgetTests : IDisposable
{
    private const decimal Each = 0.71m;

    private readonly FakeJournalFile _file = new();
    private readonly ClientFixture _bench = new();

    public RunBudgetTests() => _bench.JournalFile = _file;

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData(3 * 0.71, 3)]
    [InlineData((3 * 0.71) + 0.7, 3)]
    [InlineData(0, 0)]
    [InlineData(0.70, 0)]
    [InlineData(7.1, 10)]
    public void No_more_is_ordered_than_fits_with_what_is_in_flight(double most, int ordered)
    {
        _bench.Network.Latency = TimeSpan.FromSeconds(5);
        var events = Order(Videos(10), new VideoOptions { MaxCost = (decimal)most, ThrottleLimit = 8 });

        Assert.Equal(ordered, _bench.Network.Posts.Count());
        Assert.Equal(ordered, events.OfType<TaskAccepted>().Count());
        Assert.All(events.OfType<TaskAccepted>(), accepted => Assert.Equal(Each, accepted.Task.EstimatedCost));
        Assert.Equal(10 - ordered, events.OfType<BudgetReached>().SingleOrDefault()?.Count ?? 0);
    }

    [Fact]
    public void The_error_says_what_was_ordered_what_it_costs_and_how_to_go_on()
    {
        var error = Order(Videos(3), new VideoOptions { MaxCost = 1, ThrottleLimit = 1 }).OfType<BudgetReached>().Single().Error;
        Assert.Equal(("Seedance.BudgetReached", Delivery.NotSent), (error.ErrorId, error.Delivery));
        Assert.All(["2 video(s)", "USD 1.", "USD 0.71", "row 2"], said => Assert.Contains(said, error.Message, StringComparison.Ordinal));
        Assert.Contains("-Resume", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cheaper_one_behind_is_not_ordered_either()
    {
        VideoRequest[] videos = [.. Videos(1), Videos(1)[0] with { Prompt = "long", Duration = 15 }, Videos(1)[0] with { Prompt = "short", Duration = 4 }];
        Order(videos, new VideoOptions { MaxCost = 2, ThrottleLimit = 1 });
        Assert.Single(_bench.Network.Posts);
    }

    [Fact]
    public void What_is_refused_costs_nothing_and_what_is_of_unknown_outcome_may()
    {
        _bench.Network.Script = call => call.Number == 1 ? Answers.Error(400) : null;
        Order(Videos(3), new VideoOptions { MaxCost = Each, ThrottleLimit = 1 });
        Assert.Equal(2, _bench.Network.Posts.Count());

        _bench.Network.Script = call => Answers.Error(500);
        var events = Order([.. Videos(6).Skip(3)], new VideoOptions { MaxCost = 2 * Each, ThrottleLimit = 1 });
        Assert.Equal(4, _bench.Network.Posts.Count());
        Assert.Equal(2, events.OfType<VideoFailed>().Count(failed => failed.Error.Delivery == Delivery.Unknown));
    }

    [Fact]
    public void What_an_earlier_run_ordered_is_given_out_and_costs_nothing_more()
    {
        Order(Videos(3), new VideoOptions { MaxCost = 2 * Each, ThrottleLimit = 1 });
        var events = Order(Videos(3), new VideoOptions { Resume = true, MaxCost = Each });

        Assert.Equal(3, _bench.Network.Posts.Count());
        Assert.Equal(2, events.OfType<TaskAccepted>().Count(accepted => accepted.Resumed));
        Assert.Empty(events.OfType<BudgetReached>());
    }

    [Fact]
    public void What_nobody_knows_the_price_of_is_not_ordered_under_a_limit()
    {
        VideoRequest[] videos = [Videos(1)[0] with { Model = "seedance-9" }, .. Videos(1)];
        var events = Order(videos, new VideoOptions { MaxCost = 100 });
        var failed = Assert.Single(events.OfType<VideoFailed>());

        Assert.Equal((SeedanceErrorKind.InvalidInput, Delivery.NotSent), (failed.Error.Kind, failed.Error.Delivery));
        Assert.Contains("seedance-9", failed.Error.Message, StringComparison.Ordinal);
        Assert.Single(_bench.Network.Posts);
    }

    private static VideoRequest[] Videos(int count) =>
        [.. Enumerable.Range(1, count).Select(i => new VideoRequest { Prompt = $"prompt {i}", Model = VideoRules.DefaultModel, Duration = 5, Resolution = "720p", Row = i })];

    private List<SubmitEvent> Order(IEnumerable<VideoRequest> videos, VideoOptions options)
    {
        var events = new List<SubmitEvent>();
        _bench.Time.Run(async () =>
        {
            var channel = Channel.CreateUnbounded<VideoRequest>();
            videos.ToList().ForEach(video => channel.Writer.TryWrite(video));
            channel.Writer.Complete();
            await foreach (var next in new VideoSubmitter(_bench.Client, _bench.OpenJournal()).SubmitAsync(channel.Reader, options).Where(next => next is not RunEnded))
            {
                events.Add(next);
            }

            return 0;
        });
        return events;
    }
}
