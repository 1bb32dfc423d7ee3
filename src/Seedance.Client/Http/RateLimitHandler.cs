using System.Threading.RateLimiting;

namespace Seedance.Http;

/// <summary>
/// Keeps a connection within its requests per second and its number of requests at once, and pauses all of it after a 429.
/// Requests that only read leave a quarter of the places free: however long they hang, submissions go on.
/// </summary>
internal sealed class RateLimitHandler : DelegatingHandler
{
    // Without a Retry-After, long enough for a limiter counted by the second to have moved on.
    private static readonly TimeSpan s_defaultPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);

    // Turns that a slow journal has kept would all be used at once when it goes on.
    private static readonly TimeSpan s_turnLife = TimeSpan.FromMilliseconds(500);

    private readonly PausableRateLimiter _turns;
    private readonly SharedTurns? _sharedTurns;
    private readonly ConcurrencyLimiter _places;
    private readonly ConcurrencyLimiter _placesOfReads;
    private readonly TimeSpan _longestDelay;
    private readonly TimeProvider _time;

    /// <summary>Sets the limits.</summary>
    /// <param name="requestsPerSecond">Requests a second.</param>
    /// <param name="concurrency">Requests at once.</param>
    /// <param name="longestDelay">What asks for a longer delay than a retry would wait for holds up its own request, not the others.</param>
    /// <param name="time">The clock.</param>
    /// <param name="sharedRate">The rate that this connection shares with other machines; null if it is alone.</param>
    public RateLimitHandler(int requestsPerSecond, int concurrency, TimeSpan longestDelay, TimeProvider time, ISharedRate? sharedRate = null)
    {
        _turns = new PausableRateLimiter(requestsPerSecond, time);
        _sharedTurns = sharedRate is null ? null : new SharedTurns(sharedRate, _turns, requestsPerSecond, time);
        _places = Places(concurrency);
        _placesOfReads = Places(concurrency == 1 ? 1 : concurrency - Math.Max(concurrency / 4, 1));
        (_longestDelay, _time) = (longestDelay, time);
    }

    /// <summary>Waits for the turn and the place of a request that takes effect, before there is the request.</summary>
    public async Task<Turn> TakeTurnAsync(CancellationToken cancellationToken)
    {
        var place = await _places.AcquireAsync(1, cancellationToken);
        try
        {
            await WaitForTurnAsync(isRead: false, cancellationToken);
            return new Turn(place, _time.GetTimestamp());
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
        var isRead = Endpoint.Get(request).Effect == Effect.None;
        using var share = isRead ? await _placesOfReads.AcquireAsync(1, cancellationToken) : null;
        using var place = taken ?? await _places.AcquireAsync(1, cancellationToken);
        if (taken is null || _turns.IsPaused || _time.GetElapsedTime(turn!.TakenAt) > s_turnLife)
        {
            await WaitForTurnAsync(isRead, cancellationToken);
        }

        // After every wait, and before every attempt: a process may have been suspended in between.
        turn?.Guard?.Invoke();
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (SeedanceException e) when (e.Kind == SeedanceErrorKind.RateLimited)
        {
            Pause(PauseFor(e.RetryAfter));
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
            _sharedTurns?.Dispose();
        }

        base.Dispose(disposing);
    }

    private static ConcurrencyLimiter Places(int count) => new(new ConcurrencyLimiterOptions
    {
        PermitLimit = count,
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    private ValueTask<RateLimitLease> WaitForTurnAsync(bool isRead, CancellationToken cancellationToken) =>
        _sharedTurns is null ? _turns.AcquireAsync(1, cancellationToken) : _sharedTurns.AcquireAsync(isRead, cancellationToken);

    private void Pause(TimeSpan span)
    {
        _turns.Pause(span);

        // Not awaited: the others learn of it at once, and the one that was answered goes on as if it were alone.
        _ = _sharedTurns?.PauseAsync(span);
    }

    private TimeSpan PauseFor(TimeSpan? asked)
    {
        if (asked is not { } delay || delay > _longestDelay)
        {
            return s_defaultPause;
        }

        return delay < s_longestPause ? delay : s_longestPause;
    }
}
