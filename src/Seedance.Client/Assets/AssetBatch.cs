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

    /// <summary>The body: the single form for one row of a group that has an id, the list form otherwise.</summary>
    internal AssetRequest ToRequest()
    {
        var request = new AssetRequest
        {
            Group = Group.GroupId is null ? new WireGroup(Group.Name ?? string.Empty, Group.Description) : null,
            GroupId = Group.GroupId,
            ProjectName = ProjectName,
            AssetType = AssetType.ToString(),
        };
        return Rows is [{ } only] && Group is { GroupId: not null, IsRealPerson: false }
            ? request with { Url = only.Address, Name = only.Name }
            : request with { Assets = [.. Rows.Select(row => new WireAsset(row.Address ?? string.Empty, row.Name))] };
    }
}
