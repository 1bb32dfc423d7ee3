using System.Globalization;

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
        var first = Setting("SEEDANCE_SIMULATION_SEED");
        var count = first is null ? Setting("SEEDANCE_SIMULATION_SCHEDULES") ?? 1_000 : 1;
        var broken = Search(first ?? 1, count, FleetMutation.None);
        output.WriteLine($"{count} schedules from seed {first ?? 1}\n{string.Join("\n", broken.Take(20))}");
        Assert.Empty(broken);
    }

    [Theory]
    [InlineData("NewIdOnRetry")]
    [InlineData("RenewLapsedLease")]
    [InlineData("ResendAfterLease")]
    [InlineData("RetryUnknownTakesUnderWay")]
    [InlineData("AsyncFailover")]
    [InlineData("UnorderedClaim")]
    [InlineData("EndOnlyIfLeased")]
    [InlineData("PerProcessGroupGate")]
    public void A_fleet_with_that_mistake_is_found_out_within_a_thousand_schedules(string mistake)
    {
        var broken = Search(1, 1_000, Enum.Parse<FleetMutation>(mistake));
        output.WriteLine($"{mistake}: {broken.Count} of 1000 schedules broken\n{string.Join("\n", broken.Take(3))}");
        Assert.NotEmpty(broken);
    }

    [Fact]
    public void A_seed_replays_the_same_schedule()
    {
        for (ulong seed = 1; seed <= 30; seed++)
        {
            Assert.Equal(new FleetWorld(seed).RunAndDescribe(), new FleetWorld(seed).RunAndDescribe());
        }
    }

    private static List<string> Search(ulong first, ulong count, FleetMutation mutation)
    {
        var broken = new List<string>();
        Parallel.For(0, (long)count, i =>
        {
            var seed = first + (ulong)i;
            var world = new FleetWorld(seed, mutation);
            if (world.Run() is { } what)
            {
                lock (broken)
                {
                    broken.Add(count == 1 ? $"seed {seed}: {what}\n{world.Evidence()}" : $"seed {seed}: {what}");
                }
            }
        });
        return broken;
    }

    private static ulong? Setting(string name) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
