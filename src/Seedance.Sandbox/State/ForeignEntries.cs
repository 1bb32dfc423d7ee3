using System.Globalization;

namespace Seedance.Sandbox.State;

/// <summary>What belongs to other accounts and stands in the library all the same.</summary>
internal sealed class ForeignEntries(SandboxState state)
{
    private const string AssetPrefix = "asset_foreign_";
    private const string GroupPrefix = "group_foreign_";

    private readonly HashSet<string> _deleted = [];

    // What deletions left, and of how many: found once, not for each page.
    private (List<int> Numbers, (int Total, int Deleted) State) _left = ([], default);

    private LibraryOptions Options => state.Options.Library;

    public IEnumerable<AssetGroup> Groups => Enumerable.Range(1, Options.ForeignGroups)
        .Select(Group)
        .Where(group => !_deleted.Contains(group.Id) && state.Groups.Find(group.Id) is null);

    /// <summary>Returns the assets; where that is wanted, in the group that is asked for.</summary>
    public Listing<LibraryAsset> Assets(string? groupId)
    {
        if (_deleted.Count == 0)
        {
            return new Listing<LibraryAsset>(Options.ForeignAssets, index => Asset(index + 1, groupId));
        }

        if (_left.State != (Options.ForeignAssets, _deleted.Count))
        {
            _left.Numbers = [.. Enumerable.Range(1, Options.ForeignAssets).Where(number => !_deleted.Contains(Id(AssetPrefix, number)))];
            _left.State = (Options.ForeignAssets, _deleted.Count);
        }

        var left = _left.Numbers;
        return new Listing<LibraryAsset>(left.Count, index => Asset(left[index], groupId));
    }

    public AssetGroup? FindGroup(string id) => Number(id, GroupPrefix, Options.ForeignGroups) is { } number ? Group(number) : null;

    public LibraryAsset? FindAsset(string id) => Number(id, AssetPrefix, Options.ForeignAssets) is { } number ? Asset(number, null) : null;

    public void Delete(string id) => _deleted.Add(id);

    private AssetGroup Group(int number) => new(Id(GroupPrefix, number), Name(number), "default", IsRealPerson: false);

    private LibraryAsset Asset(int number, string? groupId)
    {
        var group = Options.ForeignInGroup && groupId is not null ? groupId : Id(GroupPrefix, 1);
        return new LibraryAsset(Id(AssetPrefix, number), Name(number), "Active", "Image", new AssetGroup(group, null, "default", IsRealPerson: false));
    }

    private string Name(int number) => Options.ForeignNames.Count == 0
        ? string.Create(CultureInfo.InvariantCulture, $"foreign-{number}")
        : Options.ForeignNames[(number - 1) % Options.ForeignNames.Count];

    private static string Id(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}");

    private int? Number(string id, string prefix, int count) =>
        !_deleted.Contains(id) && id.StartsWith(prefix, StringComparison.Ordinal)
        && int.TryParse(id.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= count
            ? number
            : null;
}
