using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Seedance;

/// <summary>One line of the journal, whatever it records.</summary>
internal sealed record JournalLine
{
    /// <summary>The version of this format. A journal of another version is left alone.</summary>
    public const int FormatVersion = 1;

    public required JournalLineType Type { get; init; }

    public int? Version { get; init; }

    public DateTimeOffset? At { get; init; }

    public string? Account { get; init; }

    public string? Intent { get; init; }

    public string? Task { get; init; }

    public TaskKind? Kind { get; init; }

    public JournalState? State { get; init; }

    public SeedanceTaskStatus? Status { get; init; }

    public string? GroupId { get; init; }

    public string? GroupName { get; init; }

    public bool? RealPerson { get; init; }

    public bool? Implied { get; init; }

    public string? Project { get; init; }

    public AssetType? AssetType { get; init; }

    public string? Code { get; init; }

    public string? Message { get; init; }

    public DateTimeOffset? Created { get; init; }

    public IReadOnlyList<LineRow>? Rows { get; init; }

    public IReadOnlyList<LineAsset>? Assets { get; init; }

    /// <summary>The group as far as the line tells it.</summary>
    [JsonIgnore]
    public AvatarGroup? Group
    {
        get => GroupId is null && GroupName is null ? null : new AvatarGroup
        {
            Name = GroupName,
            GroupId = GroupId,
            ProjectName = Project,
            IsRealPerson = RealPerson ?? false,
            IsImplied = Implied ?? false,
        };
        init
        {
            GroupName = value?.Name;
            GroupId = value?.GroupId;
            RealPerson = value is { IsRealPerson: true } ? true : null;
            Implied = value is { IsImplied: true } ? true : null;
        }
    }

    internal sealed record LineRow(string Key, string? Name, string? Url)
    {
        public static string Format(UInt128 material) => material.ToString("x32", CultureInfo.InvariantCulture);

        public UInt128 Material() =>
            UInt128.TryParse(Key, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var material) ? material : default;
    }

    internal sealed record LineAsset(string Id, string? Url, string? Status, bool Usable, string? Name, string? SourceUrl, int Row, MatchedBy By);
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
}

/// <summary>Readers and writers of journal lines, made at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(JournalLine))]
internal sealed partial class JournalFormat : JsonSerializerContext
{
    private static JournalFormat? s_readable;

    /// <summary>As the default, with letters of every script as they are: a journal is read by people too.</summary>
    public static JournalFormat Readable => s_readable ??= new(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
