using System.Buffers.Binary;

namespace Seedance.Images;

/// <summary>
/// Reads format and size in pixels from the head of a picture, and nothing else of it. Whatever the bytes are, the answer
/// is a picture's, or that it is none.
/// </summary>
internal static class ImageHeader
{
    // Segments before a JPEG's frame, or entries of a TIFF's directory: more than any camera writes, and soon read.
    private const int MaxParts = 512;

    /// <summary>What the head tells; null if this is no picture of a known format.</summary>
    public static ImageInfo? Read(Stream content)
    {
        Span<byte> head = stackalloc byte[32];
        head = head[..ReadAt(content, 0, head)];
        return head switch
        {
            [0xFF, 0xD8, 0xFF, ..] => Jpeg(content),
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, ..] => Png(head),
            [0x47, 0x49, 0x46, 0x38, 0x37 or 0x39, 0x61, ..] => Create(ImageFormat.Gif, Word(head, 6), Word(head, 8)),
            [0x52, 0x49, 0x46, 0x46, _, _, _, _, 0x57, 0x45, 0x42, 0x50, ..] => WebP(head),
            [0x42, 0x4D, _, _, _, _, _, _, _, _, ..] => Bmp(head),
            [0x49, 0x49, 0x2A, 0x00, ..] => Tiff(content, head, isBigEndian: false),
            [0x4D, 0x4D, 0x00, 0x2A, ..] => Tiff(content, head, isBigEndian: true),
            [_, _, _, _, 0x66, 0x74, 0x79, 0x70, ..] => Heic(content, head),
            _ => null,
        };
    }

    private static ImageInfo Jpeg(Stream content)
    {
        var at = 2L;
        Span<byte> part = stackalloc byte[9];
        for (var count = 0; count < MaxParts && ReadAt(content, at, part) == part.Length; count++)
        {
            if (part[0] != 0xFF)
            {
                break;
            }

            switch (part[1])
            {
                // Fill bytes, and markers without a length.
                case 0xFF:
                    at++;
                    continue;
                case 0x01 or (>= 0xD0 and <= 0xD8):
                    at += 2;
                    continue;

                // The frame: all of SOF0 to SOF15 but the tables among them.
                case (>= 0xC0 and <= 0xCF) and not (0xC4 or 0xC8 or 0xCC):
                    return Create(ImageFormat.Jpeg, BinaryPrimitives.ReadUInt16BigEndian(part[7..]), BinaryPrimitives.ReadUInt16BigEndian(part[5..]));

                // The picture itself, or its end, before any frame.
                case 0xD9 or 0xDA:
                    return Create(ImageFormat.Jpeg, null, null);
                default:
                    at += 2 + Math.Max(2, (int)BinaryPrimitives.ReadUInt16BigEndian(part[2..]));
                    continue;
            }
        }

        return Create(ImageFormat.Jpeg, null, null);
    }

    private static ImageInfo Png(ReadOnlySpan<byte> head) => head.Length >= 24 && head[12..16].SequenceEqual("IHDR"u8)
        ? Create(ImageFormat.Png, BinaryPrimitives.ReadUInt32BigEndian(head[16..]), BinaryPrimitives.ReadUInt32BigEndian(head[20..]))
        : Create(ImageFormat.Png, null, null);

    private static ImageInfo WebP(ReadOnlySpan<byte> head)
    {
        if (head.Length >= 30 && head[12..16].SequenceEqual("VP8X"u8))
        {
            return Create(ImageFormat.WebP, 1 + Three(head[24..]), 1 + Three(head[27..]));
        }

        if (head.Length >= 25 && head[12..16].SequenceEqual("VP8L"u8) && head[20] == 0x2F)
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(head[21..]);
            return Create(ImageFormat.WebP, 1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF));
        }

        return head.Length >= 30 && head[12..16].SequenceEqual("VP8 "u8) && head[23..26].SequenceEqual((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A])
            ? Create(ImageFormat.WebP, Word(head, 26) & 0x3FFF, Word(head, 28) & 0x3FFF)
            : Create(ImageFormat.WebP, null, null);
    }

    private static ImageInfo? Bmp(ReadOnlySpan<byte> head)
    {
        // Two letters prove little: the length of the header that follows must be one there is.
        if (head.Length < 26)
        {
            return null;
        }

        var headerLength = BinaryPrimitives.ReadUInt32LittleEndian(head[14..]);
        return headerLength switch
        {
            12 => Create(ImageFormat.Bmp, Word(head, 18), Word(head, 20)),

            // A negative height is of a picture stored from the top.
            16 or 40 or 52 or 56 or 64 or 108 or 124 => Create(ImageFormat.Bmp,
                BinaryPrimitives.ReadInt32LittleEndian(head[18..]), Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(head[22..]))),
            _ => null,
        };
    }

    private static ImageInfo Tiff(Stream content, ReadOnlySpan<byte> head, bool isBigEndian)
    {
        long? width = null, height = null;
        Span<byte> entry = stackalloc byte[12];
        if (head.Length >= 8)
        {
            var directory = (long)Four(head[4..]);
            var count = ReadAt(content, directory, entry[..2]) == 2 ? Math.Min(Two(entry), MaxParts) : 0;
            for (var i = 0; i < count && ReadAt(content, directory + 2 + (12L * i), entry) == entry.Length; i++)
            {
                // Tags 256 and 257; the value is a short (3) or a long (4), and stands in the entry itself.
                var value = Two(entry[2..]) switch { 3 => Two(entry[8..]), 4 => Four(entry[8..]), _ => (long?)null };
                switch (Two(entry))
                {
                    case 256:
                        width = value;
                        break;
                    case 257:
                        height = value;
                        break;
                    default:
                        break;
                }
            }
        }

        return Create(ImageFormat.Tiff, width, height);

        int Two(ReadOnlySpan<byte> bytes) => isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

        uint Four(ReadOnlySpan<byte> bytes) => isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    /// <summary>The largest size that the head names: thumbnails and tiles have their own.</summary>
    private static ImageInfo? Heic(Stream content, ReadOnlySpan<byte> head)
    {
        if (head.Length < 12 || !(head[8..12] is var brand) || !(brand.SequenceEqual("heic"u8) || brand.SequenceEqual("heix"u8) || brand.SequenceEqual("heim"u8)
            || brand.SequenceEqual("heis"u8) || brand.SequenceEqual("hevc"u8) || brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8)))
        {
            return null;
        }

        var bytes = new byte[64 * 1024];
        var rest = bytes.AsSpan(0, ReadAt(content, 0, bytes));
        long? width = null, height = null;
        for (int at; (at = rest.IndexOf("ispe"u8)) >= 0 && rest.Length >= at + 16; rest = rest[(at + 4)..])
        {
            var (w, h) = ((long)BinaryPrimitives.ReadUInt32BigEndian(rest[(at + 8)..]), (long)BinaryPrimitives.ReadUInt32BigEndian(rest[(at + 12)..]));
            if (width is null || (UInt128)w * (UInt128)h > (UInt128)width.Value * (UInt128)height!.Value)
            {
                (width, height) = (w, h);
            }
        }

        return Create(ImageFormat.Heic, width, height);
    }

    private static ImageInfo Create(ImageFormat format, long? width, long? height) =>
        width is > 0 and <= int.MaxValue && height is > 0 and <= int.MaxValue
            ? new ImageInfo(format, (int)width.Value, (int)height.Value)
            : new ImageInfo(format, null, null);

    private static int? Word(ReadOnlySpan<byte> head, int at) =>
        head.Length >= at + 2 ? BinaryPrimitives.ReadUInt16LittleEndian(head[at..]) : null;

    private static int Three(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);

    private static int ReadAt(Stream content, long offset, Span<byte> buffer)
    {
        if (offset >= content.Length)
        {
            return 0;
        }

        content.Position = offset;
        return content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
    }
}
