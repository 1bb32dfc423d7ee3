using Seedance.Client.Tests.Api;

namespace Seedance.Client.Tests.Account;

public sealed class BalanceTests
{
    private readonly ClientFixture _bench = new();

    [Fact]
    public void A_balance_is_what_is_left_and_what_was_spent()
    {
        var balance = Ask("balance.response");
        Assert.Equal((10.5m, 2.3m, false, false), (balance.Remaining, balance.Used, balance.IsUnlimited, balance.IsAccount));
    }

    [Fact]
    public void Minus_one_is_no_limit()
    {
        var balance = Ask("balance.unlimited");
        Assert.Equal((null, 2.3m, true), (balance.Remaining, balance.Used, balance.IsUnlimited));
        Assert.Equal("unlimited", balance.ToString());
    }

    [Theory]
    [InlineData("""{"success":true,"remain_balance":-1}""", null, true)]
    [InlineData("""{"success":true,"remain_balance":"7.25","used_balance":null}""", 7.25, false)]
    [InlineData("""{"remain_balance":0,"unlimited_quota":false}""", 0.0, false)]
    [InlineData("""{"unlimited_quota":true}""", null, true)]
    [InlineData("""{"code":200,"data":{"success":true,"remain_balance":3}}""", 3.0, false)]
    public void Other_ways_to_say_it_are_read(string json, double? remaining, bool isUnlimited)
    {
        var balance = AskAnswered(json);
        Assert.Equal(((decimal?)remaining, isUnlimited), (balance.Remaining, balance.IsUnlimited));
    }

    [Theory]
    [InlineData(false, "/v1/balance")]
    [InlineData(true, "/v1/user/balance")]
    public void The_accounts_balance_has_an_address_of_its_own(bool ofAccount, string path)
    {
        Assert.Equal(ofAccount, _bench.Time.Run(() => _bench.Client.GetBalanceAsync(ofAccount)).IsAccount);
        Assert.Equal(path, Assert.Single(_bench.Network.Calls).Address.AbsolutePath);
    }

    [Fact]
    public void A_success_that_says_it_is_none_is_a_failure()
    {
        var failure = Fail("balance.failure");
        Assert.Equal((SeedanceErrorKind.InvalidRequest, Delivery.Refused, "Failed to get token info"), (failure.Kind, failure.Delivery, failure.ApiMessage));
        Assert.Contains("Failed to get token info", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"success":true}""")]
    [InlineData("""{"success":true,"remain_balance":"much"}""")]
    public void An_answer_without_a_balance_is_none(string json)
    {
        var failure = FailAnswered(json);
        Assert.Equal(SeedanceErrorKind.InvalidAnswer, failure.Kind);
    }

    [Fact]
    public void A_402_anywhere_says_where_to_look()
    {
        _bench.Network.Script = _ => Answers.Error(402);
        var failure = _bench.Fail(client => client.SubmitVideoAsync(new VideoRequest { Prompt = "x" }));

        Assert.Equal(SeedanceErrorKind.PaymentRequired, failure.Kind);
        Assert.Contains("Get-SeedanceBalance", failure.RecommendedAction, StringComparison.Ordinal);
    }

    private Balance Ask(string sample) => AskAnswered(System.Text.Encoding.UTF8.GetString(Sample.Bytes(sample)));

    private Balance AskAnswered(string json)
    {
        _bench.Network.Script = _ => Answers.Json(200, json);
        return _bench.Time.Run(() => _bench.Client.GetBalanceAsync());
    }

    private SeedanceException Fail(string sample) => FailAnswered(System.Text.Encoding.UTF8.GetString(Sample.Bytes(sample)));

    private SeedanceException FailAnswered(string json) => Assert.Throws<SeedanceException>(() => AskAnswered(json));
}
