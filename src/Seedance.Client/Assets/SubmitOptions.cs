namespace Seedance;

/// <summary>How a run of submissions goes about it.</summary>
public sealed record SubmitOptions
{
    /// <summary>The group of rows that name none; null describes one group for the whole run.</summary>
    public AvatarGroup? Group { get; init; }

    /// <summary>Gets by what rows are known again from run to run.</summary>
    public MatchBy MatchBy { get; init; }

    /// <summary>Rows a request, 1–20.</summary>
    public int BatchSize { get; init; } = SeedanceClient.MaxAssetsPerRequest;

    /// <summary>Requests at once.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>Skips what the journal has as accepted, and gives its tasks out again.</summary>
    public bool Resume { get; init; }

    /// <summary>With <see cref="Resume"/>: sends again what was refused or failed review for a reason that may pass by itself.</summary>
    public bool RetryFailed { get; init; }

    /// <summary>With <see cref="RetryFailed"/>: sends again what was refused or failed review for whatever reason, not only one that may pass by itself (<see cref="TaskError.IsPassing"/>).</summary>
    public bool RetryRefused { get; init; }

    /// <summary>With <see cref="Resume"/>: sends again what may or may not have been accepted.</summary>
    public bool RetryUnknown { get; init; }

    /// <summary>
    /// Gets the model whose limits the material is for, such as <c>seedance-2.5</c> for clips of up to 30 seconds; null leaves it
    /// to the API, which takes the 2.0 models' (up to 15 seconds).
    /// </summary>
    public string? Model { get; init; }

    /// <summary>Gets fields that this version does not know, sent as they are with every request; null if there are none.</summary>
    public IReadOnlyDictionary<string, object?>? AdditionalFields { get; init; }

    /// <summary>Gets what the operator calls the run; null for no name.</summary>
    public string? RunName { get; init; }

    /// <summary>
    /// Gets the list that the rows are queued in for runners to send (<see cref="IRunnerJournal"/>), instead of sending them;
    /// null to send. One that is there is added to with <see cref="Resume"/> alone.
    /// </summary>
    public string? ListName { get; init; }

    /// <summary>Gets what tells, at the end of the run, how many more rows there were that could not be sent as they were.</summary>
    public Func<int>? CountInvalid { get; init; }
}
