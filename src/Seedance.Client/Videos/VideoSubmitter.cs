using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Seedance.Runs;
using Seedance.Videos;

namespace Seedance;

/// <summary>A video was not ordered, or that is not known.</summary>
public sealed record VideoFailed(VideoRequest Request, SeedanceException Error) : SubmitEvent;

/// <summary>Videos that were not ordered because the run would have cost more than it may: told once for all of them, at the end.</summary>
/// <param name="Count">How many.</param>
/// <param name="Error">What the first of them would have cost, and what to do.</param>
public sealed record BudgetReached(int Count, SeedanceException Error) : SubmitEvent;

/// <summary>How a run of orders goes about it.</summary>
public sealed record VideoOptions
{
    /// <summary>Requests at once.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>Skips what the journal has as accepted, and gives its tasks out again.</summary>
    public bool Resume { get; init; }

    /// <summary>With <see cref="Resume"/>: orders again what was refused or ended as failed for a reason that may pass by itself.</summary>
    public bool RetryFailed { get; init; }

    /// <summary>With <see cref="RetryFailed"/>: orders again what was refused or failed for whatever reason, not only one that may pass by itself (<see cref="TaskError.IsPassing"/>).</summary>
    public bool RetryRefused { get; init; }

    /// <summary>With <see cref="Resume"/>: orders again what may or may not have been accepted, under the key that it had at first.</summary>
    public bool RetryUnknown { get; init; }

    /// <summary>
    /// Gets the most that the run may cost, in US dollars; null for no limit. Each order counts with what it costs at most,
    /// from before it leaves until it is surely not accepted; one whose cost is not known is not sent.
    /// </summary>
    public decimal? MaxCost { get; init; }

    /// <summary>Gets what the operator calls the run; null for no name.</summary>
    public string? RunName { get; init; }

    /// <summary>
    /// Gets the list that the orders are queued in for runners to send (<see cref="IRunnerJournal"/>), instead of sending them;
    /// null to send. One that is there is added to with <see cref="Resume"/> alone.
    /// </summary>
    public string? ListName { get; init; }

    /// <summary>Gets what tells, at the end of the run, how many more orders there were that could not be sent as they were.</summary>
    public Func<int>? CountInvalid { get; init; }
}

/// <summary>Orders videos, several at once, each recorded in the journal before it leaves and after: they are billed.</summary>
/// <param name="client">The API.</param>
/// <param name="journal">Where requests are recorded.</param>
/// <param name="time">The clock; the system's by default.</param>
public sealed class VideoSubmitter(SeedanceClient client, IJournal journal, TimeProvider? time = null)
{
    /// <summary>Orders what comes, and tells what becomes of each: <see cref="TaskAccepted"/>, <see cref="VideoFailed"/> or <see cref="SubmitWarning"/>.</summary>
    /// <exception cref="SeedanceException">No later request could have succeeded either (401, 402, 403, no journal); the rest was not sent.</exception>
    /// <exception cref="OperationCanceledException">The run was called off. No request was begun after that; those under way were recorded.</exception>
    public async IAsyncEnumerable<SubmitEvent> SubmitAsync(
        ChannelReader<VideoRequest> requests, VideoOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var events = Channel.CreateUnbounded<SubmitEvent>();
        using var run = new VideoSubmission(client, journal, time ?? TimeProvider.System, options ?? new VideoOptions(), events.Writer, cancellationToken);
        await foreach (var next in RunEvents.ReadAsync(events.Reader, client.Lifetime.RunAsync(() => run.RunAsync(requests), run.Stop, cancellationToken), run.Stop))
        {
            yield return next;
        }
    }
}
