using System.Globalization;
using Seedance.Sandbox.Faults;

namespace Seedance.Sandbox.State;

/// <summary>What was paid for a video.</summary>
internal sealed record Charge(DateTimeOffset Time, string Model, decimal Amount)
{
    public DateOnly Date => DateOnly.FromDateTime(Time.DateTime);
}

/// <summary>What the endpoints of the sandbox share: its clock, its ids, and everything that exists in it.</summary>
internal sealed class SandboxState
{
    private const string DefaultBase = "https://sandbox.invalid";

    private readonly TimeProvider _time;
    private readonly List<Charge> _charges = [];
    private readonly FaultSchedule<TaskFault> _taskFaults;

    public SandboxState(SandboxOptions options, TimeProvider time, Ids ids, FaultSchedule<TaskFault> taskFaults)
    {
        Options = options;
        Ids = ids;
        _time = time;
        _taskFaults = taskFaults;
        Log = new SubmissionLog(this);
        Library = new AssetLibrary(this);
        Keys = new IdempotencyKeys(this);
    }

    /// <summary>How the sandbox behaves from now on.</summary>
    public SandboxOptions Options { get; set; }

    public Ids Ids { get; }

    /// <summary>The time on the service's own clock.</summary>
    public DateTimeOffset Now => _time.GetUtcNow() + Options.ClockOffset;

    public AssetGroups Groups { get; } = new();

    public Dictionary<string, SandboxTask> Tasks { get; } = [];

    public SubmissionLog Log { get; }

    public AssetLibrary Library { get; }

    /// <summary>What was charged for videos.</summary>
    public IReadOnlyList<Charge> Charges => _charges;

    public IdempotencyKeys Keys { get; }

    public decimal Used { get; private set; }

    /// <summary>The id of the request that is being answered.</summary>
    public string RequestId => string.Create(CultureInfo.InvariantCulture, $"{Now:yyyyMMddHHmmss}{Log.Requests:D10}");

    /// <summary>What is left of the balance; null when it is unlimited.</summary>
    public decimal? Remaining => Options.Balance - Used;

    /// <summary>Returns what goes wrong with the task that a request begins.</summary>
    public TaskFaults DrawFaults(SandboxRequest request) => new(_taskFaults.DrawAll(request));

    public string BaseOf(SandboxRequest? request) => Options.PublicBase ?? request?.Base ?? DefaultBase;

    /// <summary>Returns the answer of a refusal, in the form that the options want.</summary>
    public SandboxResponse Error(Refusal refusal)
    {
        if (!Options.MeasuredErrors)
        {
            return SandboxResponse.Error(refusal);
        }
        var measured = new Refusal(
            refusal.Status, $"{refusal.Message} (request id: {RequestId})",
            refusal.Status == 401 ? "" : refusal.Code, refusal.Status == 401 ? "apimart_error" : refusal.Type)
        {
            Parameter = refusal.Parameter ?? "",
        };
        return SandboxResponse.Error(measured).With("X-Oneapi-Request-Id", RequestId);
    }

    public void Charge(string model, decimal amount)
    {
        _charges.Add(new Charge(Now, model, amount));
        Used += amount;
    }

    public void RequireMoney(decimal cost)
    {
        if (Remaining is { } remaining && (remaining <= 0 || remaining < cost))
        {
            throw Options.QuotaError switch
            {
                QuotaError.InsufficientQuota => new Refusal(429, "You exceeded your current quota", "insufficient_quota", "insufficient_quota"),
                QuotaError.InsufficientUserQuota => new Refusal(403, "The user's quota is insufficient", "insufficient_user_quota", "insufficient_user_quota"),
                _ => new Refusal(402, "Insufficient balance, please top up and try again"),
            };
        }
    }
}
