namespace Seedance.Sandbox.State;

/// <summary>One asset as the library has it.</summary>
internal sealed record LibraryAsset(string Id, string Name, string Status, string Type, AssetGroup Group, string? Error = null);

/// <summary>
/// Every asset by group and by id. Those of submissions follow from their tasks; only what was renamed, deleted or
/// added by hand is kept.
/// </summary>
internal sealed class AssetLibrary(SandboxState state)
{
    private readonly Dictionary<string, List<ReviewTask>> _tasks = [];
    private readonly Dictionary<string, LibraryAsset> _added = [];
    private readonly Dictionary<string, string> _renamed = [];
    private readonly HashSet<string> _deleted = [];

    public void Add(ReviewTask task)
    {
        if (!_tasks.TryGetValue(task.Group.Id, out var tasks))
        {
            _tasks.Add(task.Group.Id, tasks = []);
        }
        tasks.Add(task);
    }

    public void Add(LibraryAsset asset) => _added.Add(asset.Id, asset);

    public void Rename(string id, string name) => _renamed[id] = name;

    public void Delete(string id) => _deleted.Add(id);

    /// <summary>Deletes a group with all that is in it.</summary>
    public void DeleteGroup(AssetGroup group)
    {
        foreach (var asset in List(group.Id))
        {
            Delete(asset.Id);
        }
        state.Groups.Remove(group);
    }

    /// <summary>Returns the assets that can be seen, in the order of their acceptance; of one group and project, or of all.</summary>
    public Listing<LibraryAsset> List(string? groupId, string? project = null)
    {
        var added = _added.Values.Where(asset => IsIn(asset.Group) && !_deleted.Contains(asset.Id)).ToList();
        var tasks = groupId is null ? _tasks.Values.SelectMany(list => list) : _tasks.GetValueOrDefault(groupId) ?? [];
        var submitted = new List<(ReviewTask Task, int Index)>();
        foreach (var task in tasks.Where(task => IsVisible(task) && IsIn(task.Group)))
        {
            for (var index = 0; index < task.Count; index++)
            {
                if (task.IsOwnAsset(index) && (_deleted.Count == 0 || !_deleted.Contains(task.AssetId(index))))
                {
                    submitted.Add((task, index));
                }
            }
        }

        return new Listing<LibraryAsset>(added.Count, index => Renamed(added[index]))
            .Followed(new Listing<LibraryAsset>(submitted.Count, index => Renamed(Read(submitted[index].Task, submitted[index].Index))));

        bool IsIn(AssetGroup group) => (groupId is null || group.Id == groupId) && (project is null || group.Project == project);
    }

    /// <summary>Returns the asset with this id; null when there is none, or not yet, or not any more.</summary>
    public LibraryAsset? Find(string id)
    {
        if (_deleted.Contains(id))
        {
            return null;
        }
        if (_added.TryGetValue(id, out var added))
        {
            return Renamed(added);
        }
        return state.Ids.TryReadAsset(id, out var number, out var index)
            && state.Tasks.GetValueOrDefault(state.Ids.Task(number)) is ReviewTask task
            && index < task.Count && task.IsOwnAsset(index) && IsVisible(task)
            ? Renamed(Read(task, index))
            : null;
    }

    private bool IsVisible(ReviewTask task) => !task.HasNoResult && state.Now >= task.Created + state.Options.Library.VisibleAfter;

    private LibraryAsset Read(ReviewTask task, int index) =>
        new(task.AssetId(index), task.Name(index), task.Status(index, state.Now), task.Type, task.Group, task.Error(index, state.Now));

    private LibraryAsset Renamed(LibraryAsset asset) =>
        _renamed.TryGetValue(asset.Id, out var name) ? asset with { Name = name } : asset;
}
