using System.Buffers.Binary;
using System.Text;
using Seedance.Client.Tests.Files;

namespace Seedance.Client.Tests.Images;

public sealed class ThumbnailTests : IDisposable
{
    private static readonly byte[] s_scan = [0xFF, 0xDA, 0, 2, 1, 0xFF, 0, 0xFF, 0xD3, 2, 0xFF, 0xDA, 0, 2, 3];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_small_jpeg_is_taken_without_what_was_written_beside_the_picture()
    {
        byte[] picture =
        [
            0xFF, 0xD8, .. Segment(0xE0, "JFIF\0"u8), .. Segment(0xE1, "Exif\0\0GPS"u8), .. Segment(0xE1, "http://ns.adobe.com/xap/1.0/\0owner"u8),
            .. Segment(0xE2, "ICC_PROFILE\0colours"u8), .. Segment(0xE2, "MPF\0more pictures"u8), .. Segment(0xED, "Photoshop 3.0\0caption"u8), .. Segment(0xEE, "Adobe"u8),
            .. Segment(0xFE, "comment"u8), .. Frame(640, 480), .. s_scan, 0xFF, 0xD9, .. "a film, and where it was made"u8,
        ];
        byte[] kept = [0xFF, 0xD8, .. Segment(0xE0, "JFIF\0"u8), .. Segment(0xE2, "ICC_PROFILE\0colours"u8), .. Segment(0xEE, "Adobe"u8), .. Frame(640, 480), .. s_scan, 0xFF, 0xD9];
        Assert.Equal(("image/jpeg", Convert.ToHexString(kept)), Read(picture));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_orientation_stays(bool isBigEndian)
    {
        var (_, content) = Read([0xFF, 0xD8, .. Exif(isBigEndian, 6, null), .. Frame(640, 480), .. s_scan, 0xFF, 0xD9]);
        var kept = Convert.FromHexString(content!);
        Assert.Equal(6, ExifData.Find(kept)!.Orientation);
        Assert.Equal([.. Frame(640, 480), .. s_scan, 0xFF, 0xD9], kept[38..]);
    }

    [Fact]
    public void A_small_png_is_taken_without_its_texts()
    {
        byte[] head = [.. TestImages.Png(size: 33)[..29], 1, 2, 3, 4];
        byte[] picture =
        [
            .. head, .. Chunk("sRGB", "x"), .. Chunk("tEXt", "owner"), .. Chunk("zTXt", "owner"), .. Chunk("iTXt", "owner"), .. Chunk("eXIf", "place"), .. Chunk("tIME", "then"),
            .. Chunk("IDAT", "picture"), .. Chunk("IEND", string.Empty), .. "more"u8,
        ];
        Assert.Equal(("image/png", Convert.ToHexString([.. head, .. Chunk("sRGB", "x"), .. Chunk("IDAT", "picture"), .. Chunk("IEND", string.Empty)])), Read(picture));
    }

    [Fact]
    public void A_small_webp_is_taken_without_its_notes()
    {
        byte[] extended = [0b0001_1100, 0, 0, 0, 99, 0, 0, 99, 0, 0];
        byte[] kept = [.. RiffChunk("VP8X", [0b0001_0000, .. extended[1..]]), .. RiffChunk("VP8 ", [1, 2, 3])];
        byte[] picture = [.. RiffChunk("VP8X", extended), .. RiffChunk("VP8 ", [1, 2, 3]), .. RiffChunk("EXIF", [9, 9]), .. RiffChunk("XMP ", [9])];
        Assert.Equal(("image/webp", Convert.ToHexString(WebP(kept))), Read(WebP(picture)));

        static byte[] WebP(byte[] chunks) => [.. "RIFF"u8, .. BitConverter.GetBytes(chunks.Length + 4), .. "WEBP"u8, .. chunks];
    }

    [Theory]
    [InlineData(640, 480, 160, 120, true)]
    [InlineData(6000, 4000, 160, 107, true)]
    [InlineData(480, 480, 160, 120, false)]
    [InlineData(4000, 6000, 160, 107, false)]
    public void Of_a_large_jpeg_the_cameras_thumbnail_is_taken_unless_it_shows_another_cut(int width, int height, int thumbnailWidth, int thumbnailHeight, bool isTaken)
    {
        byte[] thumbnail = [0xFF, 0xD8, .. Segment(0xFE, "comment"u8), .. Frame(thumbnailWidth, thumbnailHeight), .. s_scan, 0xFF, 0xD9];
        var (type, content) = Read(Large([.. Exif(isBigEndian: true, 1, thumbnail), .. Frame(width, height)]));
        Assert.Equal(isTaken ? "image/jpeg" : null, type);
        Assert.Equal(isTaken ? Convert.ToHexString([0xFF, 0xD8, .. Frame(thumbnailWidth, thumbnailHeight), .. s_scan, 0xFF, 0xD9]) : null, content);
    }

    [Fact]
    public void A_large_file_without_a_thumbnail_has_none() => Assert.Equal((null, null), Read(Large(Frame(640, 480))));

    [Fact]
    public void A_small_file_that_unfolds_to_a_huge_picture_is_not_taken() =>
        Assert.Equal((null, null), Read([0xFF, 0xD8, .. Frame(6000, 6000), .. s_scan, 0xFF, 0xD9]));

    [Fact]
    public void What_is_no_picture_that_a_page_can_show_has_no_thumbnail()
    {
        Assert.Equal((null, null), Read("<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray()));
        Assert.Equal((null, null), Read(TestImages.Tiff(10, 10, isBigEndian: true)));
        Assert.Equal((null, null), Read([]));
        Assert.Null(Thumbnail.Read(_folder.File("none.jpg")));
        Assert.Null(Thumbnail.Read(_folder.Path));
        Assert.Null(Thumbnail.Read(string.Empty));
    }

    [Fact]
    public void Whatever_the_bytes_are_reading_ends_and_ends_well()
    {
        byte[] thumbnail = [0xFF, 0xD8, .. Frame(160, 120), .. s_scan, 0xFF, 0xD9];
        byte[][] pictures =
        [
            [0xFF, 0xD8, .. Exif(isBigEndian: false, 6, thumbnail), .. Frame(640, 480), .. s_scan, 0xFF, 0xD9],
            Large([.. Exif(isBigEndian: true, 3, thumbnail), .. Frame(640, 480)]),
            [.. TestImages.Png(size: 33), .. Chunk("tEXt", "owner"), .. Chunk("IEND", string.Empty)],
            TestImages.WebPExtended(100, 100),
        ];
        var random = new Random(16);
        for (var round = 0; round < 2000; round++)
        {
            var picture = (byte[])pictures[round % pictures.Length].Clone();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                picture[random.Next(8, Math.Min(picture.Length, 200))] = (byte)random.Next(256);
            }

            Read(picture[..random.Next(8, picture.Length + 1)]);
        }
    }

    private (string? MediaType, string? Content) Read(byte[] file)
    {
        var path = _folder.File("picture");
        File.WriteAllBytes(path, file);
        var thumbnail = Thumbnail.Read(path);
        return (thumbnail?.MediaType, thumbnail is null ? null : Convert.ToHexString(thumbnail.Content));
    }

    private static byte[] Large(byte[] segments) => [0xFF, 0xD8, .. segments, 0xFF, 0xDA, 0, 2, .. new byte[70_000], 0xFF, 0xD9];

    private static byte[] Segment(byte marker, ReadOnlySpan<byte> content) => [0xFF, marker, .. Two(content.Length + 2), .. content];

    private static byte[] Frame(int width, int height) => Segment(0xC0, [8, .. Two(height), .. Two(width), 1, 1, 0x11, 0]);

    // As a camera writes it: the orientation in the first directory, a thumbnail in the second.
    private static byte[] Exif(bool isBigEndian, int orientation, byte[]? thumbnail)
    {
        byte[] tiff =
        [
            .. isBigEndian ? "MM"u8 : "II"u8, .. Half(42), .. Word(8),
            .. Half(1), .. Half(0x0112), .. Half(3), .. Word(1), .. Half(orientation), 0, 0, .. Word(thumbnail is null ? 0 : 26),
            .. Half(2), .. Half(0x0201), .. Half(4), .. Word(1), .. Word(56), .. Half(0x0202), .. Half(4), .. Word(1), .. Word(thumbnail?.Length ?? 0), .. Word(0),
            .. thumbnail ?? [],
        ];
        return Segment(0xE1, [.. "Exif\0\0"u8, .. tiff]);

        byte[] Half(int value) => isBigEndian ? Two(value) : [(byte)value, (byte)(value >> 8)];

        byte[] Word(int value) => isBigEndian ? [.. Two(value >> 16), .. Two(value)] : BitConverter.GetBytes(value);
    }

    private static byte[] Chunk(string name, string content)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        return [.. length, .. Encoding.ASCII.GetBytes(name + content), 1, 2, 3, 4];
    }

    private static byte[] RiffChunk(string name, byte[] content) =>
        [.. Encoding.ASCII.GetBytes(name), .. BitConverter.GetBytes(content.Length), .. content, .. new byte[content.Length % 2]];

    private static byte[] Two(int value) => [(byte)(value >> 8), (byte)value];
}
