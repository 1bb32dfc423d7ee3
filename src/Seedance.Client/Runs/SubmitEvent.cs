namespace Seedance;

/// <summary>Something a run of submissions has to tell.</summary>
public abstract record SubmitEvent;

/// <summary>A request was accepted, now or, with <paramref name="Resumed"/>, in an earlier run.</summary>
public sealed record TaskAccepted(SeedanceTask Task, bool Resumed) : SubmitEvent;

/// <summary>Something to know that is no error.</summary>
public sealed record SubmitWarning(string Message) : SubmitEvent;

/// <summary>The last event of a run that had rows, called off or not: what became of them. Reviews are yet to come.</summary>
public sealed record RunEnded(Run Run) : SubmitEvent;

/// <summary>Rows that were left to another run, which is still going: told once for all of them.</summary>
/// <param name="Count">How many.</param>
/// <param name="Message">What to do about them.</param>
public sealed record RowsUnderWay(int Count, string Message) : SubmitEvent;

/// <summary>A row did not become part of a task, or that is not known.</summary>
public sealed record RowFailed(AssetSource Row, SeedanceException Error) : SubmitEvent;

/// <summary>Rows were queued for runners to send.</summary>
/// <param name="Count">How many rows.</param>
public sealed record RowsQueued(int Count) : SubmitEvent;
