namespace Seedance.Http;

/// <summary>The requests per second of an account and its pause after a 429, which several machines keep to together.</summary>
internal interface ISharedRate
{
    /// <summary>Takes turns that begin within about half a second from now. One that is not used by then lapses.</summary>
    /// <param name="perSecond">What this machine takes the account's rate for.</param>
    /// <param name="count">How many turns are wanted.</param>
    /// <param name="cancellationToken">Calls it off.</param>
    /// <exception cref="SeedanceException">The place where the rate is kept cannot be reached.</exception>
    Task<TurnLease> LeaseTurnsAsync(int perSecond, int count, CancellationToken cancellationToken);

    /// <summary>Lets no machine have a turn for <paramref name="span"/> from now.</summary>
    /// <exception cref="SeedanceException">The place where the rate is kept cannot be reached.</exception>
    Task PauseAsync(TimeSpan span, CancellationToken cancellationToken);
}

/// <summary>Turns of an account that are one machine's.</summary>
/// <param name="Wait">How long it is to the first; where there is none, how long until it is worth asking again.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Spacing">How long it is from each to the next.</param>
/// <param name="Pause">How long nobody may have a turn; zero while there is no pause.</param>
internal readonly record struct TurnLease(TimeSpan Wait, int Count, TimeSpan Spacing, TimeSpan Pause);
