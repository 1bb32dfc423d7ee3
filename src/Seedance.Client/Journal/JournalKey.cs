using System.Security.Cryptography;
using System.Text;

namespace Seedance;

/// <summary>
/// What makes two rows the same: kind, project, group, and the row's identity, which is its own id, its address, or its
/// content. Addresses carry signatures, so only hashes are kept.
/// </summary>
public sealed record JournalKey
{
    private JournalKey(UInt128 contentHash, UInt128? otherHash, AvatarGroup? group)
    {
        ContentHash = contentHash;
        OtherHash = otherHash;
        Group = group;
    }

    /// <summary>Returns the identity of a row that was taken into the journal from the asset library, where it is known by its name alone.</summary>
    internal static string LibraryIdentity(string name) => $"library:{name}";

    /// <summary>Gets 128 bits of the hash of everything but the group.</summary>
    public UInt128 ContentHash { get; }

    /// <summary>Gets the hash that the row had by an older rule, by which it is found too; null if there is none.</summary>
    public UInt128? OtherHash { get; }

    /// <summary>Gets the hash that the row has if it was taken into the journal from the asset library, by which it is found too; null if it has no name.</summary>
    public UInt128? LibraryHash { get; private init; }

    /// <summary>Gets the group; null where there is none.</summary>
    public AvatarGroup? Group { get; init; }

    /// <summary>Creates the key of a row.</summary>
    /// <param name="kind">What it is: a type of material, or a video.</param>
    /// <param name="projectName">The project; null for the default.</param>
    /// <param name="identity">What makes it the row it is.</param>
    /// <param name="group">Its group; null where there is none.</param>
    /// <param name="olderIdentity">Its identity by an older rule; null if that is the same.</param>
    /// <param name="name">The name that it is sent under; null if it has none.</param>
    public static JournalKey Create(string kind, string? projectName, string? identity, AvatarGroup? group, string? olderIdentity = null, string? name = null)
    {
        return new(Of(identity), olderIdentity is null || olderIdentity == identity ? null : Of(olderIdentity), group)
        {
            LibraryHash = name is null ? null : Of(LibraryIdentity(name)),
        };

        UInt128 Of(string? content) => Hash($"{kind}\n{projectName ?? AvatarGroup.DefaultProject}\n{content}");
    }

    /// <summary>Creates the key from its stored hash.</summary>
    public static JournalKey Restore(UInt128 contentHash, AvatarGroup? group) => new(contentHash, null, group);

    /// <summary>Returns one hash of content and group, for telling a row that repeats another of the same run.</summary>
    internal UInt128 ToRunHash() => ContentHash ^ (Group switch
    {
        null => UInt128.Zero,
        { IsImplied: true } => Hash("implied"),
        { GroupId: { } id } => Hash($"id\n{id}"),
        { Name: var name } => Hash($"name\n{name}"),
    });

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
