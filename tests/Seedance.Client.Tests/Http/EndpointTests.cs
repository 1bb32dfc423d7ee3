namespace Seedance.Client.Tests.Http;

public sealed class EndpointTests
{
    private static readonly Endpoint s_thing = new(HttpMethod.Get, "v1/things/{id}", Effect.None);

    [Theory]
    [InlineData("task_1", "v1/things/task_1")]
    [InlineData("a/b?c#d", "v1/things/a%2Fb%3Fc%23d")]
    [InlineData("...", "v1/things/...")]
    public void An_id_becomes_one_part_of_the_path(string id, string path)
    {
        var endpoint = s_thing.For(id) with { Query = "language=en" };
        using var request = endpoint.CreateRequest(new Uri("https://gateway.example/base/"), null);

        Assert.Equal($"GET /{path}", endpoint.ToString());
        Assert.Equal($"https://gateway.example/base/{path}?language=en", request.RequestUri!.AbsoluteUri);
        Assert.Same(endpoint, Endpoint.Get(request));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".")]
    [InlineData("..")]
    public void An_id_that_would_be_another_path_is_not_sent(string id)
    {
        var failure = Assert.Throws<SeedanceException>(() => s_thing.For(id));
        Assert.Equal((SeedanceErrorKind.InvalidInput, Delivery.NotSent), (failure.Kind, failure.Delivery));
    }

    [Fact]
    public void A_request_whose_endpoint_is_not_known_is_taken_for_one_that_takes_effect()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://gateway.example/x");
        Assert.Equal(Effect.Once, Endpoint.Get(request).Effect);
    }
}
