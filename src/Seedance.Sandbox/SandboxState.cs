namespace Seedance.Sandbox;

/// <summary>What the rooms of the sandbox share: its clock, its ids, and everything that exists in it.</summary>
internal sealed class SandboxState(SandboxOptions options, TimeProvider time, Ids ids)
{
    private const string DefaultBase = "https://sandbox.invalid";

    public SandboxOptions Options => options;

    public Ids Ids => ids;

    public DateTimeOffset Now => time.GetUtcNow();

    public AssetGroups Groups { get; } = new();

    public Dictionary<string, SandboxTask> Tasks { get; } = [];

    public SubmissionBook Book { get; } = new(options);

    public decimal Used { get; set; }

    /// <summary>What is left of the balance; null when it is unlimited.</summary>
    public decimal? Remaining => options.Balance - Used;

    public string BaseOf(SandboxRequest request) => options.PublicBase ?? request.Base ?? DefaultBase;

    public void RequireMoney(decimal cost)
    {
        if (Remaining is { } remaining && (remaining <= 0 || remaining < cost))
            throw new Refusal(402, "Insufficient balance, please top up and try again");
    }
}
