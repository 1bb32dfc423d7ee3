namespace Seedance.Journal;

/// <summary>The life of a run in a journal that others go on from once it is over, whether the run knows of that or not.</summary>
internal interface IRunLife
{
    /// <summary>Throws if others may have gone on from what the run has left.</summary>
    /// <exception cref="SeedanceException">Of kind <see cref="SeedanceErrorKind.JournalUnavailable"/>: nothing more may be sent.</exception>
    void ThrowIfOver();
}
