using Seedance.Client.Tests.Simulation;

namespace Seedance.Journal.PostgreSql.Tests.Simulation;

/// <summary>
/// The promises of a fleet under thousands of schedules of faults. A seed that failed is played again, with what the
/// database and the server held, by SEEDANCE_SIMULATION_SEED; SEEDANCE_SIMULATION_SCHEDULES runs more of them.
/// </summary>
public sealed class FleetSimulationTests(ITestOutputHelper output)
{
    [Fact]
    public void Nothing_is_sent_twice_and_nothing_is_lost()
    {
        var (first, count) = (Schedules.Seed ?? 1, Schedules.Count(usual: 1_000));
        var broken = Search(first, count, FleetMutation.None);
        output.WriteLine($"{count} schedules from seed {first}\n{string.Join("\n", broken.Take(20))}");
        Assert.Empty(broken);
    }

    [Theory]
    [InlineData("NewIdOnRetry", "was acknowledged and is not there")]
    [InlineData("RenewLapsedLease", "left after its lease had lapsed")]
    [InlineData("ResendAfterLease", "left after its lease had lapsed")]
    [InlineData("RetryUnknownTakesUnderWay", "accepted twice")]
    [InlineData("AsyncFailover", "accepted twice")]
    [InlineData("UnorderedClaim", "deadlock")]
    [InlineData("EndOnlyIfLeased", "was acknowledged and is not there")]
    [InlineData("PerProcessGroupGate", "on their way to make one group")]
    public void A_fleet_with_that_mistake_is_found_out_within_a_thousand_schedules(string mistake, string consequence)
    {
        var broken = Search(1, 1_000, Enum.Parse<FleetMutation>(mistake));
        output.WriteLine($"{mistake}: {broken.Count} of 1000 schedules broken\n{string.Join("\n", broken.Take(3))}");
        Assert.Contains(broken, found => found.Contains(consequence, StringComparison.Ordinal));
    }

    [Fact]
    public void A_seed_replays_the_same_schedule()
    {
        for (ulong seed = 1; seed <= 30; seed++)
        {
            Assert.Equal(new FleetWorld(seed).RunAndDescribe(), new FleetWorld(seed).RunAndDescribe());
        }
    }

    private static List<string> Search(ulong first, ulong count, FleetMutation mutation) => Schedules.Search(first, count, seed =>
    {
        var world = new FleetWorld(seed, mutation);
        return (world.Run(), world.Evidence);
    });
}
