namespace Seedance.Client.Tests.Identity;

/// <summary>Where the address for real persons is not there, errors say that it has been taken off the list, and what remains.</summary>
public sealed class RetiredServiceTests
{
    [Theory]
    [InlineData("{\"error\":{\"code\":404,\"message\":\"There is nothing at /v1/seedance2/real-avatar\"}}")]
    [InlineData("<html>not found</html>")]
    public async Task A_404_is_explained_at_every_step(string body)
    {
        await using var house = new IdentityFixture();
        var session = await house.OpenAsync();
        house.Before = request => request.Method == HttpMethod.Post ? Answers.Json(404, body) : null;

        var opening = await Assert.ThrowsAsync<SeedanceException>(() => house.OpenAsync());
        var asking = await Assert.ThrowsAsync<SeedanceException>(() => house.Desk.CompleteAsync(session, cancellationToken: TestContext.Current.CancellationToken));
        var batch = ClientFixture.Batch(new AvatarGroup { GroupId = "group_p", IsRealPerson = true });
        var submitting = await Assert.ThrowsAsync<SeedanceException>(() => house.Connection.GetClient().SubmitAssetsAsync(batch, TestContext.Current.CancellationToken));

        foreach (var failure in (SeedanceException[])[opening, asking, submitting])
        {
            Assert.Equal((SeedanceErrorKind.NotFound, 404), (failure.Kind, failure.StatusCode));
            Assert.Contains("taken it off its list", failure.RecommendedAction, StringComparison.Ordinal);
            Assert.Contains("asset://", failure.RecommendedAction, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Any_other_404_says_nothing_of_real_persons() =>
        Assert.DoesNotContain("real person", FailAtTask().RecommendedAction, StringComparison.OrdinalIgnoreCase);

    private static SeedanceException FailAtTask()
    {
        var bench = new ClientFixture();
        bench.Network.Script = _ => Answers.Error(404);
        return bench.Fail(client => client.GetTaskAsync("task_1"));
    }
}
