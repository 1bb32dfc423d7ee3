namespace Seedance.Journal.FileStore;

/// <summary>
/// Which lines of a file are an account's: those that bear its name, and those of format 1, which bear a hash of key and
/// address, where the account is known to have used that key.
/// </summary>
internal sealed class AccountLedger(JournalAccount account)
{
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _endpoints = new(StringComparer.Ordinal);
    private readonly HashSet<string> _legacy = new(StringComparer.Ordinal);
    private readonly HashSet<string> _adopted = new(StringComparer.Ordinal);
    private readonly HashSet<string> _adoptedByOthers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _otherAccounts = new(StringComparer.Ordinal);

    /// <summary>Returns whether lines that bear <paramref name="name"/> are the account's.</summary>
    public bool IsOurs(string? name) => name is not null && (name == account.Name || Adopts(name));

    /// <summary>Takes in what a file of format 1 tells of its accounts: which lines are ours may be told by lines behind them.</summary>
    public void ReadLegacy(IJournalView view, string name)
    {
        Span<byte> head = stackalloc byte[64];
        head = head[..view.Read(0, head)];
        if (head.IndexOf("\"version\":1,"u8) >= 0 || head.IndexOf("\"version\":1}"u8) >= 0)
        {
            foreach (var (_, line) in new JournalFileReader(name).Read(view))
            {
                Apply(line);
            }
        }
    }

    /// <summary>Takes in a line.</summary>
    public void Apply(JournalLine line)
    {
        if (line.Type == JournalLineType.Account && line.Account == account.Name)
        {
            Add(_keys, line.Key);
            Add(_endpoints, line.Endpoint);
            Add(_adopted, line.Legacy);
        }
        else if (line.Type == JournalLineType.Account && line.Account is not null)
        {
            Add(_adoptedByOthers, line.Legacy);
            if (line.Key is not null)
            {
                _otherAccounts[line.Key] = line.Account;
            }
        }
        else if (line.Account is { } name && IsLegacy(name))
        {
            _legacy.Add(name);
        }
    }

    /// <summary>Returns why it is not clear that the account is the one whose history this is; null if it is.</summary>
    public string? Objection()
    {
        var hasHistory = _keys.Count > 0 || _legacy.Any(Adopts);
        if (!hasHistory)
        {
            return account.KeyFingerprint is { } key && _otherAccounts.TryGetValue(key, out var other)
                ? $"This key wrote the history of the account '{other}', and is now used for the account '{account.Name}', which has none."
                : null;
        }

        if (account.IsNamed || IsKnown)
        {
            return null;
        }

        return _keys.Count > 0 && (account.KeyFingerprint is null || _keys.Contains(account.KeyFingerprint))
            ? "The history of this account was written at another path of the address, which may be another tenant of a gateway."
            : "The history of this account was written with another key.";
    }

    /// <summary>Returns the line that makes the account's key and address known; null if they are.</summary>
    public JournalLine? Introduction(DateTimeOffset now) => account.KeyFingerprint is null || IsKnownByName ? null : new JournalLine
    {
        Type = JournalLineType.Account,
        At = now,
        Account = account.Name,
        Key = account.KeyFingerprint,
        Endpoint = account.Endpoint,
        Legacy = _legacy.FirstOrDefault(name => !_adopted.Contains(name) && Adopts(name)),
    };

    private bool IsKnown => IsKnownByName || (account.LegacyId is { } legacy && _legacy.Contains(legacy));

    private bool IsKnownByName => account.KeyFingerprint is null
        || (_keys.Contains(account.KeyFingerprint) && (account.Endpoint is null || _endpoints.Any(known => PathOf(known) == PathOf(account.Endpoint))));

    // A host has many names and may get another; what lies behind a path is somebody.
    private static string PathOf(string endpoint) => endpoint.IndexOf('/') is >= 0 and var at ? endpoint[at..] : string.Empty;

    // The key's own; what was adopted before; and where nothing tells the keys of an old journal apart, its one history.
    private bool Adopts(string name) =>
        IsLegacy(name) && !_adoptedByOthers.Contains(name)
        && (name == account.LegacyId || _adopted.Contains(name)
            || (_legacy.Count <= 1 && _otherAccounts.Count == 0)
            || (account.Name == JournalAccount.DefaultName && account.LegacyId is not null && !_legacy.Contains(account.LegacyId)));

    /// <summary>Returns whether a name is the hash of key and address by which lines of format 1 tell their account.</summary>
    public static bool IsLegacy(string name) => name.Length == 16 && name.All(char.IsAsciiHexDigitUpper);

    private static void Add(HashSet<string> set, string? value)
    {
        if (value is not null)
        {
            set.Add(value);
        }
    }
}
