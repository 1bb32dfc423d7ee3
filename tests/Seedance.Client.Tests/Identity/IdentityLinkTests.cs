namespace Seedance.Client.Tests;

public sealed class IdentityLinkTests
{
    [Theory]
    [InlineData("https://h5.example/v?bytedToken=t%2B/=&lng=zh", "https://h5.example/v?bytedToken=t%2B/=&lng=en")]
    [InlineData("https://h5.example/v?lng=zh-Hant&sig=A%2fb+c%3d", "https://h5.example/v?lng=en&sig=A%2fb+c%3d")]
    [InlineData("https://h5.example/v?lng=&a=1", "https://h5.example/v?lng=en&a=1")]
    [InlineData("https://h5.example/v?a=1", "https://h5.example/v?a=1&lng=en")]
    [InlineData("https://h5.example/v", "https://h5.example/v?lng=en")]
    [InlineData("https://h5.example/v?a=1#top", "https://h5.example/v?a=1&lng=en#top")]
    [InlineData("https://h5.example/#/v?token=x&lng=zh", "https://h5.example/#/v?token=x&lng=en")]
    [InlineData("https://h5.example/v?notlng=zh", "https://h5.example/v?notlng=zh&lng=en")]
    public void The_language_is_set_and_the_rest_left_as_it_is(string link, string expected) =>
        Assert.Equal(expected, IdentityLink.WithLanguage(link, "en"));

    [Theory]
    [InlineData("https://h5.example/v?a=1&lng=zh-Hant#x", "zh-Hant")]
    [InlineData("https://h5.example/v?lng=", "zh")]
    [InlineData("https://h5.example/v", "zh")]
    public void The_language_is_read(string link, string expected) => Assert.Equal(expected, IdentityLink.LanguageOf(link));
}
