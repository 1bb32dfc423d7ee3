using System.Buffers.Binary;

namespace Seedance.Images;

/// <summary>Takes out of pictures what cameras and programs wrote beside them: the place, the owner, the words. Faces have names enough.</summary>
internal static class ImageMetadata
{
    /// <summary>The picture without it, in the colours and the orientation that it had; null if the file is damaged.</summary>
    /// <param name="format">What it is. A GIF stays as it is: cameras make none.</param>
    /// <param name="picture">The file.</param>
    /// <param name="orientation">How a JPEG is to be turned, where the file itself does not say.</param>
    public static byte[]? Remove(ImageFormat format, byte[] picture, ushort orientation = 1) => format switch
    {
        ImageFormat.Jpeg => FromJpeg(picture, ExifData.Find(picture)?.Orientation ?? orientation),
        ImageFormat.Png => FromPng(picture),
        ImageFormat.WebP => FromWebP(picture),
        ImageFormat.Gif => picture,
        _ => null,
    };

    private static byte[]? FromJpeg(ReadOnlySpan<byte> jpeg, ushort orientation)
    {
        var kept = new MemoryStream(jpeg.Length);
        kept.Write(jpeg[..2]);
        if (orientation != 1)
        {
            kept.Write(ExifData.Segment(orientation));
        }

        for (var at = 2; at + 2 <= jpeg.Length && jpeg[at] == 0xFF;)
        {
            var marker = jpeg[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            // The end of the picture. Some devices append films and notes.
            if (marker == 0xD9)
            {
                kept.Write(jpeg.Slice(at, 2));
                return kept.ToArray();
            }

            if (at + 4 > jpeg.Length)
            {
                break;
            }

            var end = at + 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
            if (marker == 0xDA)
            {
                end = EndOfScan(jpeg, end);
            }

            if (end > jpeg.Length || end < at + 4)
            {
                break;
            }

            if (IsOfPicture(marker, jpeg[(at + 4)..end]))
            {
                kept.Write(jpeg[at..end]);
            }

            at = end;
        }

        return null;
    }

    // JFIF, the colour profile and Adobe's colour transform; of the other segments, all but applications' and comments.
    private static bool IsOfPicture(byte marker, ReadOnlySpan<byte> content) => marker switch
    {
        0xE0 or 0xEE => true,
        0xE2 => content.StartsWith("ICC_PROFILE\0"u8),
        (>= 0xE1 and <= 0xEF) or 0xFE => false,
        _ => true,
    };

    // In coded data, FF stands before 0 or a restart marker; before anything else it is the next marker.
    private static int EndOfScan(ReadOnlySpan<byte> jpeg, int at)
    {
        while (at + 1 < jpeg.Length && (jpeg[at] != 0xFF || jpeg[at + 1] is 0 or (>= 0xD0 and <= 0xD7)))
        {
            at++;
        }

        return at;
    }

    private static byte[]? FromPng(ReadOnlySpan<byte> png)
    {
        const int Signature = 8;
        var kept = new MemoryStream(png.Length);
        kept.Write(png[..Signature]);
        for (var at = Signature; at + 12 <= png.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(png[at..]);
            if (length > png.Length - at - 12)
            {
                break;
            }

            var chunk = png.Slice(at, 12 + (int)length);
            var name = chunk.Slice(4, 4);
            if (!(name.SequenceEqual("tEXt"u8) || name.SequenceEqual("zTXt"u8) || name.SequenceEqual("iTXt"u8) || name.SequenceEqual("eXIf"u8) || name.SequenceEqual("tIME"u8)))
            {
                kept.Write(chunk);
            }

            if (name.SequenceEqual("IEND"u8))
            {
                return kept.ToArray();
            }

            at += chunk.Length;
        }

        return null;
    }

    private static byte[]? FromWebP(ReadOnlySpan<byte> webP)
    {
        const int Header = 12;
        const byte HasExifOrXmp = 0b1100;
        var kept = new MemoryStream(webP.Length);
        kept.Write(webP[..Header]);
        for (var at = Header; at + 8 <= webP.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(webP[(at + 4)..]);
            if (length > webP.Length - at - 8)
            {
                return null;
            }

            // Chunks begin at even places.
            var chunk = webP.Slice(at, Math.Min(8 + (int)length + (int)(length & 1), webP.Length - at));
            at += chunk.Length;
            if (!(chunk.StartsWith("EXIF"u8) || chunk.StartsWith("XMP "u8)))
            {
                kept.Write(chunk);
            }
        }

        var picture = kept.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(picture.AsSpan(4), picture.Length - 8);
        if (picture.Length > Header + 8 && picture.AsSpan(Header).StartsWith("VP8X"u8))
        {
            picture[Header + 8] &= unchecked((byte)~HasExifOrXmp);
        }

        return picture.Length > Header ? picture : null;
    }
}
