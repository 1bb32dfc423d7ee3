using System.Buffers.Binary;

namespace Seedance.Client.Tests.Files;

/// <summary>Heads of pictures, as far as anybody reads them.</summary>
internal static class TestImages
{
    public static byte[] Png(int width = 640, int height = 480, int size = 500, byte filling = 0)
    {
        var bytes = new byte[size];
        Array.Fill(bytes, filling);
        ((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]).CopyTo(bytes);
        "IHDR"u8.CopyTo(bytes.AsSpan(12));
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), height);
        return bytes;
    }

    /// <summary>With a thumbnail in its first segment, which has a frame of its own.</summary>
    public static byte[] Jpeg(int width = 640, int height = 480, byte frame = 0xC0)
    {
        byte[] thumbnail = [0xFF, 0xD8, .. Frame(160, 120, 0xC0), 0xFF, 0xD9];
        return
        [
            0xFF, 0xD8, 0xFF, 0xE1, .. Two(2 + 6 + thumbnail.Length), .. "Exif\0\0"u8, .. thumbnail,
            0xFF, 0xFF, 0xFF, 0xC4, .. Two(5), 1, 2, 3, .. Frame(width, height, frame), 0xFF, 0xDA, 0, 2, 1, 2, 3, 0xFF, 0xD9,
        ];
    }

    public static byte[] Gif(int width, int height) => [.. "GIF89a"u8, .. Low(width), .. Low(height), 0, 0, 0];

    public static byte[] Bmp(int width, int height) =>
        [.. "BM"u8, .. new byte[12], 40, 0, 0, 0, .. Four(width), .. Four(height), 1, 0, 24, 0];

    public static byte[] WebPLossy(int width, int height) =>
        [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8 "u8, 0, 0, 0, 0, 0x30, 0x01, 0x00, 0x9D, 0x01, 0x2A, .. Low(width), .. Low(height)];

    public static byte[] WebPLossless(int width, int height) =>
        [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8L"u8, 0, 0, 0, 0, 0x2F, .. Four((width - 1) | ((height - 1) << 14))];

    public static byte[] WebPExtended(int width, int height) =>
        [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, .. Four(width - 1).AsSpan(0, 3), .. Four(height - 1).AsSpan(0, 3)];

    public static byte[] Tiff(int width, int height, bool isBigEndian)
    {
        byte[] entries = [.. Entry(254, 4, 0), .. Entry(256, 3, width), .. Entry(257, 4, height)];
        return isBigEndian ? [.. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 3, .. entries] : [.. "II"u8, 42, 0, 8, 0, 0, 0, 3, 0, .. entries];

        byte[] Entry(int tag, int type, int value)
        {
            byte[] entry = [.. Low(tag), .. Low(type), .. Four(1), .. type == 3 ? [.. Low(value), 0, 0] : Four(value)];
            if (isBigEndian)
            {
                entry.AsSpan(0, 2).Reverse();
                entry.AsSpan(2, 2).Reverse();
                entry.AsSpan(4, 4).Reverse();
                entry.AsSpan(8, type == 3 ? 2 : 4).Reverse();
            }

            return entry;
        }
    }

    public static byte[] Heic(int width, int height)
    {
        return [0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0, .. "mif1heic"u8, .. Box(160, 120), .. Box(width, height), .. Box(512, 512)];

        static byte[] Box(int width, int height)
        {
            var box = new byte[20];
            box[3] = 20;
            "ispe"u8.CopyTo(box.AsSpan(4));
            BinaryPrimitives.WriteInt32BigEndian(box.AsSpan(12), width);
            BinaryPrimitives.WriteInt32BigEndian(box.AsSpan(16), height);
            return box;
        }
    }

    private static byte[] Frame(int width, int height, byte marker) => [0xFF, marker, 0, 11, 8, .. Two(height), .. Two(width), 1, 1, 0x11, 0];

    private static byte[] Two(int value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Low(int value) => [(byte)value, (byte)(value >> 8)];

    private static byte[] Four(int value) => BitConverter.GetBytes(value);
}
