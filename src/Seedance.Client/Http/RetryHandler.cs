namespace Seedance.Http;

/// <summary>Sends again what may be sent again, in waits that double, as the <see cref="Delivery"/> of its failure allows.</summary>
/// <param name="budget">How long after its first attempt a request may begin another.</param>
/// <param name="time">The clock of delays and budget.</param>
/// <param name="jitter">Numbers from 0 to 1 that spread the delays; a simulation gives its own.</param>
internal sealed class RetryHandler(TimeSpan budget, TimeProvider time, Func<double>? jitter = null) : DelegatingHandler
{
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(20);

    private readonly Func<double> _jitter = jitter ?? Random.Shared.NextDouble;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            request.Options.Set(RequestTrace.Number, attempt);
            TimeSpan delay;
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (SeedanceException e) when (e is { Delivery: Delivery.NotSent, IsTransient: true } && (delay = Delay(e, attempt)) + time.GetElapsedTime(began) < budget)
            {
            }

            await Task.Delay(delay, time, cancellationToken);
        }
    }

    private TimeSpan Delay(SeedanceException failure, int attempt)
    {
        var backoff = TimeSpan.FromTicks(Math.Min(s_longestDelay.Ticks, s_firstDelay.Ticks << Math.Min(attempt - 1, 10)));
        var spread = backoff * 0.25;
        return (failure.RetryAfter ?? (backoff - spread)) + (spread * _jitter());
    }
}
