namespace Seedance.SandboxServer;

/// <summary>
/// Which requests are to go wrong, and how. An order with neither <see cref="Probability"/> nor <see cref="Count"/>
/// strikes every matching request; with both, at most <see cref="Count"/> of them by chance.
/// </summary>
public sealed record FaultOrder
{
    /// <summary>What goes wrong.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary><c>GET</c>, <c>POST</c>, … or <c>any</c>.</summary>
    public string Method { get; init; } = "any";

    /// <summary>What the path begins with.</summary>
    public string Path { get; init; } = "/";

    /// <summary>The chance of each matching request, 0 to 1; drawn from the book's seed.</summary>
    public double? Probability { get; init; }

    /// <summary>How many matching requests are struck.</summary>
    public int? Count { get; init; }

    /// <summary>How many matching requests are spared first.</summary>
    public int After { get; init; }

    /// <summary>The status of <see cref="FaultKind.Status"/> (500 if not given) and <see cref="FaultKind.Html"/> (502; 200 is possible).</summary>
    public int? Status { get; init; }

    /// <summary>
    /// Whether the request takes effect before the error is answered: for an HTML page and the statuses 408, 500, 502
    /// and 504, where both are possible. Default false.
    /// </summary>
    public bool Processed { get; init; }

    /// <summary>The Retry-After header as it is to be sent: seconds, or an HTTP date.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>
    /// A wait: of <see cref="FaultKind.Slow"/> before processing (1 second if not given), of all others after it and
    /// before the answer.
    /// </summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Where <see cref="FaultKind.Redirect"/> points.</summary>
    public string Location { get; init; } = "https://elsewhere.invalid/";

    /// <summary>Orders for every kind of fault, which together strike a share of the matching requests.</summary>
    /// <param name="share">The share of all matching requests that is struck by any fault, 0 to 1.</param>
    /// <param name="method">The method, or <c>any</c>.</param>
    /// <param name="path">What the path begins with.</param>
    public static IReadOnlyList<FaultOrder> Mix(double share, string method = "any", string path = "/")
    {
        FaultOrder[] orders =
        [
            .. Enum.GetValues<FaultKind>().Select(kind => new FaultOrder { Kind = kind }),
            new() { Kind = FaultKind.Status, Status = 429 },
            new() { Kind = FaultKind.Status, Status = 429, RetryAfter = "1" },
            new() { Kind = FaultKind.Status, Status = 503 },
            new() { Kind = FaultKind.Status, Status = 503, RetryAfter = "1" },
            new() { Kind = FaultKind.Status, Status = 500, Processed = true },
            new() { Kind = FaultKind.Status, Status = 502 },
            new() { Kind = FaultKind.Status, Status = 504, Processed = true },
            new() { Kind = FaultKind.Html, Status = 200 },
            new() { Kind = FaultKind.Html, Status = 502, Processed = true },
        ];

        // Orders are drawn one after the other: each gets the chance with which all together miss 1 - share.
        var each = 1 - Math.Pow(1 - share, 1.0 / orders.Length);
        return [.. orders.Select(order => order with { Method = method, Path = path, Probability = each })];
    }

    internal bool Matches(string method, string path) =>
        (Method.Equals("any", StringComparison.OrdinalIgnoreCase) || Method.Equals(method, StringComparison.OrdinalIgnoreCase))
        && path.StartsWith(Path, StringComparison.Ordinal);

    /// <summary>Turns down an order that contradicts itself.</summary>
    internal FaultOrder Checked()
    {
        if (Probability is < 0 or > 1 || Count < 0 || After < 0 || Delay < TimeSpan.Zero)
            throw new ArgumentException($"The order for {Kind.Name()} has a number out of range.");
        if (Status is < 200 or > 599)
            throw new ArgumentException($"{Status} is not an HTTP status.");
        if (Processed && Kind == FaultKind.Status && Status is not (null or 408 or 500 or 502 or 504))
            throw new ArgumentException($"A request that is answered with {Status} was not processed.");
        if (Processed && Kind is FaultKind.ResetBefore or FaultKind.Hang or FaultKind.CodeIn200 or FaultKind.Redirect)
            throw new ArgumentException($"A request is never processed by {Kind.Name()}.");
        return this;
    }
}
