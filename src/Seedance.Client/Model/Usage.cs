namespace Seedance;

/// <summary>What was paid for in a time (<c>GET /v1/usage</c>): in all, or of one model or day. What failed or was paid back is not in it.</summary>
public sealed record Usage
{
    /// <summary>Gets the model; null for all of them.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the day, in the time zone of this machine; null for all of them.</summary>
    public DateTime? Date { get; init; }

    /// <summary>Gets what was paid, in US dollars.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Gets the same in credits; null if the answer does not say.</summary>
    public decimal? Credits { get; init; }

    /// <summary>Gets how many requests it was; null if the answer does not say.</summary>
    public long? Requests { get; init; }

    /// <summary>Gets the first day.</summary>
    public required DateTime FirstDay { get; init; }

    /// <summary>Gets the last day.</summary>
    public required DateTime LastDay { get; init; }

    /// <summary>Gets whether it is the whole account's, and not the key's alone.</summary>
    public bool IsAccount { get; init; }

    /// <summary>The amount, and of what.</summary>
    public override string ToString() => FormattableString.Invariant($"{Amount} USD{(Model is null ? string.Empty : $" for {Model}")}");
}

/// <summary>What usage is asked for.</summary>
/// <param name="FirstDay">The first day, in the time zone of this machine.</param>
/// <param name="LastDay">The last day.</param>
public sealed record UsageQuery(DateTime FirstDay, DateTime LastDay)
{
    /// <summary>Gets the model; null for all of them.</summary>
    public string? Model { get; init; }

    /// <summary>Gets whether each model has a sum of its own.</summary>
    public bool ByModel { get; init; }

    /// <summary>Gets whether each day has a sum of its own.</summary>
    public bool ByDate { get; init; }

    /// <summary>Gets whether the whole account is meant, and not the key alone.</summary>
    public bool IsAccount { get; init; }
}
