using System.Security.Cryptography;
using System.Text;

namespace Seedance.Journal;

/// <summary>
/// What has been seen, by 128 bits of its hash. In parts that grow one at a time: one set of a million would hold itself
/// twice while it grows, in pieces that the collector leaves lying about.
/// </summary>
internal sealed class SeenSet
{
    private const int Parts = 256;

    private readonly HashSet<UInt128>?[] _parts = new HashSet<UInt128>?[Parts];

    /// <summary>Returns the hash of a text.</summary>
    public static UInt128 HashOf(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return new UInt128(BitConverter.ToUInt64(hash), BitConverter.ToUInt64(hash[8..]));
    }

    /// <summary>Adds a hash; false if it has been seen before.</summary>
    public bool Add(UInt128 hash) => (_parts[(int)(ulong)hash & (Parts - 1)] ??= []).Add(hash);
}
