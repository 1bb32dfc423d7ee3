using System.Buffers.Binary;

namespace Seedance.Browser.Tests;

public sealed class ThumbnailTests(Browser browser) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_small_file_is_shown_out_of_the_page()
    {
        var size = await ShowAsync(await browser.DrawPortraitAsync(1, 300, 200));
        Assert.Equal([300, 200], size);
    }

    [Fact]
    public async Task A_small_file_that_lies_on_its_side_is_turned()
    {
        var picture = await browser.DrawPortraitAsync(1, 300, 200);
        var size = await ShowAsync(WithExif(picture, orientation: 6, thumbnail: null));
        Assert.Equal([200, 300], size);
    }

    [Fact]
    public async Task A_cameras_thumbnail_stands_for_a_large_file_and_is_turned_with_it()
    {
        var thumbnail = await browser.DrawPortraitAsync(1, 150, 100);
        var picture = WithExif(await browser.DrawPortraitAsync(2, 3000, 2000), orientation: 8, thumbnail);
        Assert.True(picture.Length > 64 * 1024, "The file is to be too large to be embedded.");
        var size = await ShowAsync(picture);
        Assert.Equal([100, 150], size);
    }

    private async Task<int[]> ShowAsync(byte[] jpeg)
    {
        var path = _folder.File("picture.jpg");
        await File.WriteAllBytesAsync(path, jpeg);
        var thumbnail = ReportThumbnail.FromFile(path);
        Assert.NotNull(thumbnail);
        await using var report = await browser.OpenAsync(SampleRun.Head, [new ReportRow { State = ReportRowState.Usable, Thumbnail = thumbnail }]);
        Assert.Empty(report.Requests);
        return await report.Page.Locator(".thumbnail img").EvaluateAsync<int[]>("async image => { await image.decode(); return [image.naturalWidth, image.naturalHeight]; }");
    }

    // As a camera writes it: the orientation in the first directory, a thumbnail in the second.
    private static byte[] WithExif(byte[] jpeg, short orientation, byte[]? thumbnail)
    {
        const int ThumbnailOffset = 56;
        byte[] tiff =
        [
            .. "II"u8, 42, 0, 8, 0, 0, 0,
            1, 0, .. Entry(0x0112, 3, orientation), .. Number(thumbnail is null ? 0 : 26),
            2, 0, .. Entry(0x0201, 4, ThumbnailOffset), .. Entry(0x0202, 4, thumbnail?.Length ?? 0), .. Number(0),
            .. thumbnail ?? [],
        ];
        byte[] content = [.. "Exif\0\0"u8, .. tiff];
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(content.Length + 2));
        return [0xFF, 0xD8, 0xFF, 0xE1, .. length, .. content, .. jpeg[2..]];

        static byte[] Number(int value) => BitConverter.GetBytes(value);

        static byte[] Entry(ushort tag, short type, int value) => [.. BitConverter.GetBytes(tag), .. BitConverter.GetBytes(type), 1, 0, 0, 0, .. Number(value)];
    }
}
