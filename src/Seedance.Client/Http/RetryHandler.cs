using Polly;
using Polly.Retry;

namespace Seedance.Http;

/// <summary>
/// Sends again what may be sent again: a query after any passing fault, a submission only when it surely took no effect.
/// </summary>
internal sealed class RetryHandler : DelegatingHandler
{
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(20);
    private static readonly ResiliencePropertyKey<Attempts> s_attempts = new("attempts");

    private readonly TimeProvider _time;
    private readonly TimeSpan _budget;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    /// <param name="budget">How long after its first attempt a request may begin another.</param>
    /// <param name="time">The clock of delays and budget.</param>
    /// <param name="jitter">Numbers from 0 to 1 that spread the delays; a simulation gives its own.</param>
    public RetryHandler(TimeSpan budget, TimeProvider time, Func<double>? jitter = null)
    {
        _time = time;
        _budget = budget;
        var random = jitter ?? Random.Shared.NextDouble;
        _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = int.MaxValue,
                ShouldHandle = args => ValueTask.FromResult(ShouldRetry(args)),
                DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(args.Context.Properties.GetValue(s_attempts, null!).Delay),
                BackoffType = DelayBackoffType.Constant,
            })
            .Build();

        bool ShouldRetry(RetryPredicateArguments<HttpResponseMessage> args)
        {
            if (args.Outcome.Exception is not SeedanceException { Delivery: Delivery.NotSent } failure)
            {
                return false;
            }

            var backoff = TimeSpan.FromTicks(Math.Min(s_longestDelay.Ticks, s_firstDelay.Ticks << Math.Min(args.AttemptNumber, 10)));
            var wait = (failure.RetryAfter ?? backoff * 0.75) + (backoff * 0.25 * random());
            var attempts = args.Context.Properties.GetValue(s_attempts, null!);
            attempts.Delay = wait;
            return _time.GetElapsedTime(attempts.Began) + wait < _budget;
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The caller's scheduler is kept throughout, so that a simulation can run every step in its own order.
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, cancellationToken);
        var attempts = new Attempts(_time.GetTimestamp());
        context.Properties.Set(s_attempts, attempts);
        try
        {
            return await _pipeline.ExecuteAsync(
                static (context, state) => new ValueTask<HttpResponseMessage>(state.Handler.SendOnceAsync(state.Request, state.Attempts.Next(), context.CancellationToken)),
                context,
                (Handler: this, Request: request, Attempts: attempts));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, int number, CancellationToken cancellationToken)
    {
        request.Options.Set(RequestTrace.Number, number);
        return base.SendAsync(request, cancellationToken);
    }

    private sealed class Attempts(long began)
    {
        public long Began { get; } = began;

        public TimeSpan Delay { get; set; }

        private int _count;

        public int Next() => ++_count;
    }
}
