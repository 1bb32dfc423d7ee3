using System.Threading.RateLimiting;

namespace Seedance;

/// <summary>Keeps a connection within its requests per second and its number of requests at once, and pauses all of it after a 429.</summary>
internal sealed class PacingHandler(int requestsPerSecond, int concurrency, TimeProvider time) : DelegatingHandler
{
    // Without a Retry-After, long enough for a limiter counted by the second to have moved on.
    private static readonly TimeSpan s_defaultPause = TimeSpan.FromSeconds(1);

    private readonly TurnLimiter _turns = new(requestsPerSecond, time);
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
            _turns.Pause(e.RetryAfter ?? s_defaultPause);
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
