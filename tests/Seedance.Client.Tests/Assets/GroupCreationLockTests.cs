using System.Text.Json;
using Seedance.Sandbox;

namespace Seedance.Client.Tests.Assets;

/// <summary>A group comes into being with its first submission, so that one goes alone.</summary>
public sealed class GroupCreationLockTests
{
    private static readonly AvatarGroup s_cast = new() { Name = "cast", Description = "who" };

    [Fact]
    public void The_first_request_of_a_group_goes_alone_and_the_rest_use_the_id_it_brought()
    {
        var bench = new ClientFixture();
        bench.Submit(ClientFixture.Rows(100, s_cast));

        var posts = bench.Network.Posts.ToList();
        Assert.Equal(5, posts.Count);
        Assert.True(posts[1].At >= posts[0].At + bench.Network.Latency, "The second left before the first was answered.");
        Assert.True(Field(posts[0], "group").HasValue && !Field(posts[0], "group_id").HasValue);
        var id = bench.Network.Sandbox.Submissions[0].GroupId;
        Assert.All(posts[1..], post => Assert.Equal((id, false), (Field(post, "group_id")?.GetString(), Field(post, "group").HasValue)));
        Assert.True(bench.Network.MostAtOnce > 1, "The rest go together.");
    }

    [Fact]
    public void Where_no_id_comes_back_the_rest_describe_the_group_again()
    {
        var bench = new ClientFixture(new SandboxOptions { ReturnGroupId = false });
        bench.Submit(ClientFixture.Rows(100, s_cast));

        Assert.All(bench.Network.Posts, post => Assert.Equal("cast", Field(post, "group")?.GetProperty("name").GetString()));
        Assert.Single(bench.Network.Sandbox.Submissions.Select(submission => submission.GroupId).Distinct());
        Assert.True(bench.Network.MostAtOnce > 1);
    }

    [Fact]
    public void If_the_first_fails_the_next_goes_alone()
    {
        var bench = new ClientFixture();
        bench.Network.Script = call => call.Number <= 2 ? Answers.Error(400) : null;
        var (events, end) = bench.Submit(ClientFixture.Rows(100, s_cast));

        Assert.Null(end);
        var posts = bench.Network.Posts.ToList();
        Assert.Equal(5, posts.Count);
        Assert.True(posts[1].At >= posts[0].At + bench.Network.Latency && posts[2].At >= posts[1].At + bench.Network.Latency);
        Assert.All(posts[..3], post => Assert.True(Field(post, "group").HasValue));
        Assert.All(posts[3..], post => Assert.True(Field(post, "group_id").HasValue));
        Assert.Equal(40, events.OfType<RowFailed>().Count());
        Assert.Equal(60, bench.Network.Sandbox.Tally.RowsAccepted);
    }

    [Fact]
    public void A_group_with_an_id_needs_no_first()
    {
        var bench = new ClientFixture();
        bench.Network.Sandbox.AddGroup("group_1", "cast");
        bench.Submit(ClientFixture.Rows(80, new AvatarGroup { GroupId = "group_1" }));

        Assert.Equal(4, bench.Network.MostAtOnce);
    }

    [Fact]
    public void Groups_of_one_name_in_two_projects_are_two_groups()
    {
        var bench = new ClientFixture();
        bench.Submit([.. ClientFixture.Rows(40, s_cast), .. ClientFixture.Rows(40, s_cast with { ProjectName = "spring" }, prefix: "b")]);

        Assert.All(bench.Network.Sandbox.Submissions.GroupBy(submission => submission.ProjectName),
            project => Assert.Single(project.Select(submission => submission.GroupId).Distinct()));
        Assert.Equal(2, bench.Network.Sandbox.Submissions.Select(submission => submission.GroupId).Distinct().Count());
        Assert.Equal(80, bench.Network.Sandbox.Tally.RowsAccepted);
    }

    [Fact]
    public void Two_groups_do_not_wait_for_each_other()
    {
        var bench = new ClientFixture();
        bench.Submit([.. ClientFixture.Rows(1, s_cast), .. ClientFixture.Rows(1, new AvatarGroup { Name = "crowd" })]);

        Assert.Equal(2, bench.Network.MostAtOnce);
    }

    [Fact]
    public void A_run_called_off_at_the_gate_sends_nothing_more()
    {
        var bench = new ClientFixture();
        bench.Network.Hangs = call => call.Number == 1;
        using var stop = new CancellationTokenSource();
        var running = bench.Time.Begin(() => bench.SubmitAsync([], ClientFixture.Rows(60, s_cast), null, stop.Token));
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        stop.Cancel();
        bench.Time.Finish(running);

        Assert.True(running.IsCanceled);
        Assert.Single(bench.Network.Posts);
    }

    private static JsonElement? Field(Call post, string name) =>
        JsonDocument.Parse(post.Body!).RootElement.TryGetProperty(name, out var value) ? value : null;
}
