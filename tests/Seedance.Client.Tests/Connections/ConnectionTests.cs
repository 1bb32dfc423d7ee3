using System.Text.Json;

namespace Seedance.Client.Tests.Connections;

/// <summary>Promise 5: the key goes into its header, to its address, and nowhere else.</summary>
public sealed class ConnectionTests
{
    [Theory]
    [InlineData("https://api.example", true)]
    [InlineData("https://api.example:8443/gateway/", true)]
    [InlineData("http://localhost:5000", true)]
    [InlineData("http://127.0.0.1:5000", true)]
    [InlineData("http://127.7.7.7", true)]
    [InlineData("http://[::1]:5000", true)]
    [InlineData("http://api.example", false)]
    [InlineData("http://192.168.1.1", false)]
    [InlineData("http://localhost.example", false)]
    [InlineData("http://127.0.0.1.example", false)]
    [InlineData("ftp://localhost", false)]
    [InlineData("file:///api", false)]
    [InlineData("https://me:pass@api.example", false)]
    [InlineData("https://api.example?key=1", false)]
    [InlineData("https://api.example#x", false)]
    public void A_key_goes_over_https_or_to_this_machine_itself(string address, bool isFine)
    {
        var options = new SeedanceConnectionOptions { ApiKey = ClientFixture.Key, BaseUri = new Uri(address) };
        if (isFine)
        {
            Assert.Equal(new Uri(address), new SeedanceConnection(options).BaseUri);
            return;
        }

        var failure = Assert.Throws<SeedanceException>(() => new SeedanceConnection(options));
        Assert.Equal(SeedanceErrorKind.InvalidInput, failure.Kind);
        Assert.Contains("-BaseUri", failure.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain("pass", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_relative_address_is_none() =>
        Assert.Throws<SeedanceException>(() => new SeedanceConnection(new() { ApiKey = ClientFixture.Key, BaseUri = new Uri("v1", UriKind.Relative) }));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("sk-a b")]
    [InlineData("sk-a\n")]
    [InlineData("sk-a\r\nX-Other: 1")]
    [InlineData("sk-é")]
    [InlineData("sk-\u007f")]
    [InlineData("sk-\0")]
    public void A_key_holds_only_what_a_header_can_carry(string key)
    {
        var failure = Assert.Throws<SeedanceException>(() => new SeedanceConnection(new() { ApiKey = key }));
        Assert.Equal((SeedanceErrorKind.InvalidInput, Delivery.NotSent), (failure.Kind, failure.Delivery));
        Assert.True(key.Trim().Length == 0 || !failure.Message.Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_key_the_three_ways_to_give_one_are_named()
    {
        var failure = Assert.Throws<SeedanceException>(() => new SeedanceConnection(new()));
        Assert.All((string[])["-ApiKey", "-SecretName", "SEEDANCE_API_KEY"], way => Assert.Contains(way, failure.Message + failure.RecommendedAction, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://api.example", "https://api.example/v1/tasks/task_1")]
    [InlineData("https://api.example/", "https://api.example/v1/tasks/task_1")]
    [InlineData("https://gateway.example/seedance", "https://gateway.example/seedance/v1/tasks/task_1")]
    [InlineData("https://gateway.example/seedance/", "https://gateway.example/seedance/v1/tasks/task_1")]
    [InlineData("https://api.example/v1", "https://api.example/v1/tasks/task_1")]
    [InlineData("https://api.example/V1/", "https://api.example/v1/tasks/task_1")]
    [InlineData("https://gateway.example/seedance/v1/", "https://gateway.example/seedance/v1/tasks/task_1")]
    [InlineData("https://gateway.example/rev1", "https://gateway.example/rev1/v1/tasks/task_1")]
    public void A_gateways_path_is_kept_and_the_version_at_its_end_is_not_doubled(string address, string asked)
    {
        var bench = new ClientFixture(with: options => options with { BaseUri = new Uri(address) });
        bench.Network.Script = _ => Answers.Task();
        bench.Time.Run(() => bench.Client.GetTaskAsync("task_1", cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(asked, Assert.Single(bench.Network.Calls).Address.AbsoluteUri);
    }

    [Fact]
    public void A_task_id_stays_in_its_place_and_the_language_is_asked_for()
    {
        var bench = new ClientFixture();
        bench.Network.Script = _ => Answers.Task();
        bench.Time.Run(() => bench.Client.GetTaskAsync("../a b?c#d/é", "zh", TestContext.Current.CancellationToken));

        Assert.Equal("https://api.apimart.ai/v1/tasks/..%2Fa%20b%3Fc%23d%2F%C3%A9?language=zh", Assert.Single(bench.Network.Calls).Address.AbsoluteUri);
    }

    [Fact]
    public async Task The_key_is_not_put_on_a_request_to_another_address()
    {
        var bench = new ClientFixture();
        using var guard = new HttpMessageInvoker(new AuthorizationHandler(new Uri("https://api.example"), ClientFixture.Key) { InnerHandler = bench.Network });
        foreach (var address in (string[])["https://other.example/v1", "http://api.example/v1", "https://api.example:444/v1", "https://api.example.other/v1"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => guard.SendAsync(request, TestContext.Current.CancellationToken));
            Assert.DoesNotContain(ClientFixture.Key, refused.ToString(), StringComparison.Ordinal);
            Assert.Null(request.Headers.Authorization);
        }

        Assert.Empty(bench.Network.Calls);
    }

    [Fact]
    public void Nothing_that_shows_a_connection_shows_its_key()
    {
        var options = new SeedanceConnectionOptions { ApiKey = ClientFixture.Key, JournalPath = "journal.jsonl" };
        var connection = new SeedanceConnection(options);

        Assert.DoesNotContain(ClientFixture.Key, $"{connection} {options} {JsonSerializer.Serialize(connection)} {connection.AccountName} {connection.JournalPath}", StringComparison.Ordinal);
        Assert.DoesNotContain(connection.GetType().GetProperties(), property => property.GetValue(connection)?.ToString()?.Contains(ClientFixture.Key, StringComparison.Ordinal) == true);
    }

    [Fact]
    public void An_account_is_a_name_that_outlives_its_keys()
    {
        var options = new SeedanceConnectionOptions { ApiKey = ClientFixture.Key };
        Assert.Equal("default", new SeedanceConnection(options).AccountName);
        Assert.Equal("studio", new SeedanceConnection(options with { AccountName = "studio" }).AccountName);
        Assert.Equal("studio", new SeedanceConnection(options with { AccountName = "studio", ApiKey = "sk-other-0123456789" }).AccountName);
    }

    [Fact]
    public async Task A_closed_connection_is_not_used_again()
    {
        var connection = new SeedanceConnection(new() { ApiKey = ClientFixture.Key, NoJournal = true });
        await connection.DisposeAsync();
        var failure = Assert.Throws<SeedanceException>(connection.GetClient);
        Assert.Contains("api.apimart.ai/ is closed", failure.Message, StringComparison.Ordinal);
        Assert.Throws<SeedanceException>(connection.GetJournal);
    }

    [Fact]
    public async Task A_connection_that_was_never_used_opens_nothing()
    {
        using var folder = new TemporaryFolder();
        await using (new SeedanceConnection(new() { ApiKey = ClientFixture.Key, JournalPath = folder.File("journal.jsonl") }))
        {
        }

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    public static TheoryData<SeedanceConnectionOptions, string> OutOfRange { get; } = new()
    {
        { new() { RequestsPerSecond = 0 }, "RequestsPerSecond" },
        { new() { RequestsPerSecond = 10_001 }, "RequestsPerSecond" },
        { new() { Concurrency = 0 }, "Concurrency" },
        { new() { Concurrency = 257 }, "Concurrency" },
        { new() { Timeout = TimeSpan.Zero }, "Timeout" },
        { new() { Timeout = TimeSpan.FromSeconds(-1) }, "Timeout" },
        { new() { Timeout = TimeSpan.MaxValue }, "Timeout" },
        { new() { RetryBudget = TimeSpan.FromTicks(-1) }, "RetryBudget" },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Options_out_of_their_range_are_refused_by_name(SeedanceConnectionOptions options, string name)
    {
        var failure = Assert.Throws<SeedanceException>(() => new SeedanceConnection(options with { ApiKey = ClientFixture.Key, NoJournal = true }));
        Assert.Equal((SeedanceErrorKind.InvalidInput, Delivery.NotSent), (failure.Kind, failure.Delivery));
        Assert.Contains(name, failure.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_at_the_ends_of_their_ranges_are_taken()
    {
        var least = new SeedanceConnectionOptions { ApiKey = ClientFixture.Key, NoJournal = true, RequestsPerSecond = 1, Concurrency = 1, Timeout = TimeSpan.FromTicks(1), RetryBudget = TimeSpan.Zero };
        Assert.Equal(1, new SeedanceConnection(least).Concurrency);
        Assert.Equal(256, new SeedanceConnection(least with { RequestsPerSecond = 10_000, Concurrency = 256, Timeout = TimeSpan.FromDays(1), RetryBudget = TimeSpan.MaxValue }).Concurrency);
    }

    [Fact]
    public void A_relative_journal_path_is_resolved_when_the_connection_is_made() =>
        Assert.Equal(Path.GetFullPath("journal.jsonl"), new SeedanceConnection(new() { ApiKey = ClientFixture.Key, JournalPath = "journal.jsonl" }).JournalPath);
}
