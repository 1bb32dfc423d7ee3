namespace Seedance.Client.Tests.Http;

/// <summary>Connections that share an account's rate: submissions first, one pause for all, and nothing fails for want of the place where the rate is kept.</summary>
public sealed class SharedTurnTests
{
    private readonly ClientFixture _bench = new();

    public SharedTurnTests() => _bench.Network.Script = _ => Answers.Task();

    [Fact]
    public void Connections_keep_to_one_rate_together()
    {
        var rate = new SharedRate(_bench.Time, perSecond: 10);
        var asking = Enumerable.Range(0, 4).Select(_ => Connect(rate, perSecond: 10)).Select(client => Look(client, 25)).ToList();
        _bench.Time.Finish(Task.WhenAll(asking));

        Assert.InRange(_bench.Network.Calls[^1].At.TotalSeconds, 9.8, 11);
        Assert.True(Busiest(TimeSpan.FromSeconds(1)) <= 11, $"{Busiest(TimeSpan.FromSeconds(1))} in one second");
    }

    [Fact]
    public void A_connection_with_a_rate_of_its_own_below_the_accounts_keeps_to_its_own()
    {
        var client = Connect(new SharedRate(_bench.Time, perSecond: 1_000), perSecond: 10);
        _bench.Time.Finish(Look(client, 50));

        Assert.InRange(_bench.Network.Calls[^1].At.TotalSeconds, 4.8, 5.5);
        Assert.True(Busiest(TimeSpan.FromSeconds(1)) <= 11, $"{Busiest(TimeSpan.FromSeconds(1))} in one second");
    }

    [Fact]
    public void Submissions_have_their_turn_before_looks_that_came_before_them()
    {
        var client = Connect(new SharedRate(_bench.Time, perSecond: 5), perSecond: 5);
        var looking = Look(client, 40);
        _bench.Time.Advance(TimeSpan.FromSeconds(1.5));
        var before = _bench.Network.Calls.Count;
        var submitting = _bench.Time.Begin(() => Task.WhenAll(Enumerable.Range(0, 5).Select(_ => client.SubmitAssetsAsync(ClientFixture.Batch(), TestContext.Current.CancellationToken))));
        _bench.Time.Finish(Task.WhenAll(looking, submitting));

        Assert.InRange(before, 5, 10);
        Assert.All(_bench.Network.Calls.Skip(before).Take(5), call => Assert.True(call.IsPost, $"call {call.Number} is a look"));
    }

    [Fact]
    public void What_the_account_was_told_on_one_connection_silences_the_others()
    {
        var rate = new SharedRate(_bench.Time, perSecond: 20);
        _bench.Network.Script = call => call.Number == 1 ? Answers.Error(429, TimeSpan.FromSeconds(30)) : Answers.Task();
        var (one, other) = (Connect(rate, perSecond: 20), Connect(rate, perSecond: 20));
        var asking = Look(one, 1);
        _bench.Time.Until(() => rate.PausedUntil > TimeSpan.Zero);
        var pausedAt = _bench.Time.Elapsed;
        _bench.Time.Finish(Task.WhenAll(asking, Look(other, 20)));

        Assert.All(_bench.Network.Calls.Skip(1), call => Assert.True(call.At >= pausedAt + TimeSpan.FromSeconds(30), $"left at {call.At}"));
    }

    [Fact]
    public void A_pause_elsewhere_is_known_within_half_a_second()
    {
        var rate = new SharedRate(_bench.Time, perSecond: 20);
        var asking = Look(Connect(rate, perSecond: 20), 100);
        _bench.Time.Advance(TimeSpan.FromSeconds(2));
        var pausedAt = _bench.Time.Elapsed;
        _bench.Time.Run(async () =>
        {
            await rate.PauseAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
            return true;
        });
        _bench.Time.Finish(asking);

        var silence = _bench.Network.Calls.Where(call => call.At > pausedAt + TimeSpan.FromSeconds(0.51)).ToList();
        Assert.All(silence, call => Assert.True(call.At >= pausedAt + TimeSpan.FromSeconds(30), $"left {call.At - pausedAt} after the pause began"));
        Assert.NotEmpty(silence);
    }

