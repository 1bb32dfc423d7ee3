namespace Seedance.Client.Tests;

public sealed class ManualTimeProviderTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _fired = [];

    [Fact]
    public void Timers_fire_when_due_and_equals_in_the_order_they_were_set()
    {
        using var late = Set("late", 3);
        using var first = Set("first", 1);
        using var second = Set("second", 1);

        _time.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        Assert.Empty(_fired);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["first 1", "second 1", "late 3"], _fired);
    }

    [Fact]
    public void A_timer_set_by_a_timer_fires_in_the_same_advance()
    {
        ITimer? inner = null;
        using var outer = _time.CreateTimer(_ => inner = Set("inner", 1), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["inner 2"], _fired);
        inner!.Dispose();
    }

    [Fact]
    public void A_period_repeats_and_a_disposed_or_changed_timer_does_not()
    {
        var repeating = Set("repeating", 1, period: 2);
        var changed = Set("changed", 2);
        var gone = Set("gone", 3);
        changed.Change(TimeSpan.FromSeconds(4), Timeout.InfiniteTimeSpan);
        gone.Dispose();

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["repeating 1", "repeating 3", "changed 4", "repeating 5"], _fired);
        repeating.Dispose();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(4, _fired.Count);
        Assert.Null(_time.NextDue);
        Assert.False(_time.AdvanceToNext());
    }

    [Fact]
    public async Task Delays_timeouts_and_measured_spans_follow_it()
    {
        var began = _time.GetTimestamp();
        var delay = Task.Delay(TimeSpan.FromSeconds(2), _time, TestContext.Current.CancellationToken);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(3), _time);

        Assert.True(_time.AdvanceToNext());
        await delay;
        Assert.False(timeout.IsCancellationRequested);
        Assert.Equal(TimeSpan.FromSeconds(2), _time.GetElapsedTime(began));
        Assert.True(_time.AdvanceToNext());
        Assert.True(timeout.IsCancellationRequested);
    }

    private ITimer Set(string name, double dueSeconds, double? period = null)
    {
        var start = new ManualTimeProvider().GetUtcNow();
        return _time.CreateTimer(
            _ => _fired.Add($"{name} {(_time.GetUtcNow() - start).TotalSeconds}"), null, TimeSpan.FromSeconds(dueSeconds),
            period is { } seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan);
    }
}
