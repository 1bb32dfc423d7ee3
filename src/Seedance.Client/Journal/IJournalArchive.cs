namespace Seedance;

/// <summary>
/// A journal whose records can be taken to another place, taken in from one, and cleared of what is old. What travels is
/// a file in the format of a journal file. Every call throws <see cref="SeedanceException"/> of kind
/// <see cref="SeedanceErrorKind.JournalUnavailable"/> if a record cannot be read or written; nothing is changed then.
/// </summary>
public interface IJournalArchive
{
    /// <summary>Writes the account's records, oldest first, to a new file that its user alone can read.</summary>
    /// <param name="path">The file. It is there only once it is whole.</param>
    /// <param name="canOverwrite">Whether a file that is there already may be replaced.</param>
    /// <param name="cancellationToken">Calls it off.</param>
    ValueTask<JournalTransfer> ExportAsync(string path, bool canOverwrite, CancellationToken cancellationToken);

    /// <summary>
    /// Takes in the records of a file, each in its place in time, and none that is known. The last outcome of a row is
    /// thereafter the last of both.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="accountName">The account that all of them are taken over as; null to leave each its own.</param>
    /// <param name="isRehearsal">True to count only.</param>
    /// <param name="cancellationToken">Calls it off.</param>
    ValueTask<JournalTransfer> ImportAsync(string path, string? accountName, bool isRehearsal, CancellationToken cancellationToken);

    /// <summary>
    /// Clears the account's requests that were sent before a time, and whose outcome is certain, of names, addresses, columns
    /// and results. What keeps a row from being sent twice stays.
    /// </summary>
    /// <param name="before">The time.</param>
    /// <param name="isRehearsal">True to count only.</param>
    /// <param name="cancellationToken">Calls it off.</param>
    ValueTask<JournalTransfer> ClearAsync(DateTimeOffset before, bool isRehearsal, CancellationToken cancellationToken);
}

/// <summary>What was taken out of a journal, taken in, or cleared.</summary>
public sealed record JournalTransfer
{
    /// <summary>Gets the journal's name, which is a path for a file.</summary>
    public required string Journal { get; init; }

    /// <summary>Gets the file that the records went to or came from; null if there is none.</summary>
    public string? Path { get; init; }

    /// <summary>Gets how many requests were written, taken in or cleared.</summary>
    public int Requests { get; init; }

    /// <summary>Gets how many rows these requests have.</summary>
    public int Rows { get; init; }

    /// <summary>Gets how many runs were written, taken in or cleared.</summary>
    public int Runs { get; init; }

    /// <summary>Gets how many requests were known already, and were left as they are.</summary>
    public int AlreadyKnown { get; init; }

    /// <summary>Gets how many rows were accepted in the journal and in the file by different requests: each was sent twice, and the later one counts.</summary>
    public int AcceptedTwice { get; init; }

    /// <summary>Gets how many requests have another outcome in the file than in the journal: the later one counts.</summary>
    public int Contradictions { get; init; }

    /// <summary>Gets the accounts that the records belonged to.</summary>
    public IReadOnlyList<string> AccountNames { get; init; } = [];

    /// <summary>Gets the size in bytes of the file that was written, or of the journal as it is now.</summary>
    public long Size { get; init; }
}
