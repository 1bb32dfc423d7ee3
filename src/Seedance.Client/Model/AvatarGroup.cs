namespace Seedance;

/// <summary>
/// An asset group: what belongs to one figure or one person (<c>group</c>, <c>group_id</c>, pages "private-avatar" and "real-avatar").
/// The API has no call that only creates a group; a group comes into being with its first submission.
/// </summary>
public sealed record AvatarGroup
{
    /// <summary>The project a group belongs to when none is named.</summary>
    public const string DefaultProject = "default";

    /// <summary>Creates a group that is described by what is set.</summary>
    public AvatarGroup()
    {
    }

    /// <summary>Creates a group that is described by its name alone.</summary>
    public AvatarGroup(string name) => Name = name;

    /// <summary>The group's name, by which the server finds or creates it; up to 64 characters.</summary>
    public string? Name { get; init; }

    /// <summary>What the group is for; up to 300 characters. Sent only while the group has no id.</summary>
    public string? Description { get; init; }

    /// <summary>The server's id of an existing group; null until the server has told it.</summary>
    public string? GroupId { get; init; }

    /// <summary>The project (<c>project_name</c>); null means the API's default.</summary>
    public string? ProjectName { get; init; }

    /// <summary>True for a person who passed the liveness check; such a group takes pictures and clips of that person only.</summary>
    public bool IsRealPerson { get; init; }

    /// <summary>True for the group a run describes when its caller names none; a later run recognises it as such.</summary>
    public bool IsImplied { get; init; }

    /// <summary>The name, or else the id.</summary>
    public override string ToString() => Name ?? GroupId ?? string.Empty;
}
