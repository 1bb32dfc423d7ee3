namespace Seedance.Commands;

/// <summary>What the journal's records are taken out of, into, and away from.</summary>
internal static class Archives
{
    /// <summary>Returns the connection's journal as such.</summary>
    /// <exception cref="SeedanceException">There is no journal, or its records stay where they are.</exception>
    public static IJournalArchive Of(SeedanceConnection connection) => connection.GetJournal() as IJournalArchive
        ?? throw new SeedanceException(SeedanceErrorKind.InvalidInput, Delivery.NotSent, $"Of {connection.GetJournal().Name}, records can be neither moved nor cleared: only of a journal that is kept.")
        {
            RecommendedAction = "Name the path or the database of one: Connect-Seedance -Journal.",
        };
}
