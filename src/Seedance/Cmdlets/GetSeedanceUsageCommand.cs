using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>By what a usage is parted.</summary>
public enum UsagePart
{
    /// <summary>Each model.</summary>
    Model,

    /// <summary>Each day.</summary>
    Date,
}

/// <summary>
/// <para type="synopsis">Shows what was paid for in a time.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "SeedanceUsage")]
[OutputType(typeof(Usage))]
public sealed class GetSeedanceUsageCommand : AsyncCommand
{
    private const int DefaultDays = 31;

    /// <summary>Since which day: a time, or a span back from now, such as 7d.</summary>
    [Parameter(Position = 0)]
    [Moment]
    public DateTimeOffset? Since { get; set; }

    /// <summary>Before which time: what begins a day leaves that day out.</summary>
    [Parameter]
    [Moment]
    public DateTimeOffset? Before { get; set; }

    /// <summary>Only this model.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Model { get; set; }

    /// <summary>A sum for each model, each day, or both.</summary>
    [Parameter]
    public UsagePart[]? GroupBy { get; set; }

    /// <summary>The usage of the whole account instead of this key's.</summary>
    [Parameter]
    public SwitchParameter Account { get; set; }

    private protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        var last = Before is { } before ? before.LocalDateTime.AddTicks(-1).Date : DateTime.Today;
        var query = new UsageQuery(Since?.LocalDateTime.Date ?? last.AddDays(1 - DefaultDays), last)
        {
            Model = Model,
            ByModel = GroupBy?.Contains(UsagePart.Model) == true,
            ByDate = GroupBy?.Contains(UsagePart.Date) == true,
            IsAccount = Account,
        };
        QueueObjects(await Connected.GetClient().WithRequestObserver(OnRequest).GetUsageAsync(query, cancellationToken));
    }
}
