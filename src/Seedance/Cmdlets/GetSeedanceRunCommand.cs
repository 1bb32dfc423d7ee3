using System.Management.Automation;

namespace Seedance.Commands;

/// <summary>
/// <para type="synopsis">Gives out the runs that the journal knows, with what became of their rows and what they cost.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "SeedanceRun")]
[OutputType(typeof(Run))]
public sealed class GetSeedanceRunCommand : NamedCommand
{
    /// <summary>Only runs of this name; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunNameCompleter))]
    public string? RunName { get; set; }

    /// <summary>Only the one that began last.</summary>
    [Parameter]
    public SwitchParameter Latest { get; set; }

    /// <summary>Only runs that began since then: a time, or a span back from now, such as 1h.</summary>
    [Parameter]
    [Moment]
    public DateTimeOffset? Since { get; set; }

    private protected override string? InputName => RunName;

    private protected override async Task WorkAsync(string? name, CancellationToken cancellationToken)
    {
        var hasAny = false;
        await foreach (var run in RunSelection.ReadAsync(Connected.GetJournal(), new JournalQuery { Since = Since }, name, Latest, cancellationToken))
        {
            hasAny = true;
            QueueObject(run);
        }

        if (!hasAny && name is not null && !WildcardPattern.ContainsWildcardCharacters(name))
        {
            QueueError(
                new SeedanceException(SeedanceErrorKind.NotFound, Delivery.NotSent, $"The journal knows no run '{name}'{(Since is null ? string.Empty : " that began since then")}.")
                {
                    RecommendedAction = "Get-SeedanceRun lists those that it knows. A run is named by -RunName when it is made.",
                },
                name);
        }
    }
}
