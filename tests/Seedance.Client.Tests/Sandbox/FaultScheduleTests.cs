using Seedance.Sandbox;
using Seedance.Sandbox.Faults;

namespace Seedance.Client.Tests;

public sealed class FaultScheduleTests
{
    private readonly FaultSchedule<FaultOrder> _schedule = new(seed: 3);

    [Fact]
    public void An_empty_schedule_spares_everything() => Assert.Null(_schedule.Draw(Request("GET", "/v1/balance")));

    [Fact]
    public void A_count_strikes_that_many_after_those_spared()
    {
        _schedule.Order(new FaultOrder { Kind = FaultKind.Hang, Count = 2, After = 1 });
        Assert.Equal([false, true, true, false], Draw(4, "POST", "/v1/x"));
    }

    [Fact]
    public void Method_and_path_must_match()
    {
        _schedule.Order(new FaultOrder { Kind = FaultKind.Hang, Method = "post", Path = "/v1/seedance2" });

        Assert.NotNull(_schedule.Draw(Request("POST", "/v1/seedance2/private-avatar")));
        Assert.Null(_schedule.Draw(Request("GET", "/v1/seedance2/private-avatar")));
        Assert.Null(_schedule.Draw(Request("POST", "/v1/videos/generations")));
        Assert.Equal((1, 1), (_schedule.Orders[0].Matched, _schedule.Orders[0].Struck));
    }

    [Fact]
    public void The_first_order_that_strikes_wins()
    {
        _schedule.Order(new FaultOrder { Kind = FaultKind.Hang, Count = 1 }, new FaultOrder { Kind = FaultKind.Empty });
        Assert.Equal([FaultKind.Hang, FaultKind.Empty], Enumerable.Range(0, 2).Select(_ => _schedule.Draw(Request("GET", "/"))!.Kind));
    }

    [Fact]
    public void Chance_follows_the_seed()
    {
        var order = new FaultOrder { Kind = FaultKind.Empty, Probability = 0.3 };
        bool[] Run(int seed)
        {
            var schedule = new FaultSchedule<FaultOrder>(seed);
            schedule.Order(order);
            return [.. Enumerable.Range(0, 1000).Select(_ => schedule.Draw(Request("GET", "/")) is not null)];
        }

        Assert.Equal(Run(3), Run(3));
        Assert.NotEqual(Run(3), Run(4));
        Assert.InRange(Run(3).Count(struck => struck), 250, 350);
    }

    [Fact]
    public void A_mix_strikes_its_share_with_every_kind()
    {
        _schedule.Order(FaultOrder.Mix(0.2));
        var kinds = Enumerable.Range(0, 20_000).Select(_ => _schedule.Draw(Request("POST", "/v1/x"))?.Kind).OfType<FaultKind>().ToArray();

        Assert.InRange(kinds.Length, 3800, 4200);
        Assert.Equal(Enum.GetValues<FaultKind>().Length, kinds.Distinct().Count());
    }

    [Theory]
    [InlineData(FaultKind.ResetBefore)]
    [InlineData(FaultKind.Hang)]
    [InlineData(FaultKind.Redirect)]
    public void What_never_takes_effect_cannot_be_ordered_to(FaultKind kind) =>
        Assert.Throws<ArgumentException>(() => _schedule.Order(new FaultOrder { Kind = kind, Processed = true }));

    private IEnumerable<bool> Draw(int count, string method, string path) =>
        Enumerable.Range(0, count).Select(_ => _schedule.Draw(Request(method, path)) is not null);

    private static SandboxRequest Request(string method, string path) => new(method, path, "", null, null, default);
}
