using System.Threading.RateLimiting;

namespace Seedance.Http;

/// <summary>
/// Requests per second, and one pause for all of them when the server says "too many". The library's own limiters read
/// the machine's clock; this one reads a <see cref="TimeProvider"/>, and can be told to pause.
/// </summary>
internal sealed class PausableRateLimiter : RateLimiter
{
    // Timers are coarse: turns nearer to each other than this are given out together.
    private static readonly TimeSpan s_grain = TimeSpan.FromMilliseconds(15);

    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly object _gate = new();
    private readonly long _origin;
    private TimeSpan _nextTurn = TimeSpan.MinValue;
    private TimeSpan _pausedUntil = TimeSpan.MinValue;

    public PausableRateLimiter(int perSecond, TimeProvider time)
    {
        _time = time;
        _origin = time.GetTimestamp();
        _interval = TimeSpan.FromSeconds(1.0 / perSecond);
    }

    public override TimeSpan? IdleDuration => null;

    /// <summary>Gets whether nobody may have a turn now.</summary>
    public bool IsPaused
    {
        get
        {
            lock (_gate)
            {
                return _pausedUntil > Now;
            }
        }
    }

    // By the clock that only goes forward: the other one may be set meanwhile.
    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Lets nobody have a turn for <paramref name="span"/> from now.</summary>
    public void Pause(TimeSpan span)
    {
        var until = Now + span;
        lock (_gate)
        {
            if (until > _pausedUntil)
            {
                _pausedUntil = until;
            }

            // What was promised before the pause is void: turns begin anew, one by one, when it ends.
            if (_nextTurn < _pausedUntil)
            {
                _nextTurn = _pausedUntil;
            }
        }
    }

    public override RateLimiterStatistics? GetStatistics() => null;

    protected override RateLimitLease AttemptAcquireCore(int permitCount) =>
        throw new NotSupportedException("A turn is waited for.");

    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TimeSpan turn;
            lock (_gate)
            {
                var now = Now;
                turn = _nextTurn > now - s_grain ? _nextTurn : now - s_grain;
                _nextTurn = turn + _interval;
                if (turn <= now && _pausedUntil <= now)
                {
                    return TakenTurn.Instance;
                }
            }

            await WaitUntilAsync(turn, cancellationToken);
            if (!IsPaused)
            {
                return TakenTurn.Instance;
            }
        }
    }

    private async Task WaitUntilAsync(TimeSpan turn, CancellationToken cancellationToken)
    {
        while (turn - Now is { Ticks: > 0 } wait)
        {
            // Timers count whole milliseconds and drop the rest: without rounding up, the last part of one would be spun away.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), _time, cancellationToken);
        }
    }

    private sealed class TakenTurn : RateLimitLease
    {
        public static readonly TakenTurn Instance = new();

        public override bool IsAcquired => true;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }
    }
}
