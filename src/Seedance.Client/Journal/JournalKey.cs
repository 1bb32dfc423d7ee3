using System.Security.Cryptography;
using System.Text;

namespace Seedance;

/// <summary>
/// What makes two rows the same: project, group, type and the whole address. Addresses carry signatures, so only their
/// hash is kept. A group counts as the same by its name or by its id, whichever both sides know.
/// </summary>
public sealed record JournalKey
{
    [ThreadStatic]
    private static (AvatarGroup? Group, UInt128[] Marks)? s_marks;

    private JournalKey(UInt128 material, AvatarGroup? group)
    {
        Material = material;
        Group = group;
    }

    /// <summary>128 bits of the hash of everything but the group.</summary>
    public UInt128 Material { get; }

    /// <summary>The group; null where there is none.</summary>
    public AvatarGroup? Group { get; init; }

    /// <summary>The key of <paramref name="content"/>, which may be an address or a whole request.</summary>
    public static JournalKey Create(string kind, string? projectName, string? content, AvatarGroup? group) =>
        new(Hash($"{kind}\n{projectName ?? AvatarGroup.DefaultProject}\n{content}"), group);

    /// <summary>The key as it was stored.</summary>
    internal static JournalKey Restore(UInt128 material, AvatarGroup? group) => new(material, group);

    /// <summary>The places that a row is found at: the group that the run implied, its group's name, its group's id.</summary>
    internal UInt128[] Places() => Array.ConvertAll(MarksOf(Group), mark => Material ^ mark);

    // Rows come in runs of one group, whose name is hashed once a run.
    private static UInt128[] MarksOf(AvatarGroup? group)
    {
        if (s_marks is not { } last || last.Group != group)
        {
            s_marks = last = (group, [.. Marks(group)]);
        }

        return last.Marks;
    }

    private static IEnumerable<UInt128> Marks(AvatarGroup? group)
    {
        if (group is null)
        {
            yield return UInt128.Zero;
            yield break;
        }

        if (group.IsImplied)
        {
            yield return Hash("implied");
        }

        // Of real persons there may be two of one name; their groups always have an id.
        if (group is { Name: { } name, IsRealPerson: false })
        {
            yield return Hash($"name\n{name}");
        }

        if (group.GroupId is { } id)
        {
            yield return Hash($"id\n{id}");
        }
    }

    private static UInt128 Hash(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var length = Encoding.UTF8.GetByteCount(text);
        Span<byte> utf8 = length <= 1024 ? stackalloc byte[length] : new byte[length];
        Encoding.UTF8.GetBytes(text, utf8);
        SHA256.HashData(utf8, hash);
        return new UInt128(BitConverter.ToUInt64(hash), BitConverter.ToUInt64(hash[8..]));
    }
}
