using System.Threading.RateLimiting;

namespace Seedance.Http;

/// <summary>Keeps a connection within its requests per second and its number of requests at once, and pauses all of it after a 429.</summary>
/// <param name="requestsPerSecond">Requests a second.</param>
/// <param name="concurrency">Requests at once.</param>
/// <param name="longestPause">What a server's pause is cut to: nobody waits for a turn longer than a retry would be waited for.</param>
/// <param name="time">The clock.</param>
internal sealed class RateLimitHandler(int requestsPerSecond, int concurrency, TimeSpan longestPause, TimeProvider time) : DelegatingHandler
{
    // Without a Retry-After, long enough for a limiter counted by the second to have moved on.
    private static readonly TimeSpan s_defaultPause = TimeSpan.FromSeconds(1);

    private readonly PausableRateLimiter _turns = new(requestsPerSecond, time);
    private readonly ConcurrencyLimiter _slots = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = concurrency,
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var slot = await _slots.AcquireAsync(1, cancellationToken);
        using var turn = await _turns.AcquireAsync(1, cancellationToken);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (SeedanceException e) when (e.Kind == SeedanceErrorKind.RateLimited)
        {
            var pause = e.RetryAfter ?? s_defaultPause;
            _turns.Pause(pause < longestPause ? pause : longestPause);
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _slots.Dispose();
            _turns.Dispose();
        }

        base.Dispose(disposing);
    }
}
