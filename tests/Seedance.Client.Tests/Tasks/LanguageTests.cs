using System.Globalization;
using System.Threading.Channels;

namespace Seedance.Client.Tests.Tasks;

/// <summary>The language of the API's messages: the call's own, or else the connection's.</summary>
public sealed class LanguageTests
{
    [Theory]
    [InlineData("de-CH", "de")]
    [InlineData("zh-Hant-TW", "zh")]
    [InlineData("pt-BR", "pt")]
    [InlineData("id-ID", "id")]
    [InlineData("it-IT", null)]
    [InlineData("", null)]
    public void The_language_of_a_culture_is_asked_for_where_the_API_has_it(string culture, string? language) =>
        Assert.Equal(language, SeedanceClient.LanguageOf(new CultureInfo(culture)));

    [Theory]
    [InlineData("ja", null, "?language=ja")]
    [InlineData("ja", "ko", "?language=ko")]
    [InlineData(null, null, "")]
    public void A_look_asks_in_its_own_language_or_else_the_connections(string? connection, string? call, string query)
    {
        var bench = new ClientFixture(with: options => options with { Language = connection });
        bench.Time.Run(async () =>
        {
            var ids = Channel.CreateUnbounded<string>();
            await ids.Writer.WriteAsync("task_1");
            ids.Writer.Complete();
            await foreach (var _ in bench.Connection.LookAsync(ids.Reader, call))
            {
            }

            return 0;
        });

        Assert.Equal(query, bench.Network.Calls[0].Address.Query);
    }

    [Fact]
    public void A_language_that_the_API_does_not_have_is_turned_down()
    {
        var failure = Assert.Throws<SeedanceException>(() => new SeedanceConnection(new SeedanceConnectionOptions { ApiKey = "k", Language = "tlh" }));
        Assert.Contains("zh, en, ja", failure.RecommendedAction, StringComparison.Ordinal);
    }
}
