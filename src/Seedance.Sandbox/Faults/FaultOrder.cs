namespace Seedance.Sandbox.Faults;

/// <summary>Which requests are to be answered wrongly, and how.</summary>
public sealed record FaultOrder : RequestFilter
{
    private static readonly int[] s_intermediaryStatuses = [429, 502, 503, 504, 520, 524];
    private static readonly FaultKind[] s_intermediaryKinds = [FaultKind.Html, FaultKind.Text, FaultKind.Empty, FaultKind.Unwrapped];
    private static readonly bool[] s_beforeAndAfter = [false, true];

    /// <summary>What goes wrong.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>
    /// The status of <see cref="FaultKind.Status"/>, <see cref="FaultKind.Html"/>, <see cref="FaultKind.Text"/>,
    /// <see cref="FaultKind.Unwrapped"/> and <see cref="FaultKind.Empty"/>, and the code inside
    /// <see cref="FaultKind.CodeIn200"/>; null takes what is usual for the kind.
    /// </summary>
    public int? Status { get; init; }

    /// <summary>
    /// Whether the request takes effect before the error is answered, for the kinds where both are possible. Any
    /// status may come after the effect: a proxy between does not know what the service has done.
    /// </summary>
    public bool Processed { get; init; }

    /// <summary>Whether the answer of the service, task id and all, stands as <c>data</c> beside the error.</summary>
    public bool IncludesData { get; init; }

    /// <summary>The error's code; null takes the status.</summary>
    public string? Code { get; init; }

    /// <summary>The error's type; null takes what belongs to the status.</summary>
    public string? Type { get; init; }

    /// <summary>The error's message, or the words of a page or text; null takes what is usual.</summary>
    public string? Message { get; init; }

    /// <summary>The Retry-After header as it is to be sent: seconds, or an HTTP date.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>A Retry-After header as an HTTP date this far from now on the service's clock.</summary>
    public TimeSpan? RetryAfterDate { get; init; }

    /// <summary>Further headers of the answer, or null.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>
    /// A wait: of <see cref="FaultKind.Slow"/> before processing (1 second if not given), unless it is
    /// <see cref="Processed"/>; of all others after it and before the answer.
    /// </summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Where <see cref="FaultKind.Redirect"/> points.</summary>
    public string Location { get; init; } = "https://elsewhere.invalid/";

    /// <summary>Returns orders for every kind of fault, which together strike a share of the matching requests.</summary>
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
            new() { Kind = FaultKind.Status, Status = 503, RetryAfterDate = TimeSpan.FromSeconds(1) },
            new() { Kind = FaultKind.Status, Status = 500, Processed = true },
            new() { Kind = FaultKind.Status, Status = 502 },
            new() { Kind = FaultKind.Status, Status = 504, Processed = true },
            new() { Kind = FaultKind.Html, Status = 200 },
            new() { Kind = FaultKind.Html, Processed = true },
            .. s_intermediaryStatuses.SelectMany(ByIntermediary),
        ];

        // Orders are drawn one after the other: each gets the chance with which all together miss 1 - share.
        var each = 1 - Math.Pow(1 - share, 1.0 / orders.Length);
        return [.. orders.Select(order => order with { Method = method, Path = path, Probability = each })];
    }

    /// <summary>What a proxy may say in place of the service, before or after the service has acted.</summary>
    private static IEnumerable<FaultOrder> ByIntermediary(int status) =>
        from kind in s_intermediaryKinds
        from processed in s_beforeAndAfter
        select new FaultOrder { Kind = kind, Status = status, Processed = processed };

    internal bool IsProcessed => Kind switch
    {
        FaultKind.ResetBefore or FaultKind.Hang or FaultKind.Redirect => false,
        FaultKind.Status or FaultKind.Html or FaultKind.Text or FaultKind.Unwrapped or FaultKind.CodeIn200 => Processed,
        FaultKind.Empty => Processed || Status is null or 200,
        _ => true,
    };

    internal override void Validate()
    {
        base.Validate();
        if (Delay < TimeSpan.Zero)
        {
            throw new ArgumentException($"The delay of {Kind.Name()} is below zero.");
        }
        if (Status is < 200 or > 599)
        {
            throw new ArgumentException($"{Status} is not an HTTP status.");
        }
        if (Processed && !IsProcessed)
        {
            throw new ArgumentException($"A request is never processed by {Kind.Name()}.");
        }
        if (IncludesData && !(Processed && Kind is FaultKind.Status or FaultKind.Unwrapped or FaultKind.CodeIn200))
        {
            throw new ArgumentException("IncludesData needs Processed and the kind status, unwrapped or code-in-200.");
        }
        if (RetryAfter is not null && RetryAfterDate is not null)
        {
            throw new ArgumentException("RetryAfter and RetryAfterDate exclude each other.");
        }
    }
}
