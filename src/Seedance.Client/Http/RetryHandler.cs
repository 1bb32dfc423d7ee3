using System.Runtime.ExceptionServices;

namespace Seedance.Http;

/// <summary>
/// Sends again what may be sent again, in waits that double, as the <see cref="Delivery"/> of its failure allows. What is of
/// unknown outcome is sent again only where the endpoint allows it and the server has shown that it honours keys.
/// </summary>
/// <param name="budget">How long after its first attempt a request may begin another.</param>
/// <param name="time">The clock of delays and budget.</param>
/// <param name="jitter">Numbers from 0 to 1 that spread the delays; a simulation gives its own.</param>
internal sealed class RetryHandler(TimeSpan budget, TimeProvider time, Func<double>? jitter = null) : DelegatingHandler
{
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(20);

    private readonly Func<double> _jitter = jitter ?? Random.Shared.NextDouble;

    // Set by the first answer on this connection that shows it, and true from then on.
    private volatile bool _honoursKeys;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var endpoint = Endpoint.Get(request);
        var began = time.GetTimestamp();
        SeedanceException? unknown = null;
        for (var attempt = 1; ; attempt++)
        {
            request.Options.Set(RequestTrace.Number, attempt);
            TimeSpan delay;
            try
            {
                var response = await base.SendAsync(request, cancellationToken);
                _honoursKeys |= IdempotencyKey.IsReplay(response);
                return response;
            }
            catch (SeedanceException e)
            {
                _honoursKeys |= IdempotencyKey.ShowsSupport(e);
                if (!MayRepeat(endpoint, e) || (delay = Delay(e, attempt)) + time.GetElapsedTime(began) >= budget)
                {
                    // A later attempt that came to nothing says nothing about the one that may have taken effect.
                    ThrowIfSet(unknown);
                    throw;
                }

                unknown ??= e.Delivery == Delivery.Unknown ? e : null;
            }
            catch (OperationCanceledException)
            {
                ThrowIfSet(unknown);
                throw;
            }

            try
            {
                await Task.Delay(delay, time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                ThrowIfSet(unknown);
                throw;
            }
        }
    }

    private bool MayRepeat(Endpoint endpoint, SeedanceException failure) => failure.Delivery == Delivery.Unknown
        ? endpoint.RepeatsByKey && _honoursKeys && !IdempotencyKey.IsIndeterminate(failure)
        : failure is { Delivery: Delivery.NotSent, IsTransient: true };

    private static void ThrowIfSet(SeedanceException? failure)
    {
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private TimeSpan Delay(SeedanceException failure, int attempt)
    {
        var backoff = TimeSpan.FromTicks(Math.Min(s_longestDelay.Ticks, s_firstDelay.Ticks << Math.Min(attempt - 1, 10)));
        var spread = backoff * 0.25;
        return (failure.RetryAfter ?? (backoff - spread)) + (spread * _jitter());
    }
}
