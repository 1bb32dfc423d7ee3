namespace Seedance.Client.Tests.Http;

/// <summary>Promise 2: a submission that has left is given a few seconds to be answered; one that has not left never leaves.</summary>
public sealed class CancellationTests : IDisposable
{
    private readonly ClientFixture _bench = new();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose() => _stop.Dispose();

    [Fact]
    public void A_submission_under_way_is_still_answered_within_five_seconds()
    {
        _bench.Network.Latency = TimeSpan.FromSeconds(5.5);
        var submitting = Submit();

        Assert.Equal(SeedanceTaskStatus.Processing, VirtualTime.Result(submitting).Status);
        Assert.Equal(TimeSpan.FromSeconds(5.5), _bench.Time.Elapsed);
    }

    [Fact]
    public void A_submission_under_way_that_is_not_answered_by_then_is_of_unknown_outcome()
    {
        _bench.Network.Hangs = _ => true;
        var failure = Assert.IsType<SeedanceException>(Submit().Exception?.InnerException);

        Assert.Equal(Delivery.Unknown, failure.Delivery);
        Assert.Equal(TimeSpan.FromSeconds(6), _bench.Time.Elapsed);
    }

    [Fact]
    public void A_submission_under_way_that_is_told_to_come_later_does_not()
    {
        _bench.Network.Latency = TimeSpan.FromSeconds(2);
        _bench.Network.Script = _ => Answers.Error(503, TimeSpan.FromSeconds(1));
        Assert.IsAssignableFrom<OperationCanceledException>(Submit().Exception?.InnerException);

        Assert.Single(_bench.Network.Calls);
        Assert.Equal(TimeSpan.FromSeconds(2), _bench.Time.Elapsed);
    }

    [Fact]
    public void A_submission_that_waits_to_be_sent_again_is_not()
    {
        _bench.Network.Script = _ => Answers.Error(503, TimeSpan.FromSeconds(30));
        Assert.IsAssignableFrom<OperationCanceledException>(Submit().Exception?.InnerException);
        Assert.Single(_bench.Network.Calls);
        Assert.Equal(TimeSpan.FromSeconds(1), _bench.Time.Elapsed);
    }

    [Fact]
    public void A_submission_whose_body_has_not_left_is_called_off_at_once()
    {
        _bench.Network.Connect = (_, cancellationToken) => Task.Delay(TimeSpan.FromSeconds(3), _bench.Time.Clock, cancellationToken);
        var submitting = Submit();

        // The connection comes about after all, and the body leaves only then.
        Assert.Empty(_bench.Network.Calls);
        Assert.IsAssignableFrom<OperationCanceledException>(submitting.Exception?.InnerException);
        Assert.Equal(TimeSpan.FromSeconds(1), _bench.Time.Elapsed);
    }

    [Fact]
    public void A_submission_that_is_called_off_before_it_begins_is_not_sent()
    {
        _stop.Cancel();
        Assert.IsAssignableFrom<OperationCanceledException>(Submit().Exception?.InnerException);
        Assert.Empty(_bench.Network.Calls);
    }

    [Fact]
    public void A_query_is_called_off_at_once()
    {
        _bench.Network.Hangs = _ => true;
        var asking = _bench.Time.Begin(() => _bench.Client.GetTaskAsync("task_1", cancellationToken: _stop.Token));
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        _stop.Cancel();
        _bench.Time.Settle();

        Assert.IsAssignableFrom<OperationCanceledException>(asking.Exception?.InnerException);
    }

    /// <summary>The time limit falls due before the answer is read, but both while nothing could run.</summary>
    [Fact]
    public void An_answer_that_came_while_the_process_stood_still_is_read()
    {
        _bench.Network.Sandbox.AddGroup("group_1");
        _bench.Network.Latency = TimeSpan.FromSeconds(62);
        var submitting = _bench.Time.Begin(() => _bench.Client.SubmitAssetsAsync(ClientFixture.Batch(), TestContext.Current.CancellationToken));
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        _bench.Time.World.Suspend(TimeSpan.FromMinutes(10));
        _bench.Time.Finish(submitting);

        Assert.Equal(SeedanceTaskStatus.Processing, VirtualTime.Result(submitting).Status);
        Assert.Single(_bench.Network.Calls);
    }

    [Fact]
    public void One_that_did_not_come_is_given_up_soon_after()
    {
        _bench.Network.Hangs = _ => true;
        var submitting = _bench.Time.Begin(() => _bench.Client.SubmitAssetsAsync(ClientFixture.Batch(), TestContext.Current.CancellationToken));
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        _bench.Time.World.Suspend(TimeSpan.FromMinutes(10));
        _bench.Time.Finish(submitting);

        Assert.Equal(Delivery.Unknown, Assert.IsType<SeedanceException>(submitting.Exception?.InnerException).Delivery);
        Assert.Equal(TimeSpan.FromSeconds(606), _bench.Time.Elapsed);
    }

    /// <summary>A submission that is called off after a second.</summary>
    private Task<SeedanceTask> Submit()
    {
        _bench.Network.Sandbox.AddGroup("group_1");
        var submitting = _bench.Time.Begin(() => _bench.Client.SubmitAssetsAsync(ClientFixture.Batch(), _stop.Token));
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        _stop.Cancel();
        _bench.Time.Finish(submitting);
        return submitting;
    }
}
