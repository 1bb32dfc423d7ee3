namespace Seedance.Journal.PostgreSql.Tests;

public sealed class JournalAddressTests
{
    [Theory]
    [InlineData("postgresql://db.example.com/journal", "db.example.com", 5432, "journal", null, false)]
    [InlineData("postgres://runner@db.example.com:6432/journal", "db.example.com", 6432, "journal", "runner", false)]
    [InlineData("POSTGRESQL://a%40b@[::1]:5433/my%20journal", "::1", 5433, "my journal", "a@b", true)]
    [InlineData("postgresql://LocalHost/j", "LocalHost", 5432, "j", null, true)]
    [InlineData("postgresql://127.0.0.1/j", "127.0.0.1", 5432, "j", null, true)]
    [InlineData("postgresql://%2Fvar%2Frun%2Fpostgresql/j", "/var/run/postgresql", 5432, "j", null, true)]
    public void An_address_is_read_and_spelled_again(string text, string host, int port, string database, string? user, bool isLocal)
    {
        var address = JournalAddress.Parse(text);
        Assert.Equal((host, port, database, user, isLocal), (address.Host, address.Port, address.Database, address.User, address.IsLocal));
        Assert.Equal(address, JournalAddress.Parse(address.ToString()));
    }

    [Theory]
    [InlineData("postgresql://runner:hunter2@db.example.com/journal")]
    [InlineData("postgresql://runner:hun@hunter2@db.example.com/journal")]
    [InlineData("postgresql://runner:hunter2/x@db.example.com/journal")]
    [InlineData("postgresql://db.example.com/journal?password=hunter2")]
    [InlineData("postgresql://runner:hunter2@")]
    [InlineData("postgresql://db.example.com:hunter2/journal")]
    [InlineData("postgresql://db.example.com")]
    [InlineData("postgresql://db.example.com/")]
    [InlineData("postgresql://db.example.com/a/b")]
    [InlineData("postgresql:///journal")]
    [InlineData("postgresql://db.example.com:0/journal")]
    [InlineData("postgresql://db.example.com:70000/journal")]
    public void What_cannot_be_used_is_refused_and_never_repeated(string text)
    {
        var refused = Assert.Throws<SeedanceException>(() => JournalAddress.Parse(text));
        Assert.Equal(SeedanceErrorKind.InvalidInput, refused.Kind);
        Assert.DoesNotContain("hunter", $"{refused.Message}{refused.RecommendedAction}", StringComparison.Ordinal);
        Assert.Contains("postgresql://host:port/database", refused.RecommendedAction, StringComparison.Ordinal);
    }
}
