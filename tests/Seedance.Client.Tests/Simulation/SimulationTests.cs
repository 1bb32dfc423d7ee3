namespace Seedance.Client.Tests.Simulation;

/// <summary>
/// Promises 1 and 2 under thousands of schedules of faults, torn writes, crashes and restarts. A failing seed is named
/// and replays: <c>SEEDANCE_SIMULATION_SEED=n</c> runs that one alone, <c>SEEDANCE_SIMULATION_SCHEDULES=n</c> runs more, from there on if both are set.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    [Fact]
    public void Nothing_is_sent_twice_lost_or_left_unexplained()
    {
        var (first, count) = (Schedules.Seed ?? 1, Schedules.Count(usual: 2_000));
        var broken = Search(first, count, Mutation.None);
        output.WriteLine($"{count} schedules from seed {first}\n{string.Join("\n", broken.Take(20))}");
        Assert.Empty(broken);
    }

    [Theory]
    [InlineData("DropFlush")]
    [InlineData("Retry500")]
    [InlineData("IgnoreClaims")]
    [InlineData("TrustProxy")]
    [InlineData("TrustGuesses")]
    [InlineData("PinFile")]
    [InlineData("NoLock")]
    [InlineData("ForgetGroupId")]
    [InlineData("FirstRunBlind")]
    [InlineData("RetryLive")]
    [InlineData("OneStepBack")]
    [InlineData("NewKeys")]
    [InlineData("FallBackBlindly")]
    public void A_client_with_that_mistake_is_found_out_within_a_thousand_schedules(string mistake)
    {
        var broken = Search(1, 1_000, Enum.Parse<Mutation>(mistake));
        output.WriteLine($"{mistake}: {broken.Count} of 1000 schedules broken, first: {broken.FirstOrDefault()}");
        Assert.Contains(broken, found => found.Contains("accepted twice", StringComparison.Ordinal));
    }

    [Fact]
    public void A_client_that_settles_by_the_beginning_of_a_name_is_found_out_within_a_thousand_schedules()
    {
        var broken = Search(1, 1_000, Mutation.SettleByPrefix);
        output.WriteLine($"{broken.Count} of 1000 schedules broken, first: {broken.FirstOrDefault()}");
        Assert.Contains(broken, found => found.Contains("has a task that the server does not know", StringComparison.Ordinal));
    }

    [Fact]
    public void A_seed_replays_the_same_schedule()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            Assert.Equal(new World(seed).RunAndDescribe(), new World(seed).RunAndDescribe());
        }
    }

    private static List<string> Search(ulong first, ulong count, Mutation mutation) => Schedules.Search(first, count, seed =>
    {
        var world = new World(seed, mutation);
        return (world.Run(), world.Evidence);
    });
}
