namespace Seedance.Journal.FileStore;

/// <summary>The words for a journal that cannot be used. In each case nothing is sent.</summary>
internal static class JournalErrors
{
    public static SeedanceException NotWritable(string name, Exception cause) =>
        Create($"The journal '{name}' cannot be written: {cause.Message} What cannot be recorded is not sent.",
            "Free space or allow writing there, name another place (Connect-Seedance -JournalPath), or do without (-NoJournal).", cause);

    public static SeedanceException NotReadable(string name, Exception cause) =>
        Create($"The journal '{name}' cannot be read: {cause.Message} What cannot be checked against it is not sent.", "Allow reading it, or name another: Connect-Seedance -JournalPath.", cause);

    public static SeedanceException NotAJournal(string name) =>
        Create($"The file '{name}' is not a Seedance journal. It was left as it is, and nothing was sent.",
            "Name another path: Connect-Seedance -JournalPath.");

    public static SeedanceException OtherVersion(string name, int version) =>
        Create($"The journal '{name}' is of format {version}, and this version of the module reads formats 1 to {JournalLine.FormatVersion}. It was left as it is, and nothing was sent.",
            version > JournalLine.FormatVersion
                ? "Update the module, or name another path: Connect-Seedance -JournalPath."
                : "Keep that file for its version of the module and name another path: Connect-Seedance -JournalPath.");

    public static SeedanceException Damaged(string name, long line, Exception? cause) =>
        Create($"The journal '{name}' is damaged at line {line}. It was left as it is, and nothing was sent.",
            "Keep a copy, remove that line by hand, and run again; or name another path: Connect-Seedance -JournalPath.", cause);

    public static SeedanceException NotLocking(string name) =>
        Create($"The journal '{name}' lies on a file system that does not keep two processes from writing it at once. Nothing was sent.",
            "Name a path on a local disk: Connect-Seedance -JournalPath.");

    public static SeedanceException Replaced(string name) =>
        Create($"The journal '{name}' is no longer the file that this session has read: it was moved, deleted, replaced or cut short. Nothing is sent on the strength of a file that is gone.",
            "Put the file back. To begin a new journal on purpose, connect again: Connect-Seedance.");

    public static SeedanceException AccountUnclear(string name, JournalAccount account, string reason) =>
        new(SeedanceErrorKind.AccountUnclear, Delivery.NotSent,
            $"{reason} The journal '{name}' cannot tell whether it is the same account, so nothing was sent.")
        {
            RecommendedAction = $"If it is the same account, say so: Connect-Seedance -AccountName {account.Name}. If it is another one, give it a name of its own there.",
        };

    public static SeedanceException RunGoing(string name, string run) =>
        Create($"A run that writes the journal '{name}' is still going ('{run}'). The journal was left as it is.", "Wait until it is over (Get-SeedanceRun), then try again.");

    private static SeedanceException Create(string message, string action, Exception? cause = null) =>
        new(SeedanceErrorKind.JournalUnavailable, Delivery.NotSent, message, cause) { RecommendedAction = action };
}
