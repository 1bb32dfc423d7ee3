using Seedance.Errors;
using Seedance.Images;

namespace Seedance;

/// <summary>One row of a batch: material to submit, and where it is to go.</summary>
public sealed record AssetSource
{
    /// <summary>A row for the material at <paramref name="url"/>, which must be reachable from the public internet.</summary>
    public AssetSource(string? url) => Address = url;

    /// <summary>The whole address, as it is sent. It may carry a signature in its query, so it is never shown or stored.</summary>
    internal string? Address { get; init; }

    /// <summary>The picture on this machine that is uploaded first; null if the row names an address.</summary>
    internal LocalImage? Picture { get; init; }

    /// <summary>What the material is known by from run to run: a local picture by its content, wherever it lies and was uploaded to.</summary>
    internal string? Identity => Picture is null ? Address : $"sha256:{Picture.ContentHash}";

    /// <summary>The file of a picture on this machine; null if the row names an address.</summary>
    public string? Path { get; init; }

    /// <summary>The address without user info, query and fragment.</summary>
    public string? SourceUrl => Redaction.Url(Address);

    /// <summary>
    /// Gets whether <see cref="SourceUrl"/> is less than the address that is sent: its query, which may be a signature, is
    /// shown and stored nowhere.
    /// </summary>
    public bool IsUrlCut { get => field || Address != SourceUrl; init; }

    /// <summary>The name that the material is sent under, up to 64 characters: the caller's, or one made for a row that has none; null if it is sent without.</summary>
    public string? Name { get; init; }

    /// <summary>Gets whether the name was made for the row, which has none of its own.</summary>
    public bool IsNameGenerated { get; init; }

    /// <summary>What the material is.</summary>
    public AssetType AssetType { get; init; }

    /// <summary>The group it goes to; null leaves that to the run.</summary>
    public AvatarGroup? Group { get; init; }

    /// <summary>The project; null means the group's, or else the API's default.</summary>
    public string? ProjectName { get; init; }

    /// <summary>The row's place in its input, from 1; 0 if it has none.</summary>
    public int Row { get; init; }

    /// <summary>Gets the row's own id in its table, by which it is the same row from run to run; null if it has none.</summary>
    public string? RowId { get; init; }

    /// <summary>Gets the columns of the row that are kept with it, by their names; null if none are.</summary>
    public IReadOnlyDictionary<string, string>? Kept { get; init; }

    /// <summary>What a journal knows the row by (<see cref="JournalKey.ContentHash"/>); null if it is in none.</summary>
    internal UInt128? RecordedHash { get; init; }

    /// <summary>The row as it came in. It may carry a signature in an address, so no serializer and no list of properties comes upon it.</summary>
    internal object? Input { get; init; }

    /// <summary>Returns the row as it came in, whole addresses included; null in later sessions.</summary>
    public object? GetInputObject() => Input;

    /// <summary>The row as error messages call it: place, name and address.</summary>
    public override string ToString()
    {
        var label = Redaction.Quote((IsNameGenerated ? null : Name) ?? Path ?? SourceUrl ?? "no URL");
        return Row > 0 ? $"row {Row} ({label})" : label;
    }
}
