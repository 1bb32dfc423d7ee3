using Seedance.Assets;

namespace Seedance;

/// <summary>Rows that go out in one request: one group, one project, one type, 1 to 20 rows.</summary>
/// <param name="Group">The group; one without an id is described and found or created by its name.</param>
/// <param name="ProjectName">The project; null leaves it to the API.</param>
/// <param name="AssetType">What all the rows are.</param>
/// <param name="Rows">The rows, in the order they are sent.</param>
public sealed record AssetBatch(AvatarGroup Group, string? ProjectName, AssetType AssetType, IReadOnlyList<AssetSource> Rows)
{
    /// <summary>The batch as error messages call it.</summary>
    public override string ToString() => $"{Rows.Count} {AssetType} asset(s) for group '{Group}'";

    /// <summary>Gets the model whose limits the material is for; null leaves it to the API. Only the newer address knows it.</summary>
    public string? Model { get; init; }

    /// <summary>Gets fields that this version does not know, sent as they are; null if there are none.</summary>
    public IReadOnlyDictionary<string, object?>? AdditionalFields { get; init; }

    /// <summary>The body of the older address: the single form for one row of a group that has an id, the list form otherwise.</summary>
    internal AssetRequest ToRequest() => Rows is [{ } only] && Group is { GroupId: not null, IsRealPerson: false }
        ? Common with { Url = only.Address, Name = only.Name }
        : ToListRequest();

    /// <summary>The body of every other address.</summary>
    internal AssetRequest ToListRequest() => Common with { Assets = [.. Rows.Select(row => new WireAsset(row.Address ?? string.Empty, row.Name))] };

    private AssetRequest Common => new()
    {
        Group = Group.GroupId is null ? new WireGroup(Group.Name ?? string.Empty, Group.Description) : null,
        GroupId = Group.GroupId,
        ProjectName = ProjectName,
        AssetType = AssetType.ToString(),
    };
}
