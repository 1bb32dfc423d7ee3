namespace Seedance.Commands;

/// <summary>What the journal's records are taken out of, into, and away from.</summary>
internal static class Archives
{
    /// <summary>Returns the connection's journal as such.</summary>
    /// <exception cref="SeedanceException">There is no journal, or its records stay where they are.</exception>
    public static IJournalArchive Of(SeedanceConnection connection) => connection.GetJournal() as IJournalArchive
        ?? throw new SeedanceException(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"There are no records to be moved or cleared in {connection.GetJournal().Name}.")
        {
            RecommendedAction = "Connect with a journal that is a file: Connect-Seedance -Journal.",
        };
}
