namespace Seedance.Client.Tests.Files;

public sealed class LocalImageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_file_is_told() => Objects(_folder.File("none.png"), "there is no file");

    [Fact]
    public void A_folder_is_told() => Objects(_folder.Path, "is a folder");

    [Fact]
    public void An_empty_picture_is_told() => Objects(Make("empty.png", []), "is empty");

    [Fact]
    public void A_text_called_a_picture_is_told() => Objects(Make("text.png", "hello, world"u8.ToArray()), "is no picture");

    [Fact]
    public void Twenty_megabytes_can_be_uploaded_and_a_byte_more_can_not()
    {
        Assert.NotNull(LocalImage.Look(Make("full.png", TestImages.Png(size: 20 * 1024 * 1024))).Picture);
        Objects(Make("big.png", TestImages.Png(size: (20 * 1024 * 1024) + 1)), "20.01 MB; at most 20 MB");
        Objects(Make("bigger.png", TestImages.Png(size: 21 * 1024 * 1024)), "21 MB; at most 20 MB");
    }

    [Theory]
    [InlineData("a.bmp")]
    [InlineData("a.png")]
    public void A_format_that_the_upload_does_not_take_is_told_by_the_content(string name) => Objects(Make(name, TestImages.Bmp(640, 480)), "is a BMP by its content");

    [Fact]
    public void The_name_does_not_count()
    {
        var (picture, objections) = LocalImage.Look(Make("photo.txt", TestImages.Jpeg()));
        Assert.Empty(objections);
        Assert.Equal(("image/jpeg", 640), (picture!.Info.MediaType, picture.Info.Width));
    }

    [Theory]
    [InlineData(10_000, 10, "10000 x 10 pixels")]
    [InlineData(10_000, 10, "1000 times as wide as high")]
    [InlineData(299, 300, "299 x 300 pixels")]
    [InlineData(6001, 6000, "6001 x 6000 pixels")]
    [InlineData(1000, 399, "2.506 times")]
    [InlineData(300, 751, "0.399 times")]
    [InlineData(0, 0, "cannot be read")]
    public void What_the_review_would_refuse_is_told(int width, int height, string said) =>
        Assert.Contains(Review(width, height), objection => objection.Contains(said, StringComparison.Ordinal));

    [Theory]
    [InlineData(300, 300)]
    [InlineData(6000, 6000)]
    [InlineData(750, 300)]
    [InlineData(300, 750)]
    public void What_is_within_the_limits_is_not(int width, int height) => Assert.Empty(Review(width, height));

    [Fact]
    public void The_same_picture_is_known_again_under_another_name()
    {
        var one = LocalImage.Look(Make("a.png", TestImages.Png())).Picture!;
        Assert.Equal(one.ContentHash, LocalImage.Look(Make("b.png", TestImages.Png())).Picture!.ContentHash);
        Assert.NotEqual(one.ContentHash, LocalImage.Look(Make("c.png", TestImages.Png(filling: 1))).Picture!.ContentHash);
    }

    private string Make(string name, byte[] bytes)
    {
        File.WriteAllBytes(_folder.File(name), bytes);
        return _folder.File(name);
    }

    private IEnumerable<string> Review(int width, int height) => LocalImage.Look(Make("a.png", TestImages.Png(width, height))).Picture!.ReviewObjections();

    private static void Objects(string path, string said)
    {
        var (picture, objections) = LocalImage.Look(path);
        Assert.Null(picture);
        var objection = Assert.Single(objections);
        Assert.Contains(said, objection, StringComparison.Ordinal);
        Assert.Contains(path, objection, StringComparison.Ordinal);
    }
}
