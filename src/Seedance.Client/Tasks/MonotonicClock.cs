namespace Seedance.Tasks;

/// <summary>Time since the wait began, by a clock that nobody can set.</summary>
internal sealed class MonotonicClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>How long ago the wait began.</summary>
    public TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>What is cancelled after <paramref name="span"/>.</summary>
    public CancellationTokenSource CancelAfter(TimeSpan span) => new(span, time);

    /// <summary>A timer that is not set yet.</summary>
    public ITimer CreateTimer(Action callback) => time.CreateTimer(_ => callback(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>How long ago a task was submitted; null if that is not known. The server's times are not asked: its clock is another.</summary>
    public TimeSpan? AgeOf(SeedanceTask task)
    {
        TimeSpan? age = task switch
        {
            { SubmittedTimestamp: { } timestamp } => time.GetElapsedTime(timestamp),
            { SubmittedAt: { } at } => time.GetUtcNow() - at,
            _ => null,
        };
        return age < TimeSpan.Zero ? TimeSpan.Zero : age;
    }
}
