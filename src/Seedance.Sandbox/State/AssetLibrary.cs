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
        foreach (var id in List(group.Id).Select(asset => asset.Id).ToList())
        {
            Delete(id);
        }
        state.Groups.Remove(group);
    }

    /// <summary>Returns the assets that can be seen, in the order of their acceptance; of one group, or of all.</summary>
    public IEnumerable<LibraryAsset> List(string? groupId)
    {
        var added = _added.Values.Where(asset => groupId is null || asset.Group.Id == groupId);
        var tasks = groupId is null ? _tasks.Values.SelectMany(list => list) : _tasks.GetValueOrDefault(groupId) ?? [];
        var submitted = tasks.Where(IsVisible).SelectMany(task => Enumerable.Range(0, task.Count).Where(task.IsOwnAsset).Select(index => Read(task, index)));
        return added.Concat(submitted).Where(asset => !_deleted.Contains(asset.Id)).Select(Renamed);
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
