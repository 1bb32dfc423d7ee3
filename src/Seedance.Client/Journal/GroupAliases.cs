namespace Seedance;

/// <summary>
/// Which groups are the same: those that nobody named; others by their ids where both are known, else by name. The names of an id are learned from every
/// record that holds both, so that a group known by its name here and by its id there is one.
/// </summary>
public sealed class GroupAliases
{
    private readonly Dictionary<string, HashSet<string>> _names = new(StringComparer.Ordinal);

    /// <summary>Takes in a group that a record holds.</summary>
    public void Learn(AvatarGroup? group)
    {
        // Of real persons there may be two of one name; their groups always have an id.
        if (group is { GroupId: { } id, Name: { } name, IsRealPerson: false })
        {
            if (!_names.TryGetValue(id, out var names))
            {
                _names[id] = names = new HashSet<string>(StringComparer.Ordinal);
            }

            names.Add(name);
        }
    }

    /// <summary>Returns whether two groups of one project are the same, or may be: in doubt a row is not sent twice.</summary>
    public bool AreSame(AvatarGroup? one, AvatarGroup? other)
    {
        if (one is null || other is null)
        {
            return one is null && other is null;
        }

        // Nobody named a group: two runs that began together may each have made one.
        if (one.IsImplied && other.IsImplied)
        {
            return true;
        }

        if (one.GroupId is not null && other.GroupId is not null)
        {
            return one.GroupId == other.GroupId;
        }

        return IsNamed(one, other) || IsNamed(other, one);
    }

    // By the name that the one bears, or by any that its id is known to have.
    private bool IsNamed(AvatarGroup one, AvatarGroup other) =>
        other is { Name: { } name, IsRealPerson: false }
        && ((!one.IsRealPerson && one.Name == name) || (one.GroupId is { } id && _names.TryGetValue(id, out var names) && names.Contains(name)));
}
