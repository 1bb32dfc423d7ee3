using Seedance.Sandbox.Faults;

namespace Seedance.Sandbox.State;

/// <summary>What the endpoints of the sandbox share: its clock, its ids, and everything that exists in it.</summary>
internal sealed class SandboxState
{
    private const string DefaultBase = "https://sandbox.invalid";

    private readonly TimeProvider _time;
    private readonly FaultSchedule<TaskFault> _taskFaults;

    public SandboxState(SandboxOptions options, TimeProvider time, Ids ids, FaultSchedule<TaskFault> taskFaults)
    {
        Options = options;
        Ids = ids;
        _time = time;
        _taskFaults = taskFaults;
        Log = new SubmissionLog(this);
    }

    /// <summary>How the sandbox behaves from now on.</summary>
    public SandboxOptions Options { get; set; }

    public Ids Ids { get; }

    /// <summary>The time on the service's own clock.</summary>
    public DateTimeOffset Now => _time.GetUtcNow() + Options.ClockOffset;

    public AssetGroups Groups { get; } = new();

    public Dictionary<string, SandboxTask> Tasks { get; } = [];

    public SubmissionLog Log { get; }

    public decimal Used { get; set; }

    /// <summary>What is left of the balance; null when it is unlimited.</summary>
    public decimal? Remaining => Options.Balance - Used;

    /// <summary>Returns what goes wrong with the task that a request begins.</summary>
    public TaskFaults DrawFaults(SandboxRequest request) => new(_taskFaults.DrawAll(request));

    public string BaseOf(SandboxRequest request) => Options.PublicBase ?? request.Base ?? DefaultBase;

    public void RequireMoney(decimal cost)
    {
        if (Remaining is { } remaining && (remaining <= 0 || remaining < cost))
        {
            throw new Refusal(402, "Insufficient balance, please top up and try again");
        }
    }
}