    [Fact]
    public void Turns_whose_time_has_passed_are_not_used()
    {
        // More than were asked for: what one request leaves over is there for the next, and no longer than its time.
        var rate = new SharedRate(_bench.Time, perSecond: 20) { Extra = 9 };
        var client = Connect(rate, perSecond: 1_000);
        _bench.Time.Finish(Look(client, 1));
        _bench.Time.Finish(Look(client, 1));
        Assert.Equal(1, rate.Leases);

        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        _bench.Time.Finish(Look(client, 1));
        Assert.Equal(2, rate.Leases);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_the_shared_rate_looks_go_on_at_a_quarter_of_their_own(bool hangs)
    {
        var rate = new SharedRate(_bench.Time, perSecond: 20) { IsAway = true, Hangs = hangs };
        _bench.Time.Finish(Look(Connect(rate, perSecond: 20), 40));

        // Two seconds at a time, and two more before each where it does not answer.
        Assert.Equal(40, _bench.Network.Calls.Count);
        Assert.InRange(_bench.Network.Calls[^1].At.TotalSeconds, hangs ? 14 : 7.5, hangs ? 18 : 9);
        Assert.True(Busiest(TimeSpan.FromSeconds(1)) <= 6, $"{Busiest(TimeSpan.FromSeconds(1))} in one second");

        rate.IsAway = false;
        var before = _bench.Time.Elapsed;
        _bench.Time.Finish(Look(Connect(rate, perSecond: 20), 40));
        Assert.InRange((_bench.Time.Elapsed - before).TotalSeconds, 1.9, 2.5);
    }

    [Fact]
    public void A_pause_that_cannot_be_told_pauses_the_connection_itself()
    {
        var rate = new SharedRate(_bench.Time, perSecond: 20) { IsAway = true };
        _bench.Network.Script = call => call.Number == 1 ? Answers.Error(429, TimeSpan.FromSeconds(30)) : Answers.Task();
        _bench.Time.Finish(Look(Connect(rate, perSecond: 20), 10));

        Assert.All(_bench.Network.Calls.Skip(1), call => Assert.True(call.At >= TimeSpan.FromSeconds(30), $"left at {call.At}"));
    }

    [Fact]
    public void Who_gives_up_takes_nobodys_turn()
    {
        var client = Connect(new SharedRate(_bench.Time, perSecond: 1), perSecond: 1);
        using var stop = new CancellationTokenSource();
        var first = Look(client, 1);
        var impatient = _bench.Time.Begin(() => client.GetTaskAsync("impatient", cancellationToken: stop.Token));
        var patient = _bench.Time.Begin(() => client.GetTaskAsync("patient", cancellationToken: TestContext.Current.CancellationToken));
        _bench.Time.Advance(TimeSpan.FromSeconds(0.5));
        stop.Cancel();
        _bench.Time.Finish(Task.WhenAll(first, patient));

        Assert.True(impatient.IsFaulted || impatient.IsCanceled);
        Assert.Equal(2, _bench.Network.Calls.Count);
        Assert.InRange(_bench.Network.Calls[1].At.TotalSeconds, 0.9, 1.1);
    }

    [Fact]
    public void A_fault_of_the_rates_own_is_told_to_those_who_wait()
    {
        var rate = new SharedRate(_bench.Time, perSecond: 1) { Fault = new InvalidOperationException("a bug") };
        var asking = Look(Connect(rate, perSecond: 1), 1);
        _bench.Time.Finish(asking);

        Assert.Equal("a bug", asking.Exception?.InnerException?.Message);
    }

    private SeedanceClient Connect(SharedRate rate, int perSecond)
    {
        var options = new SeedanceConnectionOptions { ApiKey = ClientFixture.Key, RequestsPerSecond = perSecond, Concurrency = 256, TimeProvider = _bench.Time.Clock, Jitter = () => 0.5 };
        var handlers = ApiTransport.Handlers(options, rate);
        HttpMessageHandler chain = _bench.Network;
        foreach (var handler in handlers.Reverse())
        {
            handler.InnerHandler = chain;
            chain = handler;
        }

        return new SeedanceClient(new HttpMessageInvoker(chain), handlers.OfType<RateLimitHandler>().Single(), options.BaseUri, options.TimeProvider);
    }

    private Task<SeedanceTask[]> Look(SeedanceClient client, int count) =>
        _bench.Time.Begin(() => Task.WhenAll(Enumerable.Range(0, count).Select(_ => client.GetTaskAsync("task_1", cancellationToken: TestContext.Current.CancellationToken))));

    private int Busiest(TimeSpan span) =>
        _bench.Network.Calls.Max(first => _bench.Network.Calls.Count(call => call.At >= first.At && call.At < first.At + span));

    /// <summary>A shared rate in memory, which grants turns as the database does.</summary>
    private sealed class SharedRate(VirtualTime time, int perSecond) : ISharedRate
    {
        private static readonly TimeSpan s_ahead = TimeSpan.FromSeconds(0.5);
        private readonly TimeSpan _spacing = TimeSpan.FromSeconds(1.0 / perSecond);
        private TimeSpan _nextTurn;

        public TimeSpan PausedUntil { get; private set; }

        public int Leases { get; private set; }

        /// <summary>Turns that are granted beyond what was asked for.</summary>
        public int Extra { get; init; }

        public bool IsAway { get; set; }

        public bool Hangs { get; init; }

        public Exception? Fault { get; init; }

        public async Task<TurnLease> LeaseTurnsAsync(int ownPerSecond, int count, CancellationToken cancellationToken)
        {
            await AnswerAsync(cancellationToken);
            Leases++;
            var now = time.Elapsed;
            if (PausedUntil > now)
            {
                return new TurnLease(PausedUntil - now, 0, _spacing, PausedUntil - now);
            }

            var first = _nextTurn > now ? _nextTurn : now;
            if (first > now + s_ahead)
            {
                return new TurnLease(first - now - (s_ahead / 2), 0, _spacing, TimeSpan.Zero);
            }

            var granted = Math.Min(count + Extra, 1 + (int)((now + s_ahead - first) / _spacing));
            _nextTurn = first + (granted * _spacing);
            return new TurnLease(first - now, granted, _spacing, TimeSpan.Zero);
        }

        public async Task PauseAsync(TimeSpan span, CancellationToken cancellationToken)
        {
            await AnswerAsync(cancellationToken);
            PausedUntil = time.Elapsed + span;
        }

        private async Task AnswerAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(IsAway && Hangs ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(2), time.Clock, cancellationToken);
            if ((IsAway ? new SeedanceException(SeedanceErrorKind.JournalUnavailable, Delivery.NotSent, "away") : Fault) is { } failure)
            {
                throw failure;
            }
        }
    }
}
