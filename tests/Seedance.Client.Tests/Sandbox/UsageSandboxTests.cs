using System.Text.Json;
using Seedance.Sandbox;

namespace Seedance.Client.Tests;

public sealed class UsageSandboxTests
{
    private readonly SandboxCaller _caller = new();

    [Fact]
    public void Usage_is_what_was_paid_for()
    {
        Order("doubao-seedance-2.0", "x");
        Order("doubao-seedance-2.0", "reject");
        Order("seedance-2.0-mini", "x");
        var usage = _caller.Get("/v1/usage");

        Assert.Equal(0.8244m, usage.GetProperty("amount_usd").GetDecimal());
        Assert.Equal(8.244m, usage.GetProperty("credits").GetDecimal());
        Assert.Equal(2, usage.GetProperty("requests").GetInt32());
        Assert.False(usage.TryGetProperty("code", out _));
        Assert.Equal(_caller.Get("/v1/balance").GetProperty("used_balance").GetDecimal(), usage.GetProperty("amount_usd").GetDecimal());
    }

    [Theory]
    [InlineData("model", "doubao-seedance-2.0 2|seedance-2.0-mini 1")]
    [InlineData("date", "2026-01-01 2|2026-01-02 1")]
    [InlineData("model,date", "2026-01-01 doubao-seedance-2.0 1|2026-01-01 seedance-2.0-mini 1|2026-01-02 doubao-seedance-2.0 1")]
    public void Usage_comes_by_model_and_date(string groupBy, string expected)
    {
        var caller = At(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
        Order("doubao-seedance-2.0", "x", caller);
        Order("seedance-2.0-mini", "x", caller);
        caller.Time.Advance(TimeSpan.FromDays(1));
        Order("doubao-seedance-2.0", "x", caller);
        var items = caller.Get($"/v1/usage?group_by={groupBy}&start=2026-01-01&end=2026-01-31").GetProperty("items").EnumerateArray();

        Assert.Equal(expected, string.Join('|', items.Select(item =>
            string.Join(' ', new[] { "date", "model", "requests" }.Where(name => item.TryGetProperty(name, out _)).Select(name => item.GetProperty(name).ToString())))));
    }

    [Fact]
    public void A_model_and_days_can_be_picked_out_and_days_begin_where_one_lives()
    {
        var caller = At(new DateTimeOffset(2026, 1, 1, 23, 0, 0, TimeSpan.Zero));
        Order("seedance-2.5", "x", caller);
        int Requests(string query) => caller.Get("/v1/usage?" + query).GetProperty("requests").GetInt32();

        Assert.Equal(1, Requests("model=seedance-2.5&start=2026-01-01&end=2026-01-01"));
        Assert.Equal(0, Requests("model=seedance-2.0&start=2026-01-01&end=2026-01-01"));
        Assert.Equal(0, Requests("start=2026-01-02&end=2026-01-02"));
        Assert.Equal(1, Requests("start=2026-01-02&end=2026-01-02&tz=Asia/Shanghai"));
    }

    [Theory]
    [InlineData("start=2026-01-01&end=2026-01-31", 200)]
    [InlineData("start=2026-01-01&end=2026-02-01", 400)]
    [InlineData("start=2026-01-02&end=2026-01-01", 400)]
    [InlineData("start=yesterday", 400)]
    [InlineData("tz=Nowhere/Else", 400)]
    [InlineData("scope=account", 200)]
    [InlineData("scope=world", 400)]
    [InlineData("group_by=colour", 400)]
    public void Limits_hold(string query, int status) => Assert.Equal(status, _caller.Send("GET", "/v1/usage?" + query).Status);

    [Fact]
    public void Sixty_calls_a_minute_pass()
    {
        Assert.All(Enumerable.Range(0, 60), _ => _caller.Get("/v1/usage"));
        _caller.Refused(429, "/v1/usage", null, "GET");
        _caller.Time.Advance(TimeSpan.FromMinutes(1));
        _caller.Get("/v1/usage");
    }

    private static SandboxCaller At(DateTimeOffset time)
    {
        var caller = new SandboxCaller();
        caller.Api.Configure(new SandboxOptions { ClockOffset = time - caller.Time.GetUtcNow() });
        return caller;
    }

    private void Order(string model, string prompt) => Order(model, prompt, _caller);

    private static void Order(string model, string prompt, SandboxCaller caller) =>
        caller.Post(SandboxCaller.Videos, JsonSerializer.Serialize(new { model, prompt }));
}
