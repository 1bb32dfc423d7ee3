namespace Seedance.Journal.FileStore;

/// <summary>Tells which lines of a file are an account's; those that bear no account by the request or run that they belong to. Fed in the order of the file.</summary>
internal sealed class AccountLines(AccountLedger ledger)
{
    private readonly HashSet<string> _intents = new(StringComparer.Ordinal);
    private readonly HashSet<string> _runs = new(StringComparer.Ordinal);

    /// <summary>Returns whether the line is the account's.</summary>
    public bool Contains(JournalLine line)
    {
        ledger.Apply(line);
        return line.Type switch
        {
            JournalLineType.Journal => false,
            JournalLineType.Run => ledger.IsOurs(line.Account) && line.Run is not null && _runs.Add(line.Run),
            JournalLineType.RunEnd => line.Run is not null && _runs.Contains(line.Run),
            JournalLineType.Intent => ledger.IsOurs(line.Account) && line.Intent is not null && _intents.Add(line.Intent),
            JournalLineType.Outcome => line.Intent is not null && _intents.Contains(line.Intent),
            _ => ledger.IsOurs(line.Account),
        };
    }
}
