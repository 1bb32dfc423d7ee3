namespace Seedance.Client.Tests.Tasks;

/// <summary>An id is checked before it becomes a path.</summary>
public sealed class TaskIdTests
{
    [Theory]
    [InlineData("", "empty")]
    [InlineData(" ", "empty")]
    [InlineData(".", "not a task's id")]
    [InlineData("..", "not a task's id")]
    [InlineData("task_1\n", "control characters")]
    [InlineData("task_\u001b[2J", "control characters")]
    [InlineData("@{Url=https://example.com/a.png?signature=secret; Name=a}", "row of a table")]
    [InlineData("System.Collections.Hashtable", "row of a table")]
    [InlineData("asset_01K", "of an asset")]
    [InlineData("asset://asset_01K", "of an asset")]
    public void What_is_no_task_is_refused_and_nothing_is_sent(string id, string words)
    {
        var bench = new ClientFixture();
        var failure = bench.Fail(client => client.GetTaskAsync(id));
        var watch = Watch.All(bench, [new SeedanceTask { TaskId = id }]);

        Assert.All([failure, Assert.Single(watch.NotEnded).Error], error =>
        {
            Assert.Equal((SeedanceErrorKind.InvalidInput, Delivery.NotSent), (error.Kind, error.Delivery));
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
            Assert.NotEmpty(error.RecommendedAction);
        });
        Assert.Empty(bench.Network.Calls);
    }

    [Fact]
    public void What_is_too_long_is_refused_and_cut_in_the_message()
    {
        var failure = new ClientFixture().Fail(client => client.GetTaskAsync(new string('x', 129)));
        Assert.Equal(SeedanceErrorKind.InvalidInput, failure.Kind);
        Assert.InRange(failure.Message.Length, 1, 128);
    }

    [Theory]
    [InlineData("task_01K7ZQ", "task_01K7ZQ")]
    [InlineData("a/b?c#d", "a%2Fb%3Fc%23d")]
    [InlineData("...", "...")]
    [InlineData("0192f7a4-7c1e", "0192f7a4-7c1e")]
    public void Any_other_stays_one_part_of_the_path(string id, string part)
    {
        var bench = new ClientFixture();
        bench.Network.Script = _ => Answers.Task();
        bench.Time.Run(() => bench.Client.GetTaskAsync(id));
        Assert.Equal($"/v1/tasks/{part}", Assert.Single(bench.Network.Calls).Address.AbsolutePath);
    }
}
