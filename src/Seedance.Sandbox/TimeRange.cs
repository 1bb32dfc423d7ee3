namespace Seedance.Sandbox;

/// <summary>How long something takes in the sandbox: a seeded choice between two ends, both included.</summary>
public readonly record struct TimeRange
{
    /// <summary>A range between two ends; equal ends make every choice the same.</summary>
    /// <param name="min">The shortest time, zero or more.</param>
    /// <param name="max">The longest time, not below <paramref name="min"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The ends are negative or the wrong way round.</exception>
    public TimeRange(TimeSpan min, TimeSpan max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(min, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, min);
        Min = min;
        Max = max;
    }

    /// <summary>The shortest time.</summary>
    public TimeSpan Min { get; }

    /// <summary>The longest time.</summary>
    public TimeSpan Max { get; }

    /// <summary>A range told in seconds.</summary>
    public static TimeRange Seconds(double min, double max) =>
        new(TimeSpan.FromSeconds(min), TimeSpan.FromSeconds(max));

    internal TimeSpan At(double share) => Min + (Max - Min) * share;
}
