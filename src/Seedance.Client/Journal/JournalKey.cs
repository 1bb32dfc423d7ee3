using System.Security.Cryptography;
using System.Text;

namespace Seedance;

/// <summary>
/// What makes two rows the same: project, group, type and the whole address. Addresses carry signatures, so only their
/// hash is kept. A group counts as the same by its name or by its id, whichever both sides know.
/// </summary>
public sealed record JournalKey
{
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
    public static JournalKey Of(string kind, string? projectName, string? content, AvatarGroup? group) =>
        new(Hash($"{kind}\n{projectName ?? AvatarGroup.DefaultProject}\n{content}"), group);

    /// <summary>The key as it was stored.</summary>
    internal static JournalKey Restore(UInt128 material, AvatarGroup? group) => new(material, group);

    /// <summary>The places that a row is found at: its group's name, its group's id, or the group that the run implied.</summary>
    internal IEnumerable<UInt128> Places()
    {
        if (Group is null)
        {
            yield return Material;
            yield break;
        }

        if (Group.IsImplied)
        {
            yield return Material ^ Hash("implied");
        }

        if (Group.Name is { } name)
        {
            yield return Material ^ Hash($"name\n{name}");
        }

        if (Group.GroupId is { } id)
        {
            yield return Material ^ Hash($"id\n{id}");
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
