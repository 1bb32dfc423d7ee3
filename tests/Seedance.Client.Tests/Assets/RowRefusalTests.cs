using Seedance.Sandbox;

namespace Seedance.Client.Tests.Assets;

/// <summary>A 400 that names one asset refuses that row; the others go again, since nothing of the request was taken.</summary>
public sealed class RowRefusalTests
{
    private static readonly AvatarGroup s_cast = new() { Name = "cast" };
    private static readonly SubmitOptions s_resume = new() { Resume = true };

    [Theory]
    [InlineData(AssetReference.Index, NewerForm.Served)]
    [InlineData(AssetReference.Name, NewerForm.Served)]
    [InlineData(AssetReference.Url, NewerForm.Served)]
    [InlineData(AssetReference.Index, NewerForm.NotFound)]
    public void The_row_that_is_named_is_refused_and_the_innocent_ones_are_accepted(AssetReference reference, NewerForm form)
    {
        var bench = New(new SandboxOptions { RefusedWord = "bad", RefusalReference = reference, NewerForm = form });
        var (events, end) = bench.Submit(Rows("a", "bad-1", "b", "c", "bad-2", "d"));

        Assert.Null(end);
        Assert.Equal(["bad-1", "bad-2"], events.OfType<RowFailed>().Select(failed => failed.Row.Name));
        Assert.All(events.OfType<RowFailed>(), failed => Assert.Equal(
            ("Seedance.InvalidRequest", Delivery.Refused, 400, "InvalidParameter.ImageSize"), (failed.Error.ErrorId, failed.Error.Delivery, failed.Error.StatusCode, failed.Error.Code)));
        Assert.Equal(["a", "b", "c", "d"], Assert.Single(events.OfType<TaskAccepted>()).Task.Sources.Select(source => source.Name));
        Assert.Equal((4, 0), (bench.Network.Sandbox.Tally.RowsAccepted, bench.Network.Sandbox.Tally.DuplicateRows));
        Assert.Equal(3, bench.Network.Posts.Select(post => post.IdempotencyKey).Distinct().Count());
    }

    [Fact]
    public void A_later_run_knows_the_one_as_refused_and_the_others_as_accepted()
    {
        var bench = New(new SandboxOptions { RefusedWord = "bad" });
        var rows = Rows("a", "bad", "b");
        bench.Submit(rows);
        var sent = bench.Network.Posts.Count();
        var (again, _) = bench.Submit(rows, s_resume);

        Assert.Equal(sent, bench.Network.Posts.Count());
        Assert.Equal((true, 2), Assert.Single(again.OfType<TaskAccepted>()) is var accepted ? (accepted.Resumed, accepted.Task.Sources.Count) : default);
        Assert.Contains("was refused before", Assert.Single(again.OfType<RowFailed>()).Error.Message, StringComparison.Ordinal);

        bench.Network.Sandbox.Configure(bench.Network.Sandbox.Options with { RefusedWord = null });
        var (retried, _) = bench.Submit(rows, s_resume with { RetryFailed = true, RetryRefused = true });
        Assert.Equal(["bad"], Assert.Single(retried.OfType<TaskAccepted>(), one => !one.Resumed).Task.Sources.Select(source => source.Name));
    }

    [Fact]
    public void Every_row_may_be_refused_one_after_the_other()
    {
        var bench = New(new SandboxOptions { RefusedWord = "bad" });
        var (events, _) = bench.Submit(Rows("bad-1", "bad-2", "bad-3"));

        Assert.Equal(["bad-1", "bad-2", "bad-3"], events.OfType<RowFailed>().Select(failed => failed.Row.Name));
        Assert.Equal(3, bench.Network.Posts.Count());
        Assert.Equal(0, bench.Network.Sandbox.Tally.RowsAccepted);
    }

    /// <summary>The machine stops between the refusal and what follows: nothing was taken, and the next run sends what is open.</summary>
    [Fact]
    public void Where_the_run_ends_after_the_refusal_nothing_is_lost()
    {
        var bench = New(new SandboxOptions { RefusedWord = "bad" });
        var rows = Rows("a", "bad", "b");
        bench.Network.Connect = (_, _) => bench.Network.Calls.Count == 1 ? throw new HttpRequestException(HttpRequestError.ConnectionError, "down") : Task.CompletedTask;
        var (first, _) = bench.Submit(rows);
        bench.Network.Connect = null;
        bench.Time.Advance(TimeSpan.FromHours(1));
        bench.Submit(rows, s_resume);

        Assert.Equal(["bad", "a", "b"], first.OfType<RowFailed>().Select(failed => failed.Row.Name));
        Assert.Equal((2, 0), (bench.Network.Sandbox.Tally.RowsAccepted, bench.Network.Sandbox.Tally.DuplicateRows));
    }

    [Theory]
    [InlineData(400, "'b' is too small", null, "b")]
    [InlineData(400, "\"b\" is too small", null, "b")]
    [InlineData(400, "b: too small", null, "b")]
    [InlineData(400, "too small", "b", "b")]
    [InlineData(400, "too small", "assets[1]", "b")]
    [InlineData(400, "too small", "assets.1.url", "b")]
    [InlineData(400, "assets[1].url cannot be fetched: https://example.com/b.png", "assets[1].url", "b")]
    [InlineData(400, "https://example.com/b.png?x=1 cannot be fetched", null, "b")]
    [InlineData(400, "图片https://example.com/b.png，尺寸不符", null, "b")]

    // What names none, or more than one, or none for certain.
    [InlineData(400, "one asset is too small", null, null)]
    [InlineData(400, "assets[0] and assets[1] are too small", null, null)]
    [InlineData(400, "'b' is too small", "assets[0]", null)]
    [InlineData(400, "too small", "assets[3]", null)]
    [InlineData(400, "too small", "assets", null)]
    [InlineData(400, "name: b is no name", "name", null)]
    [InlineData(400, "url: b", "url", null)]
    [InlineData(400, "https://example.com/b.png2 cannot be fetched", null, null)]
    [InlineData(400, "a b is no c", null, null)]

    // What is no refusal of a row.
    [InlineData(404, "'b' is not here", null, null)]
    [InlineData(413, "'b' is too large", null, null)]
    [InlineData(500, "'b' broke it", null, null)]
    public void A_row_is_found_where_it_is_named_for_certain(int status, string message, string? parameter, string? expected)
    {
        var failure = new SeedanceException(SeedanceErrorKind.InvalidRequest, status == 500 ? Delivery.Unknown : Delivery.Refused, "no")
        {
            StatusCode = status,
            ApiMessage = message,
            Parameter = parameter,
        };
        Assert.Equal(expected, Seedance.Assets.RowRefusal.Find(failure, Rows("a", "b", "name"))?.Row.Name);
    }

    [Fact]
    public void Where_two_rows_have_the_name_it_is_not_certain_which()
    {
        var bench = New(new SandboxOptions { RefusedWord = "one.png", RefusalReference = AssetReference.Name });
        var (events, _) = bench.Submit([Row("one", "same"), Row("two", "same"), Row("three", "other")]);

        Assert.Equal(3, events.OfType<RowFailed>().Count());
        Assert.Single(bench.Network.Posts);
    }

    private static ClientFixture New(SandboxOptions options) => new(options) { JournalFile = new FakeJournalFile() };

    private static AssetSource[] Rows(params string[] names) => [.. names.Select(name => Row(name, name))];

    private static AssetSource Row(string file, string name) => new($"https://example.com/{file}.png") { Name = name, Group = s_cast };
}
