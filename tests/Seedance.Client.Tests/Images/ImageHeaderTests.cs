namespace Seedance.Client.Tests.Files;

public sealed class ImageHeaderTests
{
    public static TheoryData<string, byte[]> All() => new()
    {
        { "Png", TestImages.Png(1234, 567) },
        { "Jpeg", TestImages.Jpeg(1234, 567) },
        { "Jpeg", TestImages.Jpeg(1234, 567, frame: 0xC2) },
        { "Gif", TestImages.Gif(1234, 567) },
        { "Bmp", TestImages.Bmp(1234, 567) },
        { "Bmp", TestImages.Bmp(1234, -567) },
        { "WebP", TestImages.WebPLossy(1234, 567) },
        { "WebP", TestImages.WebPLossless(1234, 567) },
        { "WebP", TestImages.WebPExtended(1234, 567) },
        { "Tiff", TestImages.Tiff(1234, 567, isBigEndian: false) },
        { "Tiff", TestImages.Tiff(1234, 567, isBigEndian: true) },
        { "Heic", TestImages.Heic(1234, 567) },
    };

    [Theory]
    [MemberData(nameof(All))]
    public void Format_and_size_are_read_from_the_head(string format, byte[] bytes)
    {
        var info = Read(bytes);
        Assert.Equal((format, 1234, 567), (info?.Format.ToString(), info?.Width, info?.Height));
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is text, not a picture")]
    [InlineData("BM")]
    [InlineData("BMW drives past, in a long sentence that goes on")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    [InlineData("%PDF-1.7")]
    [InlineData("RIFF....WAVEfmt ")]
    [InlineData("....ftypisom....")]
    public void What_is_no_picture_is_called_none(string text) => Assert.Null(Read(System.Text.Encoding.UTF8.GetBytes(text)));

    [Theory]
    [MemberData(nameof(All))]
    public void A_cut_off_head_is_a_picture_without_a_size_or_none(string format, byte[] bytes)
    {
        for (var length = 0; length < Math.Min(bytes.Length, 400); length++)
        {
            var info = Read(bytes[..length]);
            Assert.True(info is null || info.Format.ToString() == format);
        }
    }

    [Fact]
    public void Garbage_is_read_without_an_exception()
    {
        var random = new Random(5);
        byte[][] seeds = [.. All().Select(row => row.Data.Item2)];
        for (var round = 0; round < 50_000; round++)
        {
            var bytes = (byte[])seeds[round % seeds.Length].Clone();
            for (var changes = random.Next(1, 8); changes > 0; changes--)
            {
                bytes[random.Next(Math.Min(bytes.Length, 80))] = (byte)random.Next(256);
            }

            var info = Read(bytes[..random.Next(bytes.Length + 1)]);
            Assert.True(info is null or { Width: null, Height: null } or { Width: > 0, Height: > 0 });
        }
    }

    [Fact]
    public void A_picture_of_no_size_has_none() => Assert.Null(Read(TestImages.Png(0, 0))!.Width);

    private static ImageInfo? Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return ImageHeader.Read(stream);
    }
}
