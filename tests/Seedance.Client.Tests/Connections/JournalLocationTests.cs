namespace Seedance.Client.Tests.Connections;

/// <summary>The journal of the environment is one file, whatever folder a process begins in.</summary>
public sealed class JournalLocationTests
{
    [Theory]
    [InlineData("journal.jsonl")]
    [InlineData("./journal.jsonl")]
    [InlineData("../journal.jsonl")]
    [InlineData("~journal.jsonl")]
    [InlineData(" ")]
    public void A_relative_path_is_refused_and_the_whole_one_is_named(string path)
    {
        var failure = Assert.Throws<SeedanceException>(() => JournalLocation.Default(path));

        Assert.Equal((SeedanceErrorKind.InvalidInput, Delivery.NotSent), (failure.Kind, failure.Delivery));
        Assert.Contains($"SEEDANCE_JOURNAL is '{path}'", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith($"SEEDANCE_JOURNAL={Path.GetFullPath(path)}", failure.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_path_is_taken_and_so_is_one_of_the_home_folder()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(folder.File("b.jsonl"), JournalLocation.Default(folder.File("a/../b.jsonl")));
        Assert.Equal(
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "jobs", "b.jsonl"), JournalLocation.Default("~/jobs/b.jsonl"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Where_nothing_is_said_it_is_in_the_users_data_folder(string? named) => Assert.Equal(
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "Seedance", "journal.jsonl"),
        JournalLocation.Default(named));
}
