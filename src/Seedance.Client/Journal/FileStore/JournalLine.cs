using System.Globalization;

namespace Seedance.Journal.FileStore;

/// <summary>One line of the journal, whatever it records: a JSON object whose members have these names, in camel case.</summary>
internal sealed record JournalLine
{
    /// <summary>The version of this format, which holds all of the earlier ones. A journal of a later version is left alone.</summary>
    public const int FormatVersion = 2;

    public JournalLineType Type { get; set; }

    public int? Version { get; set; }

    public DateTimeOffset? At { get; set; }

    public string? Account { get; set; }

    public string? Run { get; set; }

    public string? RunName { get; set; }

    public string? Computer { get; set; }

    public int? Process { get; set; }

    public string? Key { get; set; }

    public string? Endpoint { get; set; }

    public string? Legacy { get; set; }

    public string? Intent { get; set; }

    public string? Task { get; set; }

    public TaskKind? Kind { get; set; }

    public JournalState? State { get; set; }

    public SeedanceTaskStatus? Status { get; set; }

    public string? GroupId { get; set; }

    public string? GroupName { get; set; }

    public bool? RealPerson { get; set; }

    public bool? Implied { get; set; }

    public string? Project { get; set; }

    public AssetType? AssetType { get; set; }

    public string? Code { get; set; }

    public string? Message { get; set; }

    public DateTimeOffset? Created { get; set; }

    public DateTimeOffset? Sent { get; set; }

    public string? Hash { get; set; }

    public string? Url { get; set; }

    public string? Path { get; set; }

    public DateTimeOffset? Expires { get; set; }

    public decimal? Cost { get; set; }

    /// <summary>True if the line supersedes what an earlier one tells.</summary>
    public bool? Again { get; set; }

    /// <summary>True if names, addresses and results were cleared: of the request or the end, only what keeps rows from being sent twice is left.</summary>
    public bool? Cleared { get; set; }

    /// <summary>How many rows a run had, and what became of those that it did not send.</summary>
    public int? Total { get; set; }

    public int? Invalid { get; set; }

    public int? Earlier { get; set; }

    public int? Doubtful { get; set; }

    public int? Elsewhere { get; set; }

    public IReadOnlyList<LineRow>? Rows { get; set; }

    public IReadOnlyList<LineAsset>? Assets { get; set; }

    /// <summary>The group as far as the line tells it.</summary>
    public AvatarGroup? Group
    {
        get => GroupId is null && GroupName is null && RealPerson is null ? null : new AvatarGroup
        {
            Name = GroupName,
            GroupId = GroupId,
            ProjectName = Project,
            IsRealPerson = RealPerson ?? false,
            IsImplied = Implied ?? false,
        };
        set
        {
            GroupName = value?.Name;
            GroupId = value?.GroupId;
            RealPerson = value is { IsRealPerson: true } ? true : null;
            Implied = value is { IsImplied: true } ? true : null;
        }
    }

    /// <summary>What is kept of a row, with its request and with its asset alike.</summary>
    internal record LineRow
    {
        public string? Key { get; set; }

        public string? Name { get; set; }

        public string? SourceUrl { get; set; }

        /// <summary>True if the address was longer: its query is not written down.</summary>
        public bool? Cut { get; set; }

        public int? Number { get; set; }

        public string? RowId { get; set; }

        public IReadOnlyDictionary<string, string>? Kept { get; set; }

        /// <summary>The task whose result for this row is superseded once this one is accepted.</summary>
        public string? Supersedes { get; set; }

        public int? SupersedesRow { get; set; }

        public UInt128 ContentHash() => UInt128.TryParse(Key, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var hash) ? hash : default;

        public static string Format(UInt128 contentHash) => contentHash.ToString("x32", CultureInfo.InvariantCulture);
    }

    internal sealed record LineAsset : LineRow
    {
        public string Id { get; set; } = string.Empty;

        public string? Url { get; set; }

        public string? Status { get; set; }

        public bool Usable { get; set; }

        public int Row { get; set; }

        public MatchedBy By { get; set; }
    }
}

internal enum JournalLineType
{
    /// <summary>The first line: what this file is.</summary>
    Journal,

    /// <summary>A request is about to leave.</summary>
    Intent,

    /// <summary>What came of it.</summary>
    Outcome,

    /// <summary>How its task ended.</summary>
    Final,

    /// <summary>A picture was uploaded, and can be fetched for a while.</summary>
    Upload,

    /// <summary>A key and an address that an account is used with.</summary>
    Account,

    /// <summary>A run began.</summary>
    Run,

    /// <summary>A run came to its end.</summary>
    RunEnd,

    /// <summary>A request of unknown outcome was found in the library: outcome and end in one.</summary>
    Settled,

    /// <summary>What became of assets, or of a whole group, after their reviews.</summary>
    Changes,
}
