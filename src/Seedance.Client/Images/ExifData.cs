using System.Buffers.Binary;

namespace Seedance.Images;

/// <summary>What is of use in a camera's notes about a picture (Exif 2.3, in a JPEG's first segments).</summary>
/// <param name="Orientation">How to turn the picture, 1–8; 1 is as it is.</param>
/// <param name="Thumbnail">A small JPEG of it; null if there is none.</param>
internal sealed record ExifData(ushort Orientation, byte[]? Thumbnail)
{
    private const ushort OrientationTag = 0x0112;
    private const ushort ThumbnailOffsetTag = 0x0201;
    private const ushort ThumbnailLengthTag = 0x0202;

    private static ReadOnlySpan<byte> Mark => "Exif\0\0"u8;

    /// <summary>Finds them in the start of a JPEG; null if there are none.</summary>
    public static ExifData? Find(ReadOnlySpan<byte> jpeg)
    {
        for (var at = 2; at + 4 <= jpeg.Length && jpeg[at] == 0xFF && jpeg[at + 1] is >= 0xE0 and <= 0xEF;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
            var end = at + 2 + length;
            if (length < 2 || end > jpeg.Length)
            {
                break;
            }

            var content = jpeg[(at + 4)..end];
            if (jpeg[at + 1] == 0xE1 && content.StartsWith(Mark))
            {
                return Read(content[Mark.Length..]);
            }

            at = end;
        }

        return null;
    }

    /// <summary>A segment that says how to turn the picture, and nothing else.</summary>
    public static byte[] Segment(ushort orientation) =>
    [
        0xFF, 0xE1, 0, 34, .. Mark, .. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1,
        OrientationTag >> 8, OrientationTag & 0xFF, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0,
    ];

    private static ExifData? Read(ReadOnlySpan<byte> tiff)
    {
        var isBigEndian = tiff.StartsWith("MM"u8);
        if (!isBigEndian && !tiff.StartsWith("II"u8))
        {
            return null;
        }

        var first = new Directory(tiff, Word(tiff, 4, isBigEndian), isBigEndian);
        var second = new Directory(tiff, first.Next, isBigEndian);
        var orientation = first.Value(OrientationTag) is { } turn and >= 1 and <= 8 ? (ushort)turn : (ushort)1;
        return second.Value(ThumbnailOffsetTag) is { } offset && second.Value(ThumbnailLengthTag) is { } length and > 0 && (long)offset + length <= tiff.Length
            ? new ExifData(orientation, tiff.Slice((int)offset, (int)length).ToArray())
            : new ExifData(orientation, null);
    }

    private static uint Word(ReadOnlySpan<byte> bytes, long at, bool isBigEndian) =>
        at + 4 > bytes.Length ? 0
        : isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes[(int)at..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[(int)at..]);

    private static ushort Half(ReadOnlySpan<byte> bytes, long at, bool isBigEndian) =>
        at + 2 > bytes.Length ? (ushort)0
        : isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes[(int)at..]) : BinaryPrimitives.ReadUInt16LittleEndian(bytes[(int)at..]);

    /// <summary>A list of numbered values. What lies outside of the data reads as 0; offset 0 is no directory.</summary>
    private readonly ref struct Directory(ReadOnlySpan<byte> tiff, long offset, bool isBigEndian)
    {
        private const int EntryLength = 12;

        private readonly ReadOnlySpan<byte> _tiff = tiff;

        public uint Next => offset == 0 ? 0 : Word(_tiff, offset + 2 + (Count * EntryLength), isBigEndian);

        private int Count => offset == 0 ? 0 : Half(_tiff, offset, isBigEndian);

        public uint? Value(ushort tag)
        {
            for (var i = 0; i < Count; i++)
            {
                var entry = offset + 2 + (i * EntryLength);
                if (Half(_tiff, entry, isBigEndian) == tag)
                {
                    const ushort ShortType = 3;
                    return Half(_tiff, entry + 2, isBigEndian) == ShortType ? Half(_tiff, entry + 8, isBigEndian) : Word(_tiff, entry + 8, isBigEndian);
                }
            }

            return null;
        }
    }
}
