namespace Seedance;

/// <summary>A journal other than the file, for a connection to open when it first needs it.</summary>
/// <param name="Name">What it is called: an address, without any secret.</param>
/// <param name="Open">Opens it for an account. The connection closes it.</param>
public sealed record JournalStore(string Name, Func<JournalAccount, IJournal> Open);
