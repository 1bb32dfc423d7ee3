using System.Threading.RateLimiting;

namespace Seedance.Http;

/// <summary>
/// The turn and the place of a request, taken before it is recorded: what is recorded waits for neither, so a process that
/// dies in the wait leaves nothing of unknown outcome. The first attempt uses it; one that is not used costs nothing but itself.
/// </summary>
/// <param name="place">The place among the requests at once.</param>
/// <param name="takenAt">When the turn was taken, by the clock of the connection.</param>
internal sealed class Turn(RateLimitLease place, long takenAt) : IDisposable
{
    /// <summary>Where a request carries its turn.</summary>
    public static readonly HttpRequestOptionsKey<Turn> Option = new("Seedance.Turn");

    private RateLimitLease? _place = place;

    /// <summary>Gets when it was taken.</summary>
    public long TakenAt => takenAt;

    /// <summary>Gets or sets what throws if the request may not leave any more: asked before each attempt.</summary>
    public Action? Guard { get; set; }

    /// <summary>Gives the place to the caller; null if it was given or let go of before.</summary>
    public RateLimitLease? Use() => Interlocked.Exchange(ref _place, null);

    public void Dispose() => Use()?.Dispose();
}
