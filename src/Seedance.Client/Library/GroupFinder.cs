namespace Seedance.Library;

/// <summary>Finds the library's group of a request that names it: by the id that the journal has learned, or the one group of exactly that name.</summary>
internal sealed class GroupFinder(SeedanceClient client, IJournal journal)
{
    private readonly Dictionary<(string Name, string? Project), HashSet<string>> _known = [];
    private bool _hasRead;

    /// <summary>Returns the group with its id, or why it cannot be told; neither if there is no such group.</summary>
    public async Task<(AvatarGroup? Group, string? Problem)> FindAsync(AvatarGroup? group, string? project, CancellationToken cancellationToken)
    {
        if (group is null or { GroupId: not null } or { Name: null })
        {
            return group is { GroupId: not null } ? (group, null) : (null, "The group of these rows is not known.");
        }

        await ReadJournalAsync(cancellationToken);
        if (_known.TryGetValue((group.Name, project), out var ids) && ids.Count == 1)
        {
            return (group with { GroupId = ids.Single() }, null);
        }

        var list = client.ListGroups(group.Name, project);
        var same = new List<AvatarGroup>();
        await foreach (var entry in list.WithCancellation(cancellationToken))
        {
            // The filter takes whatever is like the name.
            if (entry is { IsRealPerson: false } && entry.Name == group.Name && (entry.ProjectName is null || entry.ProjectName == (project ?? AvatarGroup.DefaultProject)))
            {
                same.Add(entry);
            }
        }

        return same.Count == 1 ? (group with { GroupId = same[0].GroupId }, null)
            : same.Count > 1 ? (null, $"The asset library has {same.Count} groups of the name '{group.Name}', so which is meant cannot be told; with its -GroupId it can.")
            : list.IsComplete ? (null, null)
            : (null, $"The list of groups was not whole, and group '{group.Name}' was not in it.");
    }

    /// <summary>Returns whether a group as a request names it may be this one.</summary>
    public static bool MayBe(AvatarGroup? named, AvatarGroup group) =>
        named?.GroupId is { } id ? id == group.GroupId : named?.Name is { } name && (group.Name is null || name == group.Name);

    private async Task ReadJournalAsync(CancellationToken cancellationToken)
    {
        if (_hasRead)
        {
            return;
        }

        await foreach (var task in journal.ReadTasksAsync(JournalQuery.All, cancellationToken))
        {
            if (task.Group is { GroupId: { } id, Name: { } name, IsRealPerson: false })
            {
                (_known.TryGetValue((name, task.ProjectName), out var ids) ? ids : _known[(name, task.ProjectName)] = []).Add(id);
            }
        }

        _hasRead = true;
    }
}
