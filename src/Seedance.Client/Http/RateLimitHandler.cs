using System.Threading.RateLimiting;

namespace Seedance.Http;

/// <summary>
/// Keeps a connection within its requests per second and its number of requests at once, and pauses all of it after a 429.
/// Requests that only read leave a quarter of the places free: however long they hang, submissions go on.
/// </summary>
/// <param name="requestsPerSecond">Requests a second.</param>
/// <param name="concurrency">Requests at once.</param>
/// <param name="longestDelay">What asks for a longer delay than a retry would wait for holds up its own request, not the others.</param>
/// <param name="time">The clock.</param>
internal sealed class RateLimitHandler(int requestsPerSecond, int concurrency, TimeSpan longestDelay, TimeProvider time) : DelegatingHandler
{
    // Without a Retry-After, long enough for a limiter counted by the second to have moved on.
    private static readonly TimeSpan s_defaultPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);

    // Turns that a slow journal has kept would all be used at once when it goes on.
    private static readonly TimeSpan s_turnLife = TimeSpan.FromMilliseconds(500);

    private readonly PausableRateLimiter _turns = new(requestsPerSecond, time);
    private readonly ConcurrencyLimiter _places = Places(concurrency);
    private readonly ConcurrencyLimiter _placesOfReads = Places(concurrency == 1 ? 1 : concurrency - Math.Max(concurrency / 4, 1));

    /// <summary>Waits for the turn and the place of a request that takes effect, before there is the request.</summary>
    public async Task<Turn> TakeTurnAsync(CancellationToken cancellationToken)
    {
        var place = await _places.AcquireAsync(1, cancellationToken);
        try
        {
            await _turns.AcquireAsync(1, cancellationToken);
            return new Turn(place, time.GetTimestamp());
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var taken = request.Options.TryGetValue(Turn.Option, out var turn) ? turn.Use() : null;
        using var share = Endpoint.Get(request).Effect == Effect.None ? await _placesOfReads.AcquireAsync(1, cancellationToken) : null;
        using var place = taken ?? await _places.AcquireAsync(1, cancellationToken);
        if (taken is null || _turns.IsPaused || time.GetElapsedTime(turn!.TakenAt) > s_turnLife)
        {
            await _turns.AcquireAsync(1, cancellationToken);
        }

        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (SeedanceException e) when (e.Kind == SeedanceErrorKind.RateLimited)
        {
            _turns.Pause(PauseFor(e.RetryAfter));
            throw;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _places.Dispose();
            _placesOfReads.Dispose();
            _turns.Dispose();
        }

        base.Dispose(disposing);
    }

    private static ConcurrencyLimiter Places(int count) => new(new ConcurrencyLimiterOptions
    {
        PermitLimit = count,
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    private TimeSpan PauseFor(TimeSpan? asked)
    {
        if (asked is not { } delay || delay > longestDelay)
        {
            return s_defaultPause;
        }

        return delay < s_longestPause ? delay : s_longestPause;
    }
}
