namespace Seedance.Sandbox.State;

/// <summary>A group of assets: of virtual persons, or of one verified real person.</summary>
internal sealed record AssetGroup(string Id, string? Name, string Project, bool IsRealPerson);

/// <summary>All groups, found by id, and those of virtual persons by name within their project too.</summary>
internal sealed class AssetGroups
{
    private readonly Dictionary<string, AssetGroup> _byId = [];
    private readonly Dictionary<(string Project, string Name), AssetGroup> _byName = [];

    public IEnumerable<AssetGroup> All => _byId.Values;

    public AssetGroup Add(AssetGroup group)
    {
        _byId.Add(group.Id, group);
        if (!group.IsRealPerson && group.Name is { } name)
        {
            // Two groups of one name can stand beside each other; the first is the one that is found by it.
            _byName.TryAdd((group.Project, name), group);
        }

        return group;
    }

    public void Rename(AssetGroup group, string name)
    {
        Remove(group);
        Add(group with { Name = name });
    }

    public void Remove(AssetGroup group)
    {
        _byId.Remove(group.Id);
        if (group.Name is { } name && _byName.GetValueOrDefault((group.Project, name))?.Id == group.Id)
        {
            _byName.Remove((group.Project, name));
        }
    }

    public AssetGroup? Find(string id) => _byId.GetValueOrDefault(id);

    public AssetGroup? FindByName(string project, string name) => _byName.GetValueOrDefault((project, name));

    /// <summary>Returns the group with this id, if it is of the wanted kind and in the project.</summary>
    public AssetGroup Require(string id, string project, bool realPerson)
    {
        if (!_byId.TryGetValue(id, out var group) || group.Project != project)
        {
            throw new Refusal(404, $"Group {id} does not exist in project {project}");
        }

        if (group.IsRealPerson != realPerson)
        {
            throw Refusal.Invalid(realPerson
                ? $"Group {id} is not the group of a verified person"
                : $"Group {id} belongs to a verified person; submit to real-avatar");
        }

        return group;
    }
}
