using System.Text.Json;
using Seedance.Sandbox;

namespace Seedance.Client.Tests;

/// <summary>The newer address for submissions, refusals that name one asset, and the forms of errors.</summary>
public sealed class SubmissionFormTests
{
    private const string Newer = "/v1/seedance2/private-avatar/assets";
    private const string Body = """{"model":"seedance-2.5","group":{"name":"g"},"asset_type":"Image","assets":[{"url":"https://x.com/a.png","name":"a"},{"url":"https://x.com/b.png","name":"b"}]}""";

    [Fact]
    public void The_newer_form_has_the_same_meaning()
    {
        var caller = new SandboxCaller();
        var data = caller.Post(Newer, Body);
        caller.Post(SandboxCaller.PrivateAvatar, Body);

        Assert.Equal("seedance-2.5", data.GetProperty("model").GetString());
        Assert.Equal(caller.Api.Submissions[0] with { Number = 2, Path = SandboxCaller.PrivateAvatar, TaskId = caller.Api.Submissions[1].TaskId, Assets = caller.Api.Submissions[1].Assets }, caller.Api.Submissions[1]);
        Assert.Equal(2, caller.Api.Tally.DuplicateRows);
    }

    [Theory]
    [InlineData("""{"group":{"name":"g"},"assets":[{"url":"https://x.com/a.png"}]}""", "asset_type")]
    [InlineData("""{"group":{"name":"g"},"asset_type":"Image","url":"https://x.com/a.png"}""", "assets")]
    public void The_newer_form_is_stricter(string body, string word) =>
        Assert.Contains(word, new SandboxCaller().Refused(400, Newer, body), StringComparison.Ordinal);

    [Theory]
    [InlineData(NewerForm.NotFound, 404)]
    [InlineData(NewerForm.NotAllowed, 405)]
    public void A_gateway_may_not_know_the_newer_form(NewerForm form, int status)
    {
        var caller = new SandboxCaller(new SandboxOptions { NewerForm = form });
        caller.Refused(status, Newer, Body);
        Assert.Empty(caller.Api.Submissions);
        caller.Post(SandboxCaller.PrivateAvatar, Body);
        Assert.Equal(200, caller.Send("GET", Newer).Status);
    }

    [Theory]
    [InlineData(AssetReference.Index, "assets[1]")]
    [InlineData(AssetReference.Name, "b")]
    [InlineData(AssetReference.Url, "https://x.com/b.png")]
    public void A_refusal_names_one_asset_and_takes_nothing(AssetReference reference, string named)
    {
        var caller = new SandboxCaller(new SandboxOptions { RefusedWord = "b.png", RefusalReference = reference });
        var response = caller.Send("POST", Newer, Body);
        var error = SandboxCaller.Root(response).GetProperty("error");

        Assert.Equal(400, response.Status);
        Assert.StartsWith(named + ": ", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(named, error.GetProperty("param").GetString());
        Assert.Equal((0, 0), (caller.Api.Tally.PostsAccepted, caller.Api.Tally.RowsAccepted));
        Assert.Empty(caller.Get("/v1/seedance2/private-avatar/groups").GetProperty("Result").GetProperty("Items").EnumerateArray());
    }

    [Fact]
    public void A_wrong_key_is_told_as_it_was_measured()
    {
        var caller = new SandboxCaller(new SandboxOptions { ApiKey = "right", MeasuredErrors = true });
        var response = caller.Send("GET", "/v1/balance", authorization: "Bearer wrong");
        var error = SandboxCaller.Root(response).GetProperty("error");
        var id = response.Headers!["X-Oneapi-Request-Id"];

        Assert.Equal(401, response.Status);
        Assert.Equal(
            JsonDocument.Parse(SandboxCaller.Sample("error.401.measured.json")).RootElement.GetProperty("error").EnumerateObject().Select(member => member.Name).Order(),
            error.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal(("", "apimart_error"), (error.GetProperty("code").GetString(), error.GetProperty("type").GetString()));
        Assert.Contains($"(request id: {id})", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.NotEqual(id, caller.Send("GET", "/v1/balance", authorization: "Bearer wrong").Headers!["X-Oneapi-Request-Id"]);
    }

    [Theory]
    [InlineData(QuotaError.PaymentRequired, 402, null)]
    [InlineData(QuotaError.InsufficientQuota, 429, "insufficient_quota")]
    [InlineData(QuotaError.InsufficientUserQuota, 403, "insufficient_user_quota")]
    public void An_empty_account_is_told_in_each_form(QuotaError form, int status, string? code) =>
        new SandboxCaller(new SandboxOptions { Balance = 0, QuotaError = form }).Refused(status, SandboxCaller.PrivateAvatar, SandboxCaller.Batch("g", "a"), code: code);

    [Theory]
    [InlineData(404, null)]
    [InlineData(400, "task_not_exist")]
    public void A_task_that_does_not_exist_is_told_in_each_form(int status, string? code) =>
        new SandboxCaller(new SandboxOptions { UnknownTaskStatus = status }).Refused(status, "/v1/tasks/task_none", null, "GET", code);
}
