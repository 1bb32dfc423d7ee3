namespace Seedance.Sandbox.Faults;

/// <summary>
/// Which requests an order is for. With neither <see cref="Probability"/> nor <see cref="Count"/> it strikes every
/// matching request; with both, at most <see cref="Count"/> of them by chance.
/// </summary>
public abstract record RequestFilter
{
    /// <summary><c>GET</c>, <c>POST</c>, … or <c>any</c>.</summary>
    public string Method { get; init; } = "any";

    /// <summary>What the path begins with.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Text that the query or the body contains, as it is sent; null for any.</summary>
    public string? Contains { get; init; }

    /// <summary>The chance of each matching request, 0 to 1; drawn from the schedule's seed.</summary>
    public double? Probability { get; init; }

    /// <summary>How many matching requests are struck.</summary>
    public int? Count { get; init; }

    /// <summary>How many matching requests are spared first.</summary>
    public int After { get; init; }

    internal bool Matches(SandboxRequest request) =>
        (Method.Equals("any", StringComparison.OrdinalIgnoreCase) || Method.Equals(request.Method, StringComparison.OrdinalIgnoreCase))
        && request.Path.StartsWith(Path, StringComparison.Ordinal)
        && (Contains is null || request.Contains(Contains));

    /// <summary>Checks that the order does not contradict itself.</summary>
    /// <exception cref="ArgumentException">It does.</exception>
    internal virtual void Validate()
    {
        if (Probability is < 0 or > 1 || Count < 0 || After < 0)
        {
            throw new ArgumentException("Probability must be 0 to 1, Count and After 0 or more.");
        }
    }
}
